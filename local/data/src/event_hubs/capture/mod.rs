//! Capture: what a hub takes is also written into files in a blob container, as Event Hubs Capture does.
//! <https://learn.microsoft.com/azure/event-hubs/event-hubs-capture-overview>
//!
//! Each partition has a file for each window. What goes into the next file, and its name, are noted before it is written, and
//! that it is written is noted together with the event that tells of it. So a file that may have been written is written again
//! under the same name, where the blob service leaves it as it is: nothing is lost and nothing is there twice, wherever the
//! process is killed, and a container whose blobs cannot be changed is good enough.

mod event;
mod file;
mod name;
mod progress;
mod worker;

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

pub use event::{CaptureEvent, CaptureEvents};
pub(super) use progress::Progress;
pub(super) use worker::run;

/// Seconds after which a window is over. Azure has 60 at least; on a laptop nobody waits for so long.
pub(super) const SECONDS: std::ops::RangeInclusive<u32> = 1..=900;
/// Bytes with which a window is full (Azure's limits, except that a test may have less).
pub(super) const BYTES: std::ops::RangeInclusive<u64> = 1_024..=524_288_000;
/// A file is made in memory: it takes no more events than these bytes of them, whatever is declared.
const MAX_FILE_BYTES: u64 = 16 << 20;

/// What is declared of a hub's capture. Windows without an event make no file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Capture {
    /// The blob container.
    pub(super) container: String,
    /// How long a window is, from its first event on.
    pub(super) seconds: u32,
    /// Bytes of events with which it is over earlier.
    pub(super) bytes: u64,
}

impl Capture {
    pub(super) fn span(&self) -> SignedDuration {
        SignedDuration::from_secs(self.seconds.into())
    }

    /// Bytes of events in one file, as offsets count them.
    pub(super) fn file_bytes(&self) -> i64 {
        i64::try_from(self.bytes.min(MAX_FILE_BYTES)).unwrap_or(i64::MAX)
    }
}
