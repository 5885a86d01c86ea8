//! What may be ordered of the network: so many messages about these cards.

use serde::{Deserialize, Serialize};

/// Most messages of a run.
const MAX_MESSAGES: usize = 100_000;
/// Most cards of a run.
const MAX_CARDS: usize = 10_000;

/// The body of `POST /v1/simulation/run`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Run {
    pub(crate) cards: Vec<OrderedCard>,
    /// The least number of messages; the last purchase is not cut off.
    pub(crate) messages: usize,
    /// The same seed makes the same purchases of the same cards.
    #[serde(default)]
    pub(crate) seed: u64,
    /// Purchases that begin in a second; none is as fast as can be.
    #[serde(default)]
    pub(crate) rate: Option<f64>,
    /// How long a day lasts, in milliseconds: shops capture after minutes to days.
    #[serde(default = "one_second")]
    pub(crate) day_ms: u64,
    /// The largest amount, in the currency's smallest unit, that the processor approves by itself.
    #[serde(default = "small_change")]
    pub(crate) stand_in: i64,
    /// The largest price, in the currency's smallest unit.
    #[serde(default = "shopping")]
    pub(crate) most: i64,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct OrderedCard {
    pub(crate) token: String,
    pub(crate) currency: String,
    /// What its account is called in the book.
    #[serde(default)]
    pub(crate) account: Option<String>,
    /// Shops take no more than the platform approved, and the processor approves nothing by itself: so what is owed and
    /// held can never be more than the limit.
    #[serde(default)]
    pub(crate) within_limit: bool,
}

fn one_second() -> u64 {
    1_000
}

fn small_change() -> i64 {
    5_000
}

fn shopping() -> i64 {
    100_000
}

impl Run {
    /// # Errors
    /// Names the member that makes no sense.
    pub(crate) fn checked(self) -> Result<Self, String> {
        let wrong = if self.cards.is_empty() || self.cards.len() > MAX_CARDS {
            format!("cards are from 1 to {MAX_CARDS}")
        } else if self.messages == 0 || self.messages > MAX_MESSAGES {
            format!("messages are from 1 to {MAX_MESSAGES}")
        } else if self.rate.is_some_and(|rate| !(0.001..=100_000.0).contains(&rate)) {
            "rate is from 0.001 to 100000 a second".to_owned()
        } else if self.day_ms > 86_400_000 {
            "dayMs is at most 86400000, a day".to_owned()
        } else if self.most < 100 || self.stand_in < 0 {
            "most is at least 100, and standIn not below 0".to_owned()
        } else {
            return Ok(self);
        };
        Err(wrong)
    }
}
