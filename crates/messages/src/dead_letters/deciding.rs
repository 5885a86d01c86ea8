//! What people decide about letters. Doing the same again changes nothing; after an interruption a letter is still open,
//! and its message is sent once more.

use super::app::{DeadLetterApp, NotSent};
use super::content::MAX_MESSAGE_BYTES;
use super::letter::{Letter, LetterState};
use super::problems::{
    entity_tag, invalid_body, no_such_dead_letter, not_open, precondition_failed, unsendable,
};
use super::report::is_letter_id;
use azure_data::Change;
use custom_handler::{IfMatch, Problem, TraceContext};
use public_api::problems;
use serde::Deserialize;

/// What can be decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Wanted {
    Redrive,
    Discard,
}

/// Who decides what, and why.
#[derive(Debug, Clone)]
pub(super) struct Decider {
    pub(super) by: String,
    pub(super) wanted: Wanted,
    why: Option<String>,
}

/// A decision, and whether it was taken before.
#[derive(Debug)]
pub(super) struct Decided {
    pub(super) letter: Letter,
    pub(super) already: bool,
}

impl Decider {
    /// # Errors
    /// 422 `invalid-body` for a letter that is to be discarded without a reason.
    pub(super) fn new(by: String, wanted: Wanted, why: Option<String>) -> Result<Self, Problem> {
        let why = why.map(|why| why.trim().to_owned()).filter(|why| !why.is_empty());
        if wanted == Wanted::Discard && why.is_none() {
            return Err(invalid_body("/why", "is required to discard"));
        }
        Ok(Self { by, wanted, why })
    }
}

/// The letter, or 404.
pub(super) async fn read<A: DeadLetterApp>(app: &A, id: &str) -> Result<Letter, Problem> {
    if !is_letter_id(id) {
        return Err(no_such_dead_letter(id));
    }
    let letter = app.dead_letters().letters.read(id).await.map_err(problems::unavailable)?;
    letter.ok_or_else(|| no_such_dead_letter(id))
}

/// Does what somebody decided.
pub(super) async fn decide<A: DeadLetterApp>(
    app: &A,
    id: &str,
    who: &Decider,
    trace: &TraceContext,
) -> Result<Decided, Problem> {
    match who.wanted {
        Wanted::Redrive => redrive(app, id, who, trace).await,
        Wanted::Discard => discard(app, id, who).await,
    }
}

/// Sends the message of an open letter once more; a discarded one is taken up again.
async fn redrive<A: DeadLetterApp>(
    app: &A,
    id: &str,
    who: &Decider,
    trace: &TraceContext,
) -> Result<Decided, Problem> {
    let sent = read(app, id).await?;
    if sent.state == LetterState::Redriven {
        return Ok(Decided { letter: sent, already: true });
    }
    if sent.message.is_empty() {
        return Err(unsendable("the letter has no message any more"));
    }
    if sent.cut {
        return Err(unsendable("only the beginning of the message was kept"));
    }
    match app.redrive(&sent, trace).await {
        Ok(()) => {}
        Err(NotSent::Unsendable(detail)) => return Err(unsendable(detail)),
        Err(NotSent::Failed(problem)) => return Err(problem),
    }
    change(app, id, |letter| {
        if letter.state == LetterState::Redriven {
            return Ok(Change::Keep(Decided { letter: letter.clone(), already: true }));
        }
        if letter.version != sent.version {
            // Reported once more, or edited, since it was sent: that has not been dealt with.
            return Err(problems::busy());
        }
        let next = letter.redriven(who.by.clone(), who.why.clone(), app.dead_letters().now());
        Ok(Change::Write(next.clone(), Decided { letter: next, already: false }))
    })
    .await
}

/// Nothing more will be done about the letter.
async fn discard<A: DeadLetterApp>(app: &A, id: &str, who: &Decider) -> Result<Decided, Problem> {
    change(app, id, |letter| match letter.state {
        LetterState::Discarded => {
            Ok(Change::Keep(Decided { letter: letter.clone(), already: true }))
        }
        LetterState::Redriven => Err(not_open(letter.state)),
        LetterState::Open => {
            let why = who.why.clone().unwrap_or_default();
            let next = letter.discarded(who.by.clone(), why, app.dead_letters().now());
            Ok(Change::Write(next.clone(), Decided { letter: next, already: false }))
        }
    })
    .await
}

/// Stores in an open letter what `message` makes of it, if the letter is the version that is expected.
pub(super) async fn edit<A: DeadLetterApp>(
    app: &A,
    id: &str,
    expected: &IfMatch,
    by: &str,
    message: impl Fn(&Letter) -> String,
) -> Result<Letter, Problem> {
    change(app, id, |letter| {
        if !expected.matches(&entity_tag(letter)) {
            return Err(precondition_failed(letter));
        }
        if letter.state != LetterState::Open {
            return Err(not_open(letter.state));
        }
        let message = message(letter);
        if message.trim().is_empty() {
            return Err(invalid_body("/message", "must not be empty; discard the letter instead"));
        }
        if message.len() > MAX_MESSAGE_BYTES {
            return Err(invalid_body("/message", "is longer than 1 MiB"));
        }
        if letter.message == message {
            return Ok(Change::Keep(letter.clone()));
        }
        let edited = letter.edited(message, by.to_owned(), app.dead_letters().now());
        Ok(Change::Write(edited.clone(), edited))
    })
    .await
}

/// Changes a letter that must be there.
async fn change<A: DeadLetterApp, R>(
    app: &A,
    id: &str,
    mut decide: impl FnMut(&Letter) -> Result<Change<Letter, R>, Problem>,
) -> Result<R, Problem> {
    if !is_letter_id(id) {
        return Err(no_such_dead_letter(id));
    }
    let decide = |letter: Option<&Letter>| decide(letter.ok_or_else(|| no_such_dead_letter(id))?);
    let changed = app.dead_letters().letters.change(id, decide).await;
    changed.map_err(|error| problems::not_changed(error, |problem| problem))
}
