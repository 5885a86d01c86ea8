//! What people decide about dead letters. Doing the same again changes nothing; after an interruption a letter is still
//! open, and sending its message twice is harmless.

use crate::app::App;
use crate::domain::{Letter, LetterState, Message, Reason};
use crate::letters;
use crate::outbox::{self, Asked, SendError};
use crate::problems;
use crate::store::Current;
use custom_handler::{Problem, TraceContext};
use iommi_app::{Kept, Refusal, pause};
use serde_json::Value;

/// How often a decision is tried again because others change the letter.
const MAX_TRIES: u32 = 6;

/// Who decides, and why.
#[derive(Debug, Clone)]
pub(crate) struct Decider {
    pub(crate) by: String,
    pub(crate) why: Option<String>,
}

/// A decision, and whether it was taken before.
#[derive(Debug)]
pub(crate) struct Decided {
    pub(crate) letter: Letter,
    pub(crate) already: bool,
}

/// Why a letter was not sent.
enum NotSent {
    Unsendable(String),
    Failed(SendError),
}

impl<E: Into<SendError>> From<E> for NotSent {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

/// The letter, or 404.
pub(crate) async fn read(app: &App, id: &str) -> Result<Kept<Letter>, Problem> {
    if !letters::is_id(id) {
        return Err(problems::no_such_dead_letter(id));
    }
    let kept = app.letters.read(id).await.map_err(problems::unavailable)?;
    kept.ok_or_else(|| problems::no_such_dead_letter(id))
}

/// Sends the message of an open letter once more; a discarded one is taken up again.
pub(crate) async fn redrive(
    app: &App,
    id: &str,
    who: &Decider,
    trace: &TraceContext,
) -> Result<Decided, Problem> {
    let kept = read(app, id).await?;
    if kept.value.state == LetterState::Redriven {
        return Ok(Decided { letter: kept.value, already: true });
    }
    match send(app, &kept.value, trace).await {
        Ok(()) => {}
        Err(NotSent::Unsendable(detail)) => return Err(problems::unsendable(detail)),
        Err(NotSent::Failed(error)) => return Err(problems::not_sent(error)),
    }
    decide(app, kept, LetterState::Redriven, |letter| {
        letter.redriven(who.by.clone(), who.why.clone(), app.clock.now())
    })
    .await
}

/// Nothing more will be done about the letter.
pub(crate) async fn discard(app: &App, id: &str, by: &str, why: &str) -> Result<Decided, Problem> {
    let kept = read(app, id).await?;
    match kept.value.state {
        LetterState::Discarded => Ok(Decided { letter: kept.value, already: true }),
        LetterState::Redriven => Err(problems::not_open(kept.value.state)),
        LetterState::Open => {
            decide(app, kept, LetterState::Discarded, |letter| {
                letter.discarded(by.to_owned(), why.to_owned(), app.clock.now())
            })
            .await
        }
    }
}

async fn decide(
    app: &App,
    mut kept: Kept<Letter>,
    wanted: LetterState,
    decision: impl Fn(&Letter) -> Letter,
) -> Result<Decided, Problem> {
    for tries in 0..MAX_TRIES {
        if kept.value.state == wanted {
            return Ok(Decided { letter: kept.value, already: true });
        }
        let letter = decision(&kept.value);
        match app.letters.replace(&letter, &kept.etag).await {
            Ok(()) => return Ok(Decided { letter, already: false }),
            Err(Refusal::Changed) => pause(tries).await,
            Err(Refusal::Failed(failure)) => return Err(problems::unavailable(failure)),
        }
        kept = read(app, &kept.value.id).await?;
        if wanted == LetterState::Redriven && kept.value.state != wanted {
            // Refused once more, or edited, since it was sent: that has not been dealt with.
            return Err(problems::busy());
        }
    }
    Err(problems::busy())
}

async fn send(app: &App, letter: &Letter, trace: &TraceContext) -> Result<(), NotSent> {
    if letter.message.is_empty() {
        return Err(NotSent::Unsendable("the letter has no message any more".to_owned()));
    }
    match letter.reason {
        Reason::Refused | Reason::OutboxPoison => {
            let message = Message::again(&letter.message)
                .map_err(|error| NotSent::Unsendable(error.to_string()))?;
            Ok(outbox::send_message(app, message, Asked::Anew).await?)
        }
        Reason::InboxPoison | Reason::UnreadableAnswer => {
            Ok(app.inbox.send(&letter.message).await?)
        }
        Reason::BrokenDocument => send_document(app, letter, trace).await,
    }
}

/// As it was edited, or else as it is now: it may have been mended where it is.
async fn send_document(app: &App, letter: &Letter, trace: &TraceContext) -> Result<(), NotSent> {
    let kept: Value = serde_json::from_str(&letter.message).unwrap_or_default();
    let current = match kept["id"].as_str() {
        Some(id) if !letter.edited => {
            app.profiles.current(id).await.map_err(crate::store::StoreError::from)?
        }
        _ => Current::of(kept),
    };
    match current {
        Current::Sendable(change) => Ok(outbox::send(app, &change, trace, Asked::Anew).await?),
        Current::Nothing => {
            Err(NotSent::Unsendable("there is no such profile any more".to_owned()))
        }
        Current::Broken(problem) => {
            Err(NotSent::Unsendable(format!("the document still breaks the contract: {problem}")))
        }
    }
}
