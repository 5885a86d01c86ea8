//! A card: who may spend from the account, and how much. The card's number is the processor's secret: here are its
//! token and its last four digits.

use super::pace::Pace;
use super::{AccountId, Amount, CardId};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use values::Revision;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Card {
    pub(crate) id: CardId,
    pub(crate) account_id: AccountId,
    /// None until the processor has made it.
    pub(crate) face: Option<Face>,
    pub(crate) state: CardState,
    pub(crate) limits: CardLimits,
    pub(crate) spent: MonthSpend,
    pub(crate) pace: Pace,
    /// Wrong activations so far, at most [`MAX_ATTEMPTS`](super::MAX_ATTEMPTS).
    pub(crate) attempts: u8,
    pub(crate) replaces: Option<CardId>,
    pub(crate) replaced_by: Option<CardId>,
    /// Of its state and limits. What is spent does not count.
    pub(crate) revision: Revision,
    pub(crate) ordered_at: Timestamp,
}

/// What stands on a card and may be shown: never its number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Face {
    /// The last four digits of its number.
    pub(crate) last_four: String,
    /// The last month in which it works, `2029-04`.
    pub(crate) expires: String,
    /// `visa`.
    pub(crate) network: String,
}

/// The most that may be spent with one card; none: only the account's limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct CardLimits {
    /// Of one purchase.
    pub(crate) purchase: Option<Amount>,
    /// Of a calendar month (UTC).
    pub(crate) month: Option<Amount>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum CardState {
    /// The processor was asked to make it, and has not answered yet.
    Ordered,
    /// On its way to its holder.
    Inactive,
    /// Its holder has it; the network has not confirmed that yet.
    Activating,
    Active,
    /// Stopped by its holder, and can be taken up again.
    Frozen,
    Lost,
    Stolen,
    /// Another card has taken its place.
    Replaced,
}

/// What was spent with a card in one calendar month.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct MonthSpend {
    /// `2026-11`.
    pub(crate) month: String,
    pub(crate) amount: Amount,
}

impl Card {
    /// What was spent with it in the month of `now`.
    pub(crate) fn spent_in_month(&self, now: Timestamp) -> Amount {
        if self.spent.month == month_of(now) { self.spent.amount } else { Amount::ZERO }
    }

    /// What an authorisation of that month costs has changed by `by`. Of a month that is over nothing is kept.
    pub(crate) fn spend(&mut self, month: &str, by: Amount) {
        if self.spent.month.as_str() < month {
            self.spent = MonthSpend { month: month.to_owned(), amount: Amount::ZERO };
        }
        if self.spent.month == month {
            self.spent.amount += by;
        }
    }

    /// Whether the month that stands on it has passed.
    pub(crate) fn is_over(&self, now: Timestamp) -> bool {
        self.face.as_ref().is_none_or(|face| face.expires < month_of(now))
    }

    /// The same card with a state or limits that were changed.
    pub(super) fn revised(self) -> Self {
        Self { revision: self.revision.next(), ..self }
    }
}

/// The calendar month of a time in UTC, `2026-11`.
pub(crate) fn month_of(at: Timestamp) -> String {
    let date: Date = at.to_zoned(jiff::tz::TimeZone::UTC).date();
    format!("{:04}-{:02}", date.year(), date.month())
}
