use std::time::Duration;

use function_json::parse_time_span;
use serde_json::Value;

use super::MessageEncoding;

/// Most messages that one request can take (REST documentation, Get Messages).
const MAX_BATCH_SIZE: u32 = 32;
/// The shortest wait between two polls, and the floor of `maxPollingInterval`.
const MIN_POLLING_INTERVAL: Duration = Duration::from_millis(100);

/// `extensions.queues` of `host.json` (`QueuesOptions.cs` of the storage extension).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueueOptions {
    /// Messages taken at once, 1–32. Default 16.
    pub batch_size: u32,
    /// The next batch is taken when no more than so many messages are being processed, so that there are at most
    /// `batch_size + new_batch_threshold` of them. Default: half a batch for each core.
    pub new_batch_threshold: u32,
    /// The delivery that is the last one. Default 5.
    pub max_dequeue_count: u32,
    /// How long a failed message stays hidden. Default 0.
    pub visibility_timeout: Duration,
    /// The wait between two polls of an idle queue grows up to this. Default 1 min, at least 100 ms.
    pub max_polling_interval: Duration,
    /// Default base64.
    pub message_encoding: MessageEncoding,
}

impl Default for QueueOptions {
    fn default() -> Self {
        Self::with_batch_size(16)
    }
}

impl QueueOptions {
    /// The shortest wait between two polls.
    pub(crate) const MIN_POLLING_INTERVAL: Duration = MIN_POLLING_INTERVAL;

    fn with_batch_size(batch_size: u32) -> Self {
        let cores = std::thread::available_parallelism()
            .map_or(1, |cores| u32::try_from(cores.get()).unwrap_or(1));
        Self {
            batch_size,
            new_batch_threshold: (batch_size / 2).saturating_mul(cores),
            max_dequeue_count: 5,
            visibility_timeout: Duration::ZERO,
            max_polling_interval: Duration::from_secs(60),
            message_encoding: MessageEncoding::Base64,
        }
    }

    /// Reads the section; `find` looks a key up in any case. An error names key and remedy.
    pub fn read<'a>(find: impl Fn(&str) -> Option<&'a Value>) -> Result<Self, String> {
        let wrong = |key: &str, value: &Value, remedy: &str| {
            format!("host.json, extensions.queues.{key}: {value} cannot be used; {remedy}")
        };
        let count = |key: &str, least: u64, most: u64| match find(key) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => {
                let number = value.as_u64().or_else(|| value.as_str()?.parse().ok());
                let number = number.filter(|number| (least..=most).contains(number));
                let number = number.and_then(|number| u32::try_from(number).ok());
                number.map(Some).ok_or_else(|| {
                    wrong(key, value, &format!("give a number from {least} to {most}"))
                })
            }
        };
        let span = |key: &str| match find(key) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => {
                let span = value.as_str().and_then(|text| parse_time_span(text).ok());
                span.map(Some).ok_or_else(|| wrong(key, value, "write it as \"hh:mm:ss\""))
            }
        };
        let mut options =
            Self::with_batch_size(count("batchSize", 1, MAX_BATCH_SIZE.into())?.unwrap_or(16));
        if let Some(threshold) = count("newBatchThreshold", 0, i32::MAX as u64)? {
            options.new_batch_threshold = threshold;
        }
        if let Some(most) = count("maxDequeueCount", 1, i32::MAX as u64)? {
            options.max_dequeue_count = most;
        }
        if let Some(timeout) = span("visibilityTimeout")? {
            options.visibility_timeout = timeout;
        }
        if let Some(interval) = span("maxPollingInterval")? {
            options.max_polling_interval = interval.max(MIN_POLLING_INTERVAL);
        }
        options.message_encoding = match find("messageEncoding") {
            None | Some(Value::Null) => MessageEncoding::Base64,
            Some(value) => match value.as_str().map(str::to_ascii_lowercase).as_deref() {
                Some("base64") => MessageEncoding::Base64,
                Some("none") => MessageEncoding::None,
                _ => return Err(wrong("messageEncoding", value, "write \"base64\" or \"none\"")),
            },
        };
        Ok(options)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(section: Value) -> Result<QueueOptions, String> {
        QueueOptions::read(|key| section.get(key))
    }

    #[test]
    fn defaults_are_those_of_the_extension() {
        let options = read(json!({})).unwrap();
        let cores = u32::try_from(std::thread::available_parallelism().unwrap().get()).unwrap();
        assert_eq!(
            (options.batch_size, options.new_batch_threshold, options.max_dequeue_count),
            (16, 8 * cores, 5)
        );
        assert_eq!(options.visibility_timeout, Duration::ZERO);
        assert_eq!(options.max_polling_interval, Duration::from_secs(60));
        assert_eq!(options.message_encoding, MessageEncoding::Base64);
    }

    #[test]
    fn every_key_is_read() {
        let section = json!({"batchSize": 1, "newBatchThreshold": 0, "maxDequeueCount": 2,
            "visibilityTimeout": "00:00:30", "maxPollingInterval": "00:00:00.010", "messageEncoding": "None"});
        let expected = QueueOptions {
            batch_size: 1,
            new_batch_threshold: 0,
            max_dequeue_count: 2,
            visibility_timeout: Duration::from_secs(30),
            max_polling_interval: Duration::from_millis(100),
            message_encoding: MessageEncoding::None,
        };
        assert_eq!(read(section), Ok(expected));
    }

    #[test]
    fn what_cannot_be_used_is_named() {
        for section in [
            json!({"batchSize": 33}),
            json!({"batchSize": 0}),
            json!({"maxDequeueCount": 0}),
            json!({"visibilityTimeout": 30}),
            json!({"messageEncoding": "utf8"}),
        ] {
            let key = section.as_object().unwrap().keys().next().unwrap().clone();
            assert!(read(section).unwrap_err().contains(&format!("extensions.queues.{key}")));
        }
    }
}
