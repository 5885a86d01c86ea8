use serde_json::Value;

use crate::triggers::wire::Position;

/// `extensions.kafka` of `host.json` (`KafkaOptions.cs` of the extension), as far as it means something here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KafkaOptions {
    /// Records in an invocation, at most, with `cardinality: many`. Default 64.
    pub max_batch_size: usize,
    /// Where a partition is begun of which the group has committed nothing. Default: at its oldest record.
    pub(crate) initial: Position,
}

impl Default for KafkaOptions {
    fn default() -> Self {
        Self { max_batch_size: 64, initial: Position::Earliest }
    }
}

impl KafkaOptions {
    /// Reads the section; `find` looks a key up in any case. An error names key and remedy.
    pub fn read<'a>(find: impl Fn(&str) -> Option<&'a Value>) -> Result<Self, String> {
        let default = Self::default();
        let given = |key: &str| find(key).filter(|value| !value.is_null());
        let max_batch_size = match given("maxBatchSize") {
            None => default.max_batch_size,
            Some(value) => {
                let size = value.as_u64().or_else(|| value.as_str()?.parse().ok());
                let size =
                    size.and_then(|size| usize::try_from(size).ok()).filter(|size| *size > 0);
                size.ok_or_else(|| wrong("maxBatchSize", value, "give a number from 1 on"))?
            }
        };
        let initial = match given("autoOffsetReset") {
            None => default.initial,
            Some(value) => match value.as_str().unwrap_or_default().to_ascii_lowercase().as_str() {
                "earliest" => Position::Earliest,
                "latest" => Position::Latest,
                _ => return Err(wrong("autoOffsetReset", value, "write earliest or latest")),
            },
        };
        Ok(Self { max_batch_size, initial })
    }
}

fn wrong(key: &str, value: &Value, remedy: &str) -> String {
    format!("host.json, extensions.kafka.{key}: {value} cannot be used; {remedy}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(section: Value) -> Result<KafkaOptions, String> {
        KafkaOptions::read(|key| section.get(key))
    }

    #[test]
    fn the_section_is_read_and_the_rest_is_as_the_extension_has_it() {
        assert_eq!(read(json!({})), Ok(KafkaOptions::default()));
        let options = read(json!({"maxBatchSize": "10", "autoOffsetReset": "Latest"}));
        assert_eq!(options, Ok(KafkaOptions { max_batch_size: 10, initial: Position::Latest }));
    }

    #[test]
    fn what_cannot_be_used_is_named() {
        for (section, key) in [
            (json!({"maxBatchSize": 0}), "maxBatchSize"),
            (json!({"autoOffsetReset": "middle"}), "autoOffsetReset"),
        ] {
            let error = read(section).unwrap_err();
            assert!(error.contains(key), "{key}: {error}");
        }
    }
}
