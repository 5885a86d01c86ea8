//! What Event Hubs Capture calls its files.

use super::Source;
use jiff::Timestamp;
use std::{fmt, str::FromStr};

/// Longest name of a blob (Naming and referencing containers and blobs, Azure Storage).
const MAX_CHARS: usize = 1024;
/// Without the text: it may be anybody's.
const FORM: &str =
    "that is no name of a capture file, such as local/account/0/2026/11/30/08/05/00.avro";

/// `{Namespace}/{EventHub}/{PartitionId}/{Year}/{Month}/{Day}/{Hour}/{Minute}/{Second}.avro`: when the window began.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CaptureName {
    /// Of which partition its events are.
    pub(crate) source: Source,
    /// When its window began: none of its events came before.
    pub(crate) began: Timestamp,
    whole: String,
}

impl FromStr for CaptureName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let form = || FORM.to_owned();
        let parts: Vec<&str> = text.strip_suffix(".avro").ok_or_else(form)?.split('/').collect();
        let [namespace, hub, partition, time @ ..] = parts.as_slice() else { return Err(form()) };
        let [year, month, day, hour, minute, second] = time else { return Err(form()) };
        let began = format!("{year}-{month}-{day}T{hour}:{minute}:{second}Z");
        let began = began.parse().map_err(|_| form())?;
        if namespace.is_empty() || text.len() > MAX_CHARS {
            return Err(form());
        }
        let source = Source::new(hub, partition).ok_or_else(form)?;
        Ok(Self { source, began, whole: text.to_owned() })
    }
}

impl CaptureName {
    /// The whole name, as in the container.
    pub(crate) fn as_str(&self) -> &str {
        &self.whole
    }
}

impl fmt::Display for CaptureName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.whole)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_hub_and_partition_and_when_its_window_began() {
        let name: CaptureName = "local/account/3/2026/11/30/08/05/00.avro".parse().unwrap();
        assert_eq!((name.source.hub.as_str(), name.source.partition), ("account", 3));
        assert_eq!(name.began.to_string(), "2026-11-30T08:05:00Z");
    }

    #[test]
    fn other_names_are_refused_with_one_that_is_right() {
        for name in [
            "",
            "local/account/3/2026/11/30/08/05/00",
            "local/account/3/2026/11/30/08/05.avro",
            "local/account/three/2026/11/30/08/05/00.avro",
            "local/Account!/3/2026/11/30/08/05/00.avro",
            "/account/3/2026/11/30/08/05/00.avro",
            "local/account/3/2026/11/30/08/05/xx.avro",
            "local/account/3/2026/13/30/08/05/00.avro",
        ] {
            let why = name.parse::<CaptureName>().unwrap_err();
            assert!(why.contains("such as local/account/0/"), "{name}: {why}");
        }
    }
}
