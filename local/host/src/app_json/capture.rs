//! Where the events of a hub are written as files.

use serde::Deserialize;

/// Seconds of a window, and its bytes, if nothing is said; and what Azure takes.
/// <https://learn.microsoft.com/azure/event-hubs/event-hubs-capture-overview>
const SECONDS: u32 = 300;
const SECONDS_ALLOWED: std::ops::RangeInclusive<u32> = 60..=900;
const BYTES: u64 = 314_572_800;
const BYTES_ALLOWED: std::ops::RangeInclusive<u64> = 10_485_760..=524_288_000;

/// The capture of an event hub: a file for each window of each partition that has events.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Declared")]
pub struct Capture {
    /// The blob container, which some app owns.
    pub container: String,
    /// Seconds after which a window is over.
    pub seconds: u32,
    /// Bytes with which it is over earlier.
    pub bytes: u64,
}

/// A capture as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Declared {
    container: String,
    #[serde(default = "seconds")]
    seconds: u32,
    #[serde(default = "bytes")]
    bytes: u64,
}

impl TryFrom<Declared> for Capture {
    type Error = String;

    fn try_from(Declared { container, seconds, bytes }: Declared) -> Result<Self, String> {
        if !SECONDS_ALLOWED.contains(&seconds) {
            let (least, most) = (SECONDS_ALLOWED.start(), SECONDS_ALLOWED.end());
            return Err(format!("capture.seconds: {seconds} is not between {least} and {most}"));
        }
        if !BYTES_ALLOWED.contains(&bytes) {
            let (least, most) = (BYTES_ALLOWED.start(), BYTES_ALLOWED.end());
            return Err(format!("capture.bytes: {bytes} is not between {least} and {most}"));
        }
        Ok(Self { container, seconds, bytes })
    }
}

fn seconds() -> u32 {
    SECONDS
}

fn bytes() -> u64 {
    BYTES
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_container_must_be_named() {
        let short: Capture = serde_json::from_str(r#"{"container": "captured"}"#).unwrap();
        assert_eq!((short.seconds, short.bytes), (SECONDS, BYTES));
    }

    #[test]
    fn what_azure_would_not_take_is_refused_and_named() {
        for (text, part) in [
            (r#"{"seconds": 60}"#, "`container`"),
            (r#"{"container": "c", "seconds": 59}"#, "capture.seconds: 59"),
            (r#"{"container": "c", "bytes": 1}"#, "capture.bytes: 1"),
            (r#"{"container": "c", "format": "x"}"#, "`format`"),
        ] {
            let error = serde_json::from_str::<Capture>(text).unwrap_err().to_string();
            assert!(error.contains(part), "{part}: {error}");
        }
    }
}
