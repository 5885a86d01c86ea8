//! What the simulator is told to do wrong, and when.

mod draw;
mod form;

pub(crate) use draw::{Drawn, Switches};
pub(crate) use form::from_form;

use crate::Severities;
use serde::{Deserialize, Serialize};
use std::str::FromStr;

/// The longest delay, so that a forgotten switch does not hold connections for ever.
const MAX_DELAY_MS: u64 = 600_000;
/// The longest `Retry-After`.
const MAX_RETRY_AFTER_SECONDS: u64 = 3600;

/// What goes wrong with the requests that are struck; everything else is served as Azure would. Members that are
/// left out are off. Written as JSON in `CONTENT_SAFETY_FAULTS` and at `/faults`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Faults {
    /// How likely a request is struck, from 0 to 1.
    pub probability: f64,
    /// The seed of the draws, so that a run can be repeated.
    pub seed: u64,
    /// How many requests are struck before all is well again; `None` is without end.
    pub times: Option<u32>,
    /// Slow: every answer to a struck request comes this much later, in milliseconds, up to ten minutes.
    pub delay_ms: u64,
    /// Down: no useful answer at all.
    pub down: Option<Down>,
    /// Throttled: 429 with `Retry-After`.
    pub throttle: Option<Throttle>,
    /// Wrong: an answer that breaks the contract.
    pub wrong: Option<Wrong>,
    /// A verdict instead of the measure's.
    pub answer: Option<Severities>,
}

/// How the service is down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Down {
    /// 500 `InternalError`.
    InternalError,
    /// 503 `ServerBusy`.
    ServerBusy,
    /// The connection is closed without an answer.
    Closed,
}

/// Which requests are throttled, and what they are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Throttle {
    /// Every so-manieth struck request; 1 is each.
    pub every: u32,
    /// The `Retry-After` header, in seconds; `None` leaves it out.
    pub retry_after_seconds: Option<u64>,
}

/// How an answer breaks the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Wrong {
    /// JSON that ends in the middle.
    MalformedJson,
    /// Three categories of four.
    MissingCategory,
    /// One category twice, with different severities.
    RepeatedCategory,
    /// A fifth category.
    UnknownCategory,
    /// A severity of 9.
    SeverityOutOfRange,
    /// A category without its severity.
    MissingSeverity,
    /// A page of HTML with status 200, as a proxy in between would answer.
    WrongContentType,
    /// A right answer with a megabyte of white space behind it.
    Oversized,
}

impl Default for Faults {
    fn default() -> Self {
        Self {
            probability: 1.0,
            seed: 0,
            times: None,
            delay_ms: 0,
            down: None,
            throttle: None,
            wrong: None,
            answer: None,
        }
    }
}

/// Why faults were not taken.
#[derive(Debug, thiserror::Error)]
pub enum FaultsError {
    /// Not the JSON of [`Faults`].
    #[error("reading the faults: {0}")]
    Json(#[from] serde_path_to_error::Error<serde_json::Error>),
    /// A value that makes no sense.
    #[error("reading the faults: {0}")]
    Value(String),
}

impl Faults {
    /// Whether nothing is switched on.
    #[must_use]
    pub fn are_off(&self) -> bool {
        self.delay_ms == 0
            && self.down.is_none()
            && self.throttle.is_none()
            && self.wrong.is_none()
            && self.answer.is_none()
    }

    pub(crate) fn from_json(json: &[u8]) -> Result<Self, FaultsError> {
        let mut text = serde_json::Deserializer::from_slice(json);
        let faults: Self = serde_path_to_error::deserialize(&mut text)?;
        text.end().map_err(|error| FaultsError::Value(error.to_string()))?;
        faults.checked()
    }

    /// # Errors
    /// A value is out of its range.
    pub(crate) fn checked(self) -> Result<Self, FaultsError> {
        let refused = |what: &str| Err(FaultsError::Value(what.to_owned()));
        let throttle = self.throttle.unwrap_or(Throttle { every: 1, retry_after_seconds: None });
        if !(0.0..=1.0).contains(&self.probability) {
            return refused("probability is from 0 to 1");
        }
        if self.delay_ms > MAX_DELAY_MS {
            return refused("delayMs is at most 600000");
        }
        if throttle.every == 0 {
            return refused("throttle.every is at least 1");
        }
        if throttle.retry_after_seconds.is_some_and(|seconds| seconds > MAX_RETRY_AFTER_SECONDS) {
            return refused("throttle.retryAfterSeconds is at most 3600");
        }
        if self.answer.is_some_and(|severities| !severities.are_levels()) {
            return refused("the severities in answer are 0, 2, 4 or 6");
        }
        Ok(self)
    }
}

impl FromStr for Faults {
    type Err = FaultsError;

    fn from_str(json: &str) -> Result<Self, FaultsError> {
        Self::from_json(json.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;

    #[test]
    fn what_is_left_out_is_off() {
        let faults: Faults = r#"{"down":"server-busy","times":3}"#.parse().unwrap();
        let expected = Faults { down: Some(Down::ServerBusy), times: Some(3), ..Faults::default() };
        assert_eq!(faults, expected);
        assert!("{}".parse::<Faults>().unwrap().are_off());
    }

    #[test]
    fn nonsense_is_refused_and_says_where() {
        let refusals = [
            (r#"{"dwon":"closed"}"#, "unknown field `dwon`"),
            (r#"{"probability":2}"#, "probability is from 0 to 1"),
            (r#"{"throttle":{"every":0}}"#, "throttle.every is at least 1"),
            (r#"{"answer":{"sexual":3}}"#, "0, 2, 4 or 6"),
            (r#"{"wrong":"very"}"#, "wrong: unknown variant `very`"),
            (r#"{"delayMs":600001}"#, "delayMs is at most 600000"),
            ("{} {}", "trailing characters"),
        ];
        for (json, reason) in refusals {
            let error = json.parse::<Faults>().unwrap_err().to_string();
            assert!(error.contains(reason), "{json}: {error}");
        }
    }
}
