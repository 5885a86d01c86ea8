//! How long we wait for a service, how often we ask, how much we send and read, and when we leave it alone.

use std::time::Duration;

/// The longest one try may take, the token and the whole answer included.
const TRY_DEADLINE: Duration = Duration::from_secs(10);
/// The longest a call may take, all tries and pauses included.
const TOTAL_DEADLINE: Duration = Duration::from_secs(30);
/// Tries of one call.
const MAX_TRIES: u32 = 4;
/// The longest pause before the second try; it doubles with each try.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
/// The longest pause of all, unless the service asks for a longer one.
const LONGEST_PAUSE: Duration = Duration::from_secs(8);
/// The largest body that is sent.
const MAX_REQUEST_BYTES: usize = 8 << 20;
/// The largest body that is read.
const MAX_ANSWER_BYTES: usize = 1 << 20;
/// Failed tries in a row after which a service is left alone.
const FAILURES_TO_OPEN: u32 = 5;
/// How long it is left alone at first; doubles each time that it still does not answer.
const OPEN_FOR: Duration = Duration::from_secs(15);
/// The longest it is left alone, whatever it asks for.
const LONGEST_OPEN_FOR: Duration = Duration::from_secs(300);
/// Second tries that a destination may cause at once.
const MAX_SAVED_RETRIES: u32 = 20;
/// Calls that earn one more second try.
const CALLS_PER_RETRY: u32 = 5;

/// The limits of a [`Client`](crate::Client).
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// The longest one try may take, the token and the whole answer included.
    pub try_deadline: Duration,
    /// The longest a call may take, all tries and pauses included.
    pub total_deadline: Duration,
    /// Tries of one call; at least one is made.
    pub tries: u32,
    /// The longest pause before the second try; it doubles with each try.
    pub first_pause: Duration,
    /// The longest pause of all, unless the service asks for a longer one (`Retry-After`).
    pub longest_pause: Duration,
    /// The largest body that is sent.
    pub max_request_bytes: usize,
    /// The largest body that is read.
    pub max_answer_bytes: usize,
    /// For answers whose status counts: their body is read for so long, as far as `max_answer_bytes`, and what comes later
    /// is nobody's business. `None`: all of it, or there is no answer.
    pub glance_for: Option<Duration>,
    /// Redirects that one try follows; with none, the answer is the redirect.
    pub redirects: u32,
    /// When a destination is left alone.
    pub breaker: BreakerLimits,
    /// How many tries more than calls a destination gets.
    pub retry_budget: RetryBudget,
}

/// When the circuit breaker of a destination opens, and for how long.
#[derive(Debug, Clone, Copy)]
pub struct BreakerLimits {
    /// Failed tries in a row that open it.
    pub failures_to_open: u32,
    /// How long it stays open at first; doubles each time that the one who asks for all fails.
    pub open_for: Duration,
    /// The longest it stays open, whatever the service asks for.
    pub longest_open_for: Duration,
    /// Who asked for all and has not reported by then was given up by its caller.
    pub probe_lapses_after: Duration,
}

/// Second tries are paid from a purse of each destination, so that a service in trouble gets a little more than its
/// usual traffic, not four times as much.
#[derive(Debug, Clone, Copy)]
pub struct RetryBudget {
    /// What the purse holds at first, and at most.
    pub most_saved: u32,
    /// So many calls put one second try into the purse.
    pub calls_per_retry: u32,
}

impl Limits {
    /// 10 s for a try, 30 s and 4 tries for a call, 8 MiB out, 1 MiB in, no redirects.
    pub const DEFAULT: Self = Self {
        try_deadline: TRY_DEADLINE,
        total_deadline: TOTAL_DEADLINE,
        tries: MAX_TRIES,
        first_pause: FIRST_PAUSE,
        longest_pause: LONGEST_PAUSE,
        max_request_bytes: MAX_REQUEST_BYTES,
        max_answer_bytes: MAX_ANSWER_BYTES,
        glance_for: None,
        redirects: 0,
        breaker: BreakerLimits {
            failures_to_open: FAILURES_TO_OPEN,
            open_for: OPEN_FOR,
            longest_open_for: LONGEST_OPEN_FOR,
            probe_lapses_after: TRY_DEADLINE,
        },
        retry_budget: RetryBudget {
            most_saved: MAX_SAVED_RETRIES,
            calls_per_retry: CALLS_PER_RETRY,
        },
    };
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}
