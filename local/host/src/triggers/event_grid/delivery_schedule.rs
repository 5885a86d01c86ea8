//! When Event Grid delivers again (documentation, "Event Grid message delivery and retry").

use std::time::Duration;

const fn minutes(count: u64) -> Duration {
    Duration::from_secs(60 * count)
}

/// The wait before each further attempt; the last one repeats. The service spreads them a little, this one does not.
const WAITS: [Duration; 10] = [
    Duration::from_secs(10),
    Duration::from_secs(30),
    minutes(1),
    minutes(5),
    minutes(10),
    minutes(30),
    minutes(60),
    minutes(3 * 60),
    minutes(6 * 60),
    minutes(12 * 60),
];

/// How long an endpoint may take to answer.
pub(super) const RESPONSE_DEADLINE: Duration = Duration::from_secs(30);
/// How long an event that was given up waits before it is written to the dead letters.
pub(super) const DEAD_LETTER_DELAY: Duration = minutes(5);

/// What an attempt's answer means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Judgement {
    Delivered,
    TryAgain,
    /// No attempt will ever succeed.
    Hopeless,
}

/// Judges a webhook's answer; `None` is none in time.
pub(super) fn judge(status: Option<u16>) -> Judgement {
    match status {
        Some(200..=204) => Judgement::Delivered,
        Some(400 | 401 | 403 | 413) => Judgement::Hopeless,
        _ => Judgement::TryAgain,
    }
}

/// The wait after this many attempts, at least 1.
pub(super) fn wait_after(attempts: u32) -> Duration {
    let last = WAITS.len() - 1;
    WAITS[usize::try_from(attempts.saturating_sub(1)).unwrap_or(last).min(last)]
}

/// The word that a dead letter has for an answer.
pub(super) fn outcome_word(status: Option<u16>) -> &'static str {
    match status {
        None => "TimedOut",
        Some(400) => "BadRequest",
        Some(401) => "Unauthorized",
        Some(403) => "Forbidden",
        Some(404) => "NotFound",
        Some(413) => "PayloadTooLarge",
        Some(429 | 503) => "Busy",
        Some(_) => "GenericError",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_follow_the_published_schedule() {
        let seconds: Vec<u64> = (1..=11).map(|attempts| wait_after(attempts).as_secs()).collect();
        assert_eq!(seconds, [10, 30, 60, 300, 600, 1800, 3600, 10_800, 21_600, 43_200, 43_200]);
    }

    #[test]
    fn answers_are_judged_as_published() {
        for status in [200, 201, 202, 203, 204] {
            assert_eq!(judge(Some(status)), Judgement::Delivered);
        }
        for status in [400, 401, 403, 413] {
            assert_eq!(judge(Some(status)), Judgement::Hopeless);
        }
        for status in [Some(404), Some(408), Some(500), Some(503), Some(302), None] {
            assert_eq!(judge(status), Judgement::TryAgain);
        }
    }
}
