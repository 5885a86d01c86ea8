//! What a consent is about (RFC 9396): for what, how far back, until when.

use jiff::{Timestamp, ToSpan as _};
use serde::{Deserialize, Serialize};

use super::Refused;
use crate::data::MAX_HISTORY_DAYS;

/// The only type of details that this bank knows.
const TYPE: &str = "account_information";
/// What holds where nothing is said, in days.
const DEFAULT_DAYS: i32 = 90;
/// A consent is good for so long at most, in hours: 180 days.
const MAX_VALID_HOURS: i64 = 180 * 24;

/// One of the `authorization_details`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Details {
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) purpose: String,
    /// How many days of transactions may be read.
    pub(crate) days: i32,
    pub(crate) valid_until: Timestamp,
}

impl Details {
    /// What a client that the bank trusts has without having asked.
    pub(crate) fn usual(now: Timestamp) -> Self {
        let valid_until = now.saturating_add((i64::from(DEFAULT_DAYS) * 24).hours()).unwrap_or(now);
        let purpose = "credit-assessment".to_owned();
        Self { kind: TYPE.to_owned(), purpose, days: MAX_HISTORY_DAYS, valid_until }
    }

    /// Reads the parameter; the consent ends after 180 days whatever it says.
    pub(crate) fn read(text: Option<&str>, now: Timestamp) -> Result<Self, Refused> {
        let refused = |why: String| Refused::new("invalid_authorization_details", why);
        let Some(text) = text else {
            return Ok(Self { days: DEFAULT_DAYS, ..Self::usual(now) });
        };
        let details: Vec<Self> =
            serde_json::from_str(text).map_err(|error| refused(error.to_string()))?;
        let [details] = <[Self; 1]>::try_from(details)
            .map_err(|_| refused("there is exactly one member".to_owned()))?;
        let latest = now.saturating_add(MAX_VALID_HOURS.hours()).unwrap_or(now);
        if details.kind != TYPE {
            Err(refused(format!("type is {TYPE}")))
        } else if !(1..=MAX_HISTORY_DAYS).contains(&details.days) {
            Err(refused(format!("days is from 1 to {MAX_HISTORY_DAYS}")))
        } else if details.valid_until <= now {
            Err(refused("validUntil is over".to_owned()))
        } else {
            Ok(Self { valid_until: details.valid_until.min(latest), ..details })
        }
    }
}
