//! Parts of one screen: each as it is now, or as it was when it could last be had.

use azure_data::Remembered;
use jiff::Timestamp;
use serde::Serialize;
use std::hash::Hash;
use std::time::Duration;
use tokio::time::timeout;

/// How long a part may take before the screen is shown without it.
const PART_WITHIN: Duration = Duration::from_millis(300);
/// Parts of each kind that are remembered; at most twice as many.
const REMEMBERED: usize = 1_000;

/// A part of a screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Part<T> {
    /// `None`: it could not be had, now or before.
    pub(crate) value: Option<T>,
    pub(crate) freshness: Freshness,
}

/// `Freshness` in openapi.yaml.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Freshness {
    state: FreshnessState,
    as_of: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum FreshnessState {
    Fresh,
    Stale,
    Missing,
}

/// What could last be had of one kind of part, by what it is of.
#[derive(Debug)]
pub(crate) struct LastKnown<K, T>(Remembered<K, (T, Timestamp)>);

impl<K: Eq + Hash + Copy, T: Clone> LastKnown<K, T> {
    pub(crate) fn new() -> Self {
        Self(Remembered::new(REMEMBERED))
    }

    /// The part that `read` gives, if it does within 300 milliseconds; else the one before.
    pub(crate) async fn part<E>(
        &self,
        key: K,
        now: Timestamp,
        read: impl Future<Output = Result<T, E>>,
    ) -> Part<T> {
        if let Ok(Ok(value)) = timeout(PART_WITHIN, read).await {
            self.0.put(key, (value.clone(), now));
            return Part::fresh(value, now);
        }
        match self.0.get(key) {
            Some((value, as_of)) => Part {
                value: Some(value),
                freshness: Freshness { state: FreshnessState::Stale, as_of: Some(as_of) },
            },
            None => Part::missing(),
        }
    }
}

impl<T> Part<T> {
    /// What `read` gives if it does within 300 milliseconds; nothing of it would be good later.
    pub(crate) async fn now<E>(now: Timestamp, read: impl Future<Output = Result<T, E>>) -> Self {
        match timeout(PART_WITHIN, read).await {
            Ok(Ok(value)) => Self::fresh(value, now),
            _ => Self::missing(),
        }
    }

    fn fresh(value: T, now: Timestamp) -> Self {
        let freshness = Freshness { state: FreshnessState::Fresh, as_of: Some(now) };
        Self { value: Some(value), freshness }
    }

    pub(crate) fn missing() -> Self {
        let freshness = Freshness { state: FreshnessState::Missing, as_of: None };
        Self { value: None, freshness }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_part_that_fails_or_takes_too_long_is_as_it_was_last() {
        let parts = LastKnown::new();
        let at = |second| Timestamp::from_second(second).unwrap();
        let never = std::future::pending::<Result<u8, ()>>;
        assert_eq!(parts.part(1, at(1), never()).await, Part::missing());
        let fresh = parts.part(1, at(2), async { Ok::<_, ()>(7) }).await;
        assert_eq!(fresh, Part::fresh(7, at(2)));
        for _ in 0..2 {
            let stale = parts.part(1, at(3), never()).await;
            assert_eq!((stale.value, stale.freshness.as_of), (Some(7), Some(at(2))));
        }
        let stale = parts.part(1, at(4), async { Err(()) }).await;
        assert_eq!(stale.freshness.state, FreshnessState::Stale);
        assert_eq!(parts.part(2, at(5), never()).await, Part::missing());
    }
}
