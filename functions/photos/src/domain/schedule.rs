//! When the sweep looks at a photo again, if nothing else happens to it. Whatever is interrupted, and
//! wherever, is found by this.

use super::checking::Checking;
use jiff::{SignedDuration, Timestamp};
use std::time::Duration;

/// How long a photo may be checked before a person must look, unless `MAX_CHECKING` says otherwise.
pub(crate) const MAX_CHECKING_TIME: SignedDuration = SignedDuration::from_hours(1);
/// How long one run of the pipeline keeps others away from a photo.
pub(super) const RUN_LEASE: SignedDuration = SignedDuration::from_mins(3);
/// How long a run may take in all: shorter than its lease, so that no other begins beside it, and together with the
/// wait for a place shorter than the host lets a function run (host.json: functionTimeout, 5 min).
pub(crate) const RUN_DEADLINE: Duration = Duration::from_secs(150);
/// How long after its ticket an upload is still waited for: the event may be late.
pub(super) const UPLOAD_GRACE: SignedDuration = SignedDuration::from_mins(2);
/// How long after a change the sweep does what whoever made it should have done.
pub(super) const DUTY_GRACE: SignedDuration = SignedDuration::from_mins(1);
/// How long after a change the blobs are put where they belong: longer than anybody who read the photo before
/// the change can still be at work (host.json: functionTimeout, 5 min).
pub(super) const TIDY_AFTER: SignedDuration = SignedDuration::from_mins(10);
/// How often it is made sure that a photo in review has its case.
pub(super) const REVIEW_AGAIN: SignedDuration = SignedDuration::from_hours(1);
/// How long a rejected picture can be looked at again.
pub(super) const KEEP_REJECTED: SignedDuration = SignedDuration::from_hours(30 * 24);
/// The pause before the first try again, doubled with each.
const FIRST_PAUSE: SignedDuration = SignedDuration::from_secs(5);
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_mins(5);
/// Doubling ends here; the longest pause is reached before.
const MAX_DOUBLINGS: u32 = 8;

/// The times that settings may change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Schedule {
    pub(crate) max_checking: SignedDuration,
}

impl Schedule {
    /// How long to wait before a check that failed is tried again: longer from try to try, spread by
    /// `random` (0 to 1) over half of that, at least as long as was asked for, and never past the moment at which a
    /// person must look.
    pub(crate) fn pause(
        self,
        checking: &Checking,
        asked_for: SignedDuration,
        now: Timestamp,
        random: f64,
    ) -> SignedDuration {
        let Checking { since, attempts, .. } = *checking;
        let doubled = FIRST_PAUSE * (1 << attempts.saturating_sub(1).min(MAX_DOUBLINGS));
        let pause = doubled.min(LONGEST_PAUSE).min(self.max_checking / 4);
        let spread = pause.mul_f64(0.5 + random.clamp(0.0, 1.0) / 2.0);
        let left = (since + self.max_checking).duration_since(now);
        spread.max(asked_for).min(left).max(SignedDuration::ZERO)
    }

    pub(crate) fn is_over(self, checking_since: Timestamp, now: Timestamp) -> bool {
        now.duration_since(checking_since) >= self.max_checking
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCHEDULE: Schedule = Schedule { max_checking: MAX_CHECKING_TIME };

    #[test]
    fn pauses_grow_and_end_with_the_time_for_checking() {
        let since = Timestamp::UNIX_EPOCH;
        let run = |attempts| Checking { attempts, ..Checking::begun(since, None) };
        let zero = SignedDuration::ZERO;
        let pause = |attempts, random| SCHEDULE.pause(&run(attempts), zero, since, random);
        assert_eq!(pause(1, 1.0), FIRST_PAUSE);
        assert_eq!(pause(2, 1.0), FIRST_PAUSE * 2);
        assert_eq!(pause(2, 0.0), FIRST_PAUSE);
        assert_eq!(pause(40, 1.0), LONGEST_PAUSE);
        let minute = SignedDuration::from_mins(1);
        assert_eq!(SCHEDULE.pause(&run(1), minute, since, 1.0), minute);
        let late = since + MAX_CHECKING_TIME - SignedDuration::from_secs(7);
        assert_eq!(SCHEDULE.pause(&run(40), minute, late, 1.0), SignedDuration::from_secs(7));
        assert!(SCHEDULE.is_over(since, since + MAX_CHECKING_TIME));
        assert!(!SCHEDULE.is_over(since, late));
    }
}
