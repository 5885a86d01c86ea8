//! What becomes of one message of a poison queue.

use super::again::Again;
use crate::DeadLetterApp;
use crate::dead_letters::{Content, keep_poison};
use azure_data::Taken;
use base64::{Engine, engine::general_purpose::STANDARD};
use custom_handler::{Bytes, Failure, Invocation, Payload, QueueMessage};
use futures::FutureExt;
use jiff::SignedDuration;
use std::panic::AssertUnwindSafe;
use std::time::Duration;
use tokio::time::timeout;
use tracing::Instrument;

/// The longest that one message is worked at; a photo's check takes longest.
pub(super) const MAX_WORK: Duration = Duration::from_secs(180);
/// What still fails after this time is seen by people: nothing that comes back by itself takes longer.
const LETTER_AFTER: SignedDuration = SignedDuration::from_hours(24);
/// How often a message of that age is tried at most. It is not tried once more, since it may be what ends the process each
/// time; one that lay there while nobody ran has its turn.
const MAX_TIMES: u32 = 100;

/// What a message became.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// It was dealt with.
    Done,
    /// It is a letter.
    Kept,
    /// It is worked at again.
    Failed,
}

/// A message that was taken.
pub(super) struct Message<'a> {
    pub(super) taken: &'a Taken,
    pub(super) age: SignedDuration,
    pub(super) queue: &'a str,
}

impl Message<'_> {
    pub(super) async fn deal_with<A: DeadLetterApp>(
        &self,
        app: &'static A,
        again: Option<&Again<A>>,
        invocation: &Invocation,
    ) -> Fate {
        let function = again.map_or(invocation.function(), |again| again.function);
        let keep = async |content, detail: &str| {
            let by = (self.queue, function);
            match keep_poison(app, by, self.taken, content, detail).await {
                Ok(()) => Fate::Kept,
                Err(error) => self.failed(&error.to_string()),
            }
        };
        let Some(body) = decoded(&self.taken.text) else {
            let raw = Content::of_text(self.taken.text.as_str());
            let detail =
                "it was not in base64, so no function got it; to send it again puts it into base64";
            return keep(raw, detail).await;
        };
        let content = Content::of(&body);
        let Some(again) = again else {
            return keep(content, "who reads the queue failed on this message again and again")
                .await;
        };
        let is_old = !again.for_ever && self.age > LETTER_AFTER;
        if is_old && self.taken.times > MAX_TIMES {
            return keep(content, "no run with this message came to an end for a day").await;
        }
        match self.work(app, again, body, invocation).await {
            Ok(()) => Fate::Done,
            Err(Failure::GiveUp(reason)) => keep(content, &reason).await,
            Err(Failure::Again(reason)) if is_old => {
                keep(content, &format!("it failed for a day, at last because of: {reason}")).await
            }
            Err(Failure::Again(reason)) => self.failed(&reason),
        }
    }

    async fn work<A: DeadLetterApp>(
        &self,
        app: &'static A,
        again: &Again<A>,
        body: Payload,
        invocation: &Invocation,
    ) -> Result<(), Failure> {
        let message = QueueMessage {
            body,
            id: Some(self.taken.id.clone()),
            dequeue_count: Some(self.taken.times.into()),
            pop_receipt: None,
            insertion_time: Some(self.taken.since),
            expiration_time: None,
            next_visible_time: None,
        };
        let invocation = invocation.on_behalf_of(again.function);
        let item = invocation.item_in(&message.body);
        let work = (again.work)(app, message, invocation.for_item(&item));
        let work = AssertUnwindSafe(work).catch_unwind().instrument(item.span());
        let ended = match timeout(MAX_WORK, work).await {
            Ok(Ok(outcome)) => outcome.map(drop),
            Ok(Err(_)) => Err(Failure::again("the function panicked")),
            Err(_) => Err(Failure::again(format!("no end within {} s", MAX_WORK.as_secs()))),
        };
        match &ended {
            Err(Failure::Again(_)) => item.failed("again"),
            Err(Failure::GiveUp(_)) => item.failed("given-up"),
            Ok(()) => {}
        }
        ended
    }

    fn failed(&self, reason: &str) -> Fate {
        let (queue, message, times) = (self.queue, &self.taken.id, self.taken.times);
        tracing::warn!(queue, message, times, reason, "a message failed again and stays");
        Fate::Failed
    }
}

/// As the host would hand it out; none if it is not base64.
fn decoded(text: &str) -> Option<Payload> {
    let bytes = STANDARD.decode(text.trim()).ok()?;
    Some(match String::from_utf8(bytes) {
        Ok(text) => Payload::Text(text),
        Err(error) => Payload::Bytes(Bytes::from(error.into_bytes())),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_read_as_the_host_would() {
        assert_eq!(decoded("e30="), Some(Payload::Text("{}".to_owned())));
        assert_eq!(decoded("//4="), Some(Payload::Bytes(Bytes::from_static(&[0xff, 0xfe]))));
        assert_eq!(decoded(""), Some(Payload::Text(String::new())));
        assert_eq!(decoded("{}"), None);
    }
}
