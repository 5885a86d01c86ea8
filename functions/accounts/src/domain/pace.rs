//! How often a card is asked about: many questions in a short time are how a stolen card is tried out.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// Most authorisations of one card within [`PACE_WINDOW`].
pub(crate) const MAX_PACE: u32 = 60;
/// In which time they are counted.
const PACE_WINDOW: SignedDuration = SignedDuration::from_secs(60);

/// The questions of a window that began with its first one.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Pace {
    since: Option<Timestamp>,
    asked: u32,
}

impl Pace {
    /// Whether one more question is one too many.
    pub(crate) fn is_too_fast(&self, now: Timestamp) -> bool {
        self.is_within(now) && self.asked >= MAX_PACE
    }

    /// One more was asked.
    pub(crate) fn asked(&mut self, now: Timestamp) {
        if !self.is_within(now) {
            *self = Self { since: Some(now), asked: 0 };
        }
        self.asked = self.asked.saturating_add(1);
    }

    /// Also where clocks differ, and `now` is before the window.
    fn is_within(&self, now: Timestamp) -> bool {
        self.since.is_some_and(|since| now.duration_since(since).abs() < PACE_WINDOW)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_sixty_questions_there_is_a_rest_until_the_minute_is_over() {
        let at = |second: i64| Timestamp::from_second(1_800_000_000 + second).unwrap();
        let mut pace = Pace::default();
        for second in 0..60 {
            assert!(!pace.is_too_fast(at(second / 2)), "{second}");
            pace.asked(at(second / 2));
        }
        assert!(pace.is_too_fast(at(59)) && !pace.is_too_fast(at(60)));
        pace.asked(at(60));
        assert!(!pace.is_too_fast(at(61)));
    }
}
