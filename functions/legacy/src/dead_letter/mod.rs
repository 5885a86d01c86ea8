//! `ops/v1/dead-letters/{letterId}`

use crate::acting;
use crate::app::App;
use crate::conditional::{self, expect};
use crate::dead_letters::Wanted;
use crate::domain::{Letter, LetterState};
use crate::problems;
use crate::redrive::{self, Decider};
use custom_handler::{Problem, Request, Response};
use iommi_app::{Kept, Refusal};
use serde::Deserialize;

/// The largest request: a message of a mebibyte, which JSON may write with twice as many bytes.
pub(crate) const MAX_BODY_BYTES: usize = 2 * 1024 * 1024 + 4096;
/// The longest message that can be stored.
const MAX_MESSAGE_BYTES: usize = 1024 * 1024;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Edit {
    message: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Act {
    action: Wanted,
    #[serde(default)]
    why: Option<String>,
}

/// GET: the letter with its message and all that was done about it.
pub(crate) async fn get(app: &App, request: Request) -> Result<Response, Problem> {
    let id: String = request.param("letterId")?;
    Ok(conditional::current(&redrive::read(app, &id).await?.value))
}

/// PUT: another message, if `If-Match` names the current version.
pub(crate) async fn put(app: &App, request: Request) -> Result<Response, Problem> {
    let id: String = request.param("letterId")?;
    let expected = request.if_match()?;
    let Edit { message } = request.json()?;
    let kept = expect(redrive::read(app, &id).await?, &expected)?;
    edit(app, kept, message, acting::who(&request))
        .await
        .map(|letter| conditional::current(&letter))
}

/// Stores another message in an open letter.
pub(crate) async fn edit(
    app: &App,
    kept: Kept<Letter>,
    message: String,
    by: String,
) -> Result<Letter, Problem> {
    if kept.value.state != LetterState::Open {
        return Err(problems::not_open(kept.value.state));
    }
    if message.trim().is_empty() {
        return Err(problems::invalid_body(
            "/message",
            "must not be empty; discard the letter instead",
        ));
    }
    if message.len() > MAX_MESSAGE_BYTES {
        return Err(problems::invalid_body("/message", "is longer than 1 MiB"));
    }
    if kept.value.message == message {
        return Ok(kept.value);
    }
    let edited = kept.value.edited(message, by, app.clock.now());
    match app.letters.replace(&edited, &kept.etag).await {
        Ok(()) => Ok(edited),
        Err(Refusal::Changed) => {
            let now = redrive::read(app, &edited.id).await?;
            Err(problems::precondition_failed(&conditional::entity_tag(&now.value)))
        }
        Err(Refusal::Failed(failure)) => Err(problems::unavailable(failure)),
    }
}

/// POST: re-drives or discards it; again is harmless.
pub(crate) async fn post(app: &App, request: Request) -> Result<Response, Problem> {
    let id: String = request.param("letterId")?;
    let Act { action, why } = request.json()?;
    let by = acting::who(&request);
    let why = why.map(|why| why.trim().to_owned()).filter(|why| !why.is_empty());
    let decided = match (action, why) {
        (Wanted::Redrive, why) => {
            redrive::redrive(app, &id, &Decider { by, why }, request.trace()).await?
        }
        (Wanted::Discard, Some(why)) => redrive::discard(app, &id, &by, &why).await?,
        (Wanted::Discard, None) => {
            return Err(problems::invalid_body("/why", "is required to discard"));
        }
    };
    Ok(conditional::current(&decided.letter))
}
