//! What functions give up is lost to nobody: a photo goes to a person, any other message becomes a dead letter.

use crate::app::App;
use crate::domain::PhotoKey;
use crate::functions::uploaded;
use crate::pipeline::{self, RunError};
use custom_handler::{GivenUp, Payload};
use messages::{DeadLetterApp, DeadLetters, NotKept};
use staff_pages::Link;

impl DeadLetterApp for App {
    const NAME: &'static str = "photos";
    const NAVIGATION: &'static [Link<'static>] = &[Link::new("Moderation", "/moderation")];

    fn dead_letters(&self) -> &DeadLetters {
        &self.dead_letters
    }
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum GiveUpError {
    #[error(transparent)]
    Photo(#[from] RunError),
    #[error(transparent)]
    Message(#[from] NotKept),
}

pub(crate) async fn keep(app: &App, given_up: GivenUp) -> Result<(), GiveUpError> {
    let Some(photo) = photo_of(&given_up) else {
        return Ok(messages::keep_given_up(app, given_up).await?);
    };
    let (function, reason) = (given_up.function, given_up.reason);
    tracing::error!(function, reason, photo = %photo.id, "a photo goes to a person");
    Ok(pipeline::give_up(app, photo).await?)
}

/// The photo that the message was about.
fn photo_of(given_up: &GivenUp) -> Option<PhotoKey> {
    match given_up.function {
        "uploaded" => match &given_up.payload {
            Payload::Json(event) => uploaded::photo_of(event.get("subject")?.as_str()?),
            _ => None,
        },
        "check" => given_up.payload.json().ok(),
        _ => None,
    }
}
