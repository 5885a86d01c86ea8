//! What can go wrong with any API: it is slow, down or throttled.

use serde::{Deserialize, Serialize};

use super::{Field, Fieldset};

/// The longest delay, so that a forgotten switch does not hold connections for ever.
const MAX_DELAY_MS: u64 = 600_000;
/// The longest `Retry-After`.
const MAX_RETRY_AFTER_SECONDS: u64 = 3_600;

/// Which requests are struck, and what any API can do wrong with them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Network {
    /// How likely a request is struck, from 0 to 1.
    pub probability: f64,
    /// The seed of the draws.
    pub seed: u64,
    /// How many requests are struck before all is well again; `None` is without end.
    pub times: Option<u32>,
    /// How much later an answer comes, in milliseconds.
    pub delay_ms: u64,
    /// No useful answer at all.
    pub down: Option<Down>,
    /// 429 with `Retry-After`.
    pub throttle: Option<Throttle>,
}

/// How a service is down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Down {
    /// 500.
    InternalError,
    /// 503.
    ServerBusy,
    /// The connection is closed without an answer.
    Closed,
}

/// Which requests are throttled, and what they are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Throttle {
    /// Every so-manieth struck request; 1 is each.
    pub every: u32,
    /// The `Retry-After` header, in seconds; `None` leaves it out.
    pub retry_after_seconds: Option<u64>,
}

impl Default for Throttle {
    fn default() -> Self {
        Self { every: 1, retry_after_seconds: None }
    }
}

/// Faults that have a [`Network`] in them, as [`faults!`](macro@crate::faults) makes them. A simulator whose faults do not
/// strike requests has none.
pub trait NetworkFaults: Sized {
    /// What they say about the network.
    fn network(&self) -> Option<Network> {
        None
    }

    /// Sets what is left of `times`.
    fn set_times(&mut self, times: Option<u32>) {
        let _ = times;
    }

    /// The same for every request, without end.
    #[must_use]
    fn for_every_request(self) -> Self {
        self
    }
}

impl Network {
    pub(super) fn check(&self) -> Result<(), String> {
        let throttle = self.throttle.unwrap_or_default();
        let wrong = if !(0.0..=1.0).contains(&self.probability) {
            "probability is from 0 to 1"
        } else if self.delay_ms > MAX_DELAY_MS {
            "delayMs is at most 600000"
        } else if throttle.every == 0 {
            "throttle.every is at least 1"
        } else if throttle
            .retry_after_seconds
            .is_some_and(|seconds| seconds > MAX_RETRY_AFTER_SECONDS)
        {
            "throttle.retryAfterSeconds is at most 3600"
        } else {
            return Ok(());
        };
        Err(wrong.to_owned())
    }
}

pub(super) fn what() -> Fieldset {
    let down = [
        ("internal-error", "500, internal error"),
        ("server-busy", "503, busy"),
        ("closed", "connection closed"),
    ];
    Fieldset::new(
        "The network",
        vec![
            Field::number("delayMs", "Slow, milliseconds", 0.0, 600_000.0),
            Field::choice("down", "Down", "no", down),
            Field::number("throttle.every", "Throttled, every so-manieth", 1.0, 1_000_000.0),
            Field::number("throttle.retryAfterSeconds", "Retry-After, seconds", 0.0, 3_600.0),
        ],
    )
}

pub(super) fn which() -> Fieldset {
    Fieldset::new(
        "Which requests",
        vec![
            Field::number("probability", "Probability", 0.0, 1.0),
            Field::number("seed", "Seed", 0.0, 9e15),
            Field::number("times", "At most so many", 0.0, 4e9),
        ],
    )
}
