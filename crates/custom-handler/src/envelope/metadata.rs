use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::DateTime;
use serde::Deserialize;
use serde_json::{Map, Value};

/// What the host knows about an invocation besides the trigger's value.
///
/// Keys are looked up in any case, as their case varies between host versions. Mind that the host
/// merges the members of a JSON message into its metadata, over its own: a message with a field
/// `Id` hides the queue's message id. Use the typed messages for what only the host should say.
///
/// Copies share it: of a batch it is as large as the batch, and each of its messages has one.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Metadata(Arc<Map<String, Value>>);

/// `sys`: what the host says about every invocation.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct System {
    /// Name of the function.
    #[serde(rename = "MethodName", default)]
    pub method_name: String,
    /// When the invocation started, as the host writes it.
    #[serde(rename = "UtcNow", default)]
    pub utc_now: String,
    /// A UUID made for this invocation.
    #[serde(rename = "RandGuid", default)]
    pub rand_guid: String,
}

/// Where an invocation stands among the retries of the function's policy. The host sends it from
/// the first attempt on, and only when there is a policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct RetryContext {
    /// Retries before this attempt: 0 on the first.
    #[serde(rename = "RetryCount")]
    pub retry_count: i32,
    /// Retries that the policy allows; −1 = for ever.
    #[serde(rename = "MaxRetryCount")]
    pub max_retry_count: i32,
}

impl RetryContext {
    /// Whether the host gives up after this attempt.
    pub fn is_last(&self) -> bool {
        self.max_retry_count >= 0 && self.retry_count >= self.max_retry_count
    }
}

impl Metadata {
    pub(crate) fn new(values: Map<String, Value>) -> Self {
        Self(Arc::new(values))
    }

    /// A value as it is in the envelope.
    pub fn get(&self, name: &str) -> Option<&Value> {
        let found = self.0.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        self.0.get(name).or_else(|| found.map(|(_, value)| value))
    }

    /// All values as they are in the envelope.
    pub fn values(&self) -> &Map<String, Value> {
        &self.0
    }

    /// A value that is text for the host: one level of quotes is taken off.
    pub fn text(&self, name: &str) -> Option<String> {
        let quoted = self.get(name)?.as_str()?;
        Some(serde_json::from_str(quoted).unwrap_or_else(|_| quoted.to_owned()))
    }

    /// A value that is JSON for the host: objects are themselves, the rest is in a string.
    pub fn json(&self, name: &str) -> Option<Value> {
        match self.get(name)? {
            Value::String(text) => serde_json::from_str(text).ok(),
            other => Some(other.clone()),
        }
    }

    /// A whole number, quoted once or twice.
    pub fn number(&self, name: &str) -> Option<i64> {
        number(&self.json(name)?)
    }

    /// An instant; one without an offset is UTC, as the host drops the `Z` of some.
    pub fn time(&self, name: &str) -> Option<Timestamp> {
        time(&self.text(name)?)
    }

    /// `sys`.
    pub fn system(&self) -> Option<System> {
        System::deserialize(self.get("sys")?).ok()
    }

    /// `RetryContext`.
    pub fn retry(&self) -> Option<RetryContext> {
        // Exact: a field of a message has another case or, being quoted, is no object.
        RetryContext::deserialize(self.0.get("RetryContext")?).ok()
    }
}

pub(crate) fn number(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.parse().ok())
}

pub(crate) fn time(text: &str) -> Option<Timestamp> {
    let utc = || {
        text.parse::<DateTime>()
            .ok()?
            .to_zoned(jiff::tz::TimeZone::UTC)
            .ok()
            .map(|zoned| zoned.timestamp())
    };
    text.parse::<Timestamp>().ok().or_else(utc)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn metadata(values: Value) -> Metadata {
        Metadata::new(values.as_object().expect("an object").clone())
    }

    #[test]
    fn values_lose_their_quotes_and_keys_their_case() {
        let metadata = metadata(
            json!({ "Id": "\"800a\"", "DequeueCount": "3", "Offset": "\"1024\"", "at": { "x": 1 } }),
        );
        assert_eq!(metadata.text("id").as_deref(), Some("800a"));
        assert_eq!(
            (metadata.number("dequeuecount"), metadata.number("Offset")),
            (Some(3), Some(1024))
        );
        assert_eq!(metadata.json("At"), Some(json!({ "x": 1 })));
        assert_eq!((metadata.text("none"), metadata.number("Id")), (None, None));
    }

    #[test]
    fn times_come_with_offset_or_without() {
        let metadata = metadata(
            json!({ "a": "2026-01-02T03:04:05+00:00", "b": "2026-01-02T03:04:05", "c": "soon" }),
        );
        let expected: Timestamp = "2026-01-02T03:04:05Z".parse().unwrap();
        assert_eq!(
            (metadata.time("a"), metadata.time("b"), metadata.time("c")),
            (Some(expected), Some(expected), None)
        );
    }

    #[test]
    fn the_last_retry_is_known_and_for_ever_has_none() {
        let context = |count, most| RetryContext { retry_count: count, max_retry_count: most };
        assert!(context(2, 2).is_last() && context(0, 0).is_last());
        assert!(!context(1, 2).is_last() && !context(99, -1).is_last());
        let sent = json!({ "RetryContext": { "RetryCount": 1, "MaxRetryCount": 2, "Exception": null, "Instance": null, "State": {} } });
        assert_eq!(metadata(sent).retry(), Some(context(1, 2)));
        assert_eq!(metadata(json!({ "RetryContext": "{\"RetryCount\":9}" })).retry(), None);
    }
}
