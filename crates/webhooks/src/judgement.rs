//! What follows from a receiver's answer.

use std::time::Duration;

use crate::wait_after;

/// What became of an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The receiver answered. Its body does not count.
    Status {
        /// The status of the answer; of a redirect, its own: it is not followed.
        code: u16,
        /// What `Retry-After` asked for, as [`retry_after`](crate::retry_after()) reads it.
        retry_after: Option<Duration>,
    },
    /// No answer: no connection, a connection that broke, or nothing in time. Give a receiver 15 to 30 seconds.
    Nothing,
}

/// What to do now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It was taken (2xx).
    Delivered,
    /// Try this message again after so long.
    Again(Duration),
    /// The receiver has too much to do (429, 502, 504): try this message again after so long, and send it others more slowly.
    Throttled(Duration),
    /// The receiver wants no more of it (410): disable the endpoint, send it nothing, and tell its owner.
    Disable,
    /// That was the last attempt: the message failed. Show it to the owner, who may have it sent anew.
    OutOfTries,
}

impl Answer {
    /// An answer with this status, and no `Retry-After`.
    #[must_use]
    pub fn status(code: u16) -> Self {
        Self::Status { code, retry_after: None }
    }

    /// What to do after this answer to the attempt of this number, counted from 1. `draw` is a random number from 0 to 1, see
    /// [`wait_after`].
    #[must_use]
    pub fn judge(self, attempt: u32, draw: f64) -> Verdict {
        let (code, retry_after) = match self {
            Self::Status { code, retry_after } => (Some(code), retry_after),
            Self::Nothing => (None, None),
        };
        match (code, wait_after(attempt, draw, retry_after)) {
            (Some(200..=299), _) => Verdict::Delivered,
            (Some(410), _) => Verdict::Disable,
            (_, None) => Verdict::OutOfTries,
            (Some(429 | 502 | 504), Some(wait)) => Verdict::Throttled(wait),
            // A redirect too: following it would send what was signed to where nobody agreed to.
            (_, Some(wait)) => Verdict::Again(wait),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;

    const FIVE_SECONDS: Duration = Duration::from_secs(5);

    fn after_the_first(code: u16) -> Verdict {
        Answer::status(code).judge(1, 0.5)
    }

    #[test]
    fn every_status_has_one_verdict() {
        for code in 0..=999 {
            let expected = match code {
                200..=299 => Verdict::Delivered,
                410 => Verdict::Disable,
                429 | 502 | 504 => Verdict::Throttled(FIVE_SECONDS),
                _ => Verdict::Again(FIVE_SECONDS),
            };
            assert_eq!(after_the_first(code), expected, "{code}");
        }
        assert_eq!(Answer::Nothing.judge(1, 0.5), Verdict::Again(FIVE_SECONDS));
    }

    #[test]
    fn the_last_attempt_may_still_deliver_or_disable() {
        let last = |code| Answer::status(code).judge(crate::MAX_ATTEMPTS, 0.5);
        assert_eq!(last(204), Verdict::Delivered);
        assert_eq!(last(410), Verdict::Disable);
        for code in [301, 400, 429, 500] {
            assert_eq!(last(code), Verdict::OutOfTries, "{code}");
        }
        assert_eq!(Answer::Nothing.judge(crate::MAX_ATTEMPTS, 0.5), Verdict::OutOfTries);
    }

    #[test]
    fn any_failure_may_ask_for_a_later_attempt() {
        let asked = |code| {
            let retry_after = Some(Duration::from_secs(8));
            Answer::Status { code, retry_after }.judge(1, 0.0)
        };
        assert_eq!(asked(503), Verdict::Again(Duration::from_secs(8)));
        assert_eq!(asked(429), Verdict::Throttled(Duration::from_secs(8)));
        assert_eq!(asked(200), Verdict::Delivered);
    }
}
