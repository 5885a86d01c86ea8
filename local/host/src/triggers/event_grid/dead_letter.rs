//! Events that were given up: a blob each, with why.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::delivery_schedule::outcome_word;

/// Where a subscription's dead letters go.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DeadLetterContainer {
    /// A container of the app's `AzureWebJobsStorage`.
    pub container: String,
}

/// Why an event was given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    MaxDeliveryAttemptsExceeded,
    TimeToLiveExceeded,
    /// The answer said that it is hopeless.
    Undeliverable(u16),
}

/// What is known of an event that was given up.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct DeadLetter {
    /// Where the event came from.
    pub(super) topic: String,
    pub(super) event: Value,
    pub(super) function: String,
    pub(super) reason: Reason,
    pub(super) attempts: u32,
    pub(super) last_status: Option<u16>,
    pub(super) published: Timestamp,
    pub(super) last_attempt: Timestamp,
}

impl DeadLetter {
    /// The blob's name: topic, subscription and hour, as the service lays them out.
    pub(super) fn blob_name(&self, id: Uuid) -> String {
        let hour = self.last_attempt.strftime("%Y/%-m/%-d/%-H");
        format!("{}/{}/{hour}/{id}.json", self.topic, self.function.to_uppercase())
    }

    /// The blob's content: an array of the event with what is known added.
    pub(super) fn content(&self) -> Value {
        let reason = match self.reason {
            Reason::MaxDeliveryAttemptsExceeded => "MaxDeliveryAttemptsExceeded".to_owned(),
            Reason::TimeToLiveExceeded => "TimeToLiveExceeded".to_owned(),
            Reason::Undeliverable(status) => {
                format!("UndeliverableDueToHttp{}", outcome_word(Some(status)))
            }
        };
        let mut letter = self.event.clone();
        letter["deadLetterReason"] = json!(reason);
        letter["deliveryAttempts"] = json!(self.attempts);
        letter["lastDeliveryOutcome"] = json!(outcome_word(self.last_status));
        letter["lastHttpStatusCode"] = json!(self.last_status);
        letter["publishTime"] = json!(self.published.to_string());
        letter["lastDeliveryAttemptTime"] = json!(self.last_attempt.to_string());
        json!([letter])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dead_letter_says_what_was_tried() {
        let letter = DeadLetter {
            topic: "local-storage".into(),
            event: json!({"id": "1"}),
            function: "OnEvent".into(),
            reason: Reason::Undeliverable(400),
            attempts: 1,
            last_status: Some(400),
            published: "2026-01-02T03:04:05Z".parse().unwrap(),
            last_attempt: "2026-01-02T03:04:06Z".parse().unwrap(),
        };
        assert_eq!(
            letter.blob_name(Uuid::nil()),
            format!("local-storage/ONEVENT/2026/1/2/3/{}.json", Uuid::nil())
        );
        let expected = json!([{"id": "1", "deadLetterReason": "UndeliverableDueToHttpBadRequest", "deliveryAttempts": 1,
            "lastDeliveryOutcome": "BadRequest", "lastHttpStatusCode": 400, "publishTime": "2026-01-02T03:04:05Z",
            "lastDeliveryAttemptTime": "2026-01-02T03:04:06Z"}]);
        assert_eq!(letter.content(), expected);
    }
}
