//! What all containers share: where things are kept, and the order of writes.

use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;

use super::{contents::Contents, event::BlobEvents};
use crate::storage::{
    failure::{Failure, internal},
    persistence::{Change, Persistence},
};

/// .NET's ticks, 100 ns each, between year 1 and 1970.
pub(super) const TICKS_TO_1970: i128 = 621_355_968_000_000_000;

/// Where blobs are kept, and which write came when.
#[derive(Debug)]
pub(super) struct Shared {
    /// The service's endpoint.
    pub(super) url: String,
    pub(super) persistence: Persistence,
    pub(super) contents: Contents,
    pub(super) events: BlobEvents,
    pub(super) versions: Versions,
}

/// Numbers for writes: each larger than the one before, and, as Azure's entity tags are, the time in ticks.
#[derive(Debug, Default)]
pub(super) struct Versions(AtomicU64);

impl Versions {
    /// The next number.
    pub(super) fn next(&self, now: Timestamp) -> u64 {
        let ticks = u64::try_from(now.as_nanosecond() / 100 + TICKS_TO_1970).unwrap_or(0);
        let next = |last: u64| (last + 1).max(ticks);
        // The closure always gives a number.
        self.0
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |last| Some(next(last)))
            .map_or(ticks, next)
    }

    /// That number was given in an earlier run.
    pub(super) fn seen(&self, version: u64) {
        self.0.fetch_max(version, Ordering::Relaxed);
    }
}

/// Keeps a change, or fails with 500.
pub(super) fn commit(change: Change<'_>, doing: &str) -> Result<(), Failure> {
    change.commit().map_err(|error| internal(doing, &error))
}

/// A time to the second, as HTTP's dates have it.
pub(super) fn to_second(time: Timestamp) -> Timestamp {
    Timestamp::from_second(time.as_second()).unwrap_or(time)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_grow_even_when_the_clock_does_not() {
        let versions = Versions::default();
        let now: Timestamp = "2026-11-21T08:00:00Z".parse().unwrap();
        let first = versions.next(now);
        assert_eq!(first, 639_308_448_000_000_000);
        assert_eq!(versions.next(now), first + 1);
        assert!(versions.next("2025-01-01T00:00:00Z".parse().unwrap()) > first + 1);
        versions.seen(first + 10);
        assert_eq!(versions.next(now), first + 11);
    }
}
