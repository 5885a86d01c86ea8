use std::time::Duration;

use function_json::parse_time_span;
use local_data::Position;
use serde_json::Value;

/// The longest `maxWaitTime`.
const MAX_WAIT: Duration = Duration::from_secs(10 * 60);

/// `extensions.eventHubs` of `host.json` (`EventHubOptions.cs` of the extension), as far as it means something here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventHubOptions {
    /// Events in an invocation, at most, with `cardinality: many`. Default 100.
    pub max_event_batch_size: usize,
    /// Events that are waited for. Default 1.
    pub min_event_batch_size: usize,
    /// How long they are waited for. Default 60 s, at most 10 min.
    pub max_wait_time: Duration,
    /// A checkpoint is written after every so many invocations of a partition. Default 1.
    pub batch_checkpoint_frequency: u32,
    /// Where a partition is begun that has no checkpoint. Default: at its oldest event.
    pub initial: Position,
    /// After how long a partition is free whose owner no longer says that it is there. Default 2 min.
    pub ownership_expiration: Duration,
    /// How often partitions are shared out, and an owner says that it is there. Default 30 s.
    pub load_balancing_interval: Duration,
}

impl Default for EventHubOptions {
    fn default() -> Self {
        Self {
            max_event_batch_size: 100,
            min_event_batch_size: 1,
            max_wait_time: Duration::from_secs(60),
            batch_checkpoint_frequency: 1,
            initial: Position::Start,
            ownership_expiration: Duration::from_secs(120),
            load_balancing_interval: Duration::from_secs(30),
        }
    }
}

impl EventHubOptions {
    /// Reads the section; `find` looks a key up in any case. An error names key and remedy.
    pub fn read<'a>(find: impl Fn(&str) -> Option<&'a Value>) -> Result<Self, String> {
        let default = Self::default();
        let count = |key: &str, default: u64| match find(key) {
            None | Some(Value::Null) => Ok(default),
            Some(value) => {
                let number = value.as_u64().or_else(|| value.as_str()?.parse().ok());
                let number = number.filter(|number| (1..=i32::MAX as u64).contains(number));
                number.ok_or_else(|| wrong(key, value, "give a number from 1 on"))
            }
        };
        let span = |key: &str, default: Duration| match find(key) {
            None | Some(Value::Null) => Ok(default),
            Some(value) => {
                let span = value.as_str().and_then(|text| parse_time_span(text).ok());
                let span = span.filter(|span| !span.is_zero());
                span.ok_or_else(|| wrong(key, value, "write it as \"hh:mm:ss\""))
            }
        };
        let size = |key: &str, default: u64| -> Result<usize, String> {
            Ok(usize::try_from(count(key, default)?).unwrap_or(usize::MAX))
        };
        let options = Self {
            max_event_batch_size: size("maxEventBatchSize", 100)?,
            min_event_batch_size: size("minEventBatchSize", 1)?,
            max_wait_time: span("maxWaitTime", default.max_wait_time)?,
            batch_checkpoint_frequency: u32::try_from(count("batchCheckpointFrequency", 1)?)
                .unwrap_or(u32::MAX),
            initial: initial(find("initialOffsetOptions"))?,
            ownership_expiration: span(
                "partitionOwnershipExpirationInterval",
                default.ownership_expiration,
            )?,
            load_balancing_interval: span(
                "loadBalancingUpdateInterval",
                default.load_balancing_interval,
            )?,
        };
        options.checked(find)
    }

    fn checked<'a>(self, find: impl Fn(&str) -> Option<&'a Value>) -> Result<Self, String> {
        let given = |key: &str| find(key).cloned().unwrap_or_default();
        if self.min_event_batch_size > self.max_event_batch_size {
            let remedy =
                format!("it is more than maxEventBatchSize, {}", self.max_event_batch_size);
            return Err(wrong("minEventBatchSize", &given("minEventBatchSize"), &remedy));
        }
        if self.max_wait_time > MAX_WAIT {
            return Err(wrong("maxWaitTime", &given("maxWaitTime"), "it is 00:10:00 at most"));
        }
        if self.load_balancing_interval >= self.ownership_expiration {
            let key = "loadBalancingUpdateInterval";
            return Err(wrong(
                key,
                &given(key),
                "make it less than partitionOwnershipExpirationInterval",
            ));
        }
        Ok(self)
    }
}

/// `{"type": "fromStart"}`, `fromEnd`, or `fromEnqueuedTime` with `enqueuedTimeUtc`.
fn initial(section: Option<&Value>) -> Result<Position, String> {
    let key = "initialOffsetOptions.type";
    let Some(section) = section.filter(|section| !section.is_null()) else {
        return Ok(Position::Start);
    };
    let kind = section["type"].as_str().unwrap_or_default().to_ascii_lowercase();
    match kind.as_str() {
        "" | "fromstart" => Ok(Position::Start),
        "fromend" => Ok(Position::End),
        "fromenqueuedtime" => {
            let value = &section["enqueuedTimeUtc"];
            let moment = value.as_str().and_then(|text| text.parse().ok());
            moment.map(Position::AfterTime).ok_or_else(|| {
                wrong(
                    "initialOffsetOptions.enqueuedTimeUtc",
                    value,
                    "write it as \"2026-01-02T03:04:05Z\"",
                )
            })
        }
        _ => Err(wrong(key, &section["type"], "write fromStart, fromEnd or fromEnqueuedTime")),
    }
}

fn wrong(key: &str, value: &Value, remedy: &str) -> String {
    format!("host.json, extensions.eventHubs.{key}: {value} cannot be used; {remedy}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(section: Value) -> Result<EventHubOptions, String> {
        EventHubOptions::read(|key| section.get(key))
    }

    #[test]
    fn the_section_is_read_and_the_rest_is_as_the_extension_has_it() {
        assert_eq!(read(json!({})), Ok(EventHubOptions::default()));
        let options = read(json!({
            "maxEventBatchSize": 10, "batchCheckpointFrequency": "5", "loadBalancingUpdateInterval": "00:00:01",
            "initialOffsetOptions": {"type": "fromEnqueuedTime", "enqueuedTimeUtc": "2026-01-02T03:04:05Z"},
        }));
        let options = options.unwrap();
        assert_eq!((options.max_event_batch_size, options.batch_checkpoint_frequency), (10, 5));
        assert_eq!(options.load_balancing_interval, Duration::from_secs(1));
        assert_eq!(options.initial, Position::AfterTime("2026-01-02T03:04:05Z".parse().unwrap()));
        assert_eq!(
            read(json!({"initialOffsetOptions": {"type": "FromEnd"}})).unwrap().initial,
            Position::End
        );
    }

    #[test]
    fn what_cannot_be_used_is_named() {
        for (section, key) in [
            (json!({"maxEventBatchSize": 0}), "maxEventBatchSize"),
            (json!({"minEventBatchSize": 101}), "minEventBatchSize"),
            (json!({"maxWaitTime": "00:11:00"}), "maxWaitTime"),
            (json!({"loadBalancingUpdateInterval": "00:02:00"}), "loadBalancingUpdateInterval"),
            (json!({"initialOffsetOptions": {"type": "latest"}}), "initialOffsetOptions.type"),
            (json!({"initialOffsetOptions": {"type": "fromEnqueuedTime"}}), "enqueuedTimeUtc"),
        ] {
            let error = read(section).unwrap_err();
            assert!(error.contains(key), "{key}: {error}");
        }
    }
}
