//! A card: who may spend from the account, and how much. The card's number is the processor's secret: here are its
//! token and its last four digits.

use super::{AccountId, Amount, CardId};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// Most authorisations of one card within [`PACE_WINDOW`]: more is how a stolen card is tried out.
pub(crate) const MAX_PACE: usize = 10;
/// In which time they are counted.
pub(crate) const PACE_WINDOW: SignedDuration = SignedDuration::from_secs(60);

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Card {
    pub(crate) id: CardId,
    pub(crate) account_id: AccountId,
    /// The last four digits of the card's number.
    pub(crate) last_four: String,
    /// The month after which it is worth nothing, `2029-04`.
    pub(crate) expires: String,
    pub(crate) state: CardState,
    /// Most of one purchase; none: only the account's limit.
    pub(crate) purchase_limit: Option<Amount>,
    /// Most of a calendar month (UTC); none: only the account's limit.
    pub(crate) month_limit: Option<Amount>,
    pub(crate) spent: MonthSpend,
    /// When the last authorisations were asked for, at most [`MAX_PACE`].
    pub(crate) pace: Vec<Timestamp>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum CardState {
    /// On its way: not activated yet.
    Inactive,
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
        self.expires < month_of(now)
    }

    /// How many authorisations were asked for within [`PACE_WINDOW`].
    pub(crate) fn recent(&self, now: Timestamp) -> usize {
        self.pace.iter().filter(|at| now.duration_since(**at) < PACE_WINDOW).count()
    }

    /// One more was asked for.
    pub(crate) fn asked(&mut self, now: Timestamp) {
        self.pace.push(now);
        let surplus = self.pace.len().saturating_sub(MAX_PACE);
        self.pace.drain(..surplus);
    }
}

/// The calendar month of a time in UTC, `2026-11`.
pub(crate) fn month_of(at: Timestamp) -> String {
    let date: Date = at.to_zoned(jiff::tz::TimeZone::UTC).date();
    format!("{:04}-{:02}", date.year(), date.month())
}
