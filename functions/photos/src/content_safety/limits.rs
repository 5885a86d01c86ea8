//! How long we wait for Content Safety, how often we ask, and when we leave it alone.

use std::time::Duration;

/// The longest one call may take, the token and the whole answer included. The service usually answers within a
/// second.
const CALL_DEADLINE: Duration = Duration::from_secs(10);
/// The longest one picture may take, tries and pauses included.
const TOTAL_DEADLINE: Duration = Duration::from_secs(30);
/// Calls for one picture.
const MAX_TRIES: u32 = 4;
/// The longest pause before the second try; it doubles with each try.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
/// The longest pause of all, unless the service asks for a longer one.
const LONGEST_PAUSE: Duration = Duration::from_secs(8);
/// Failed calls in a row after which the service is left alone.
const FAILURES_TO_OPEN: u32 = 5;
/// How long it is left alone at first; doubles each time that it still does not answer.
const OPEN_FOR: Duration = Duration::from_secs(15);
/// The longest it is left alone, whatever it asks for.
const LONGEST_OPEN_FOR: Duration = Duration::from_secs(300);

/// All of the above, so that a test can be quicker.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    pub(crate) call_deadline: Duration,
    pub(crate) total_deadline: Duration,
    pub(crate) tries: u32,
    pub(crate) first_pause: Duration,
    pub(crate) longest_pause: Duration,
    pub(crate) breaker: BreakerLimits,
}

/// When the circuit breaker opens, and for how long.
#[derive(Debug, Clone, Copy)]
pub(crate) struct BreakerLimits {
    pub(crate) failures_to_open: u32,
    pub(crate) open_for: Duration,
    pub(crate) longest_open_for: Duration,
    /// A probe that has not ended by then was given up by its caller.
    pub(crate) probe_lapses_after: Duration,
}

impl Limits {
    pub(crate) const DEFAULT: Self = Self {
        call_deadline: CALL_DEADLINE,
        total_deadline: TOTAL_DEADLINE,
        tries: MAX_TRIES,
        first_pause: FIRST_PAUSE,
        longest_pause: LONGEST_PAUSE,
        breaker: BreakerLimits {
            failures_to_open: FAILURES_TO_OPEN,
            open_for: OPEN_FOR,
            longest_open_for: LONGEST_OPEN_FOR,
            probe_lapses_after: CALL_DEADLINE,
        },
    };
}
