//! Amounts within one account: whole minor units of its currency.

use money::{Currency, Money};
use serde::{Deserialize, Serialize};
use std::iter::Sum;
use std::ops::{Add, AddAssign, Neg, Sub, SubAssign};

/// So many of the smallest units of the account's currency (cents, øre, yen); negative where it is owed to the customer.
/// In JSON a whole number, which Cosmos DB keeps exactly up to 2^53: a single amount of a message has at most
/// [`Amount::LARGEST`], so that there is room for ninety thousand of them.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub(crate) struct Amount(i64);

impl Amount {
    pub(crate) const ZERO: Self = Self(0);
    /// The largest of a message or a limit: a thousand million euros.
    pub(crate) const LARGEST: Self = Self(100_000_000_000);

    /// An amount that somebody sent: more than nothing, whole units, and of this currency.
    pub(crate) fn of(money: Money, currency: Currency) -> Result<Self, AmountError> {
        if money.currency() != currency {
            return Err(AmountError::OtherCurrency { sent: money.currency(), account: currency });
        }
        let units = money.minor_units().map_err(|_| AmountError::NotWhole(currency))?;
        let units = i64::try_from(units).map_err(|_| AmountError::OutOfRange)?;
        if !(1..=Self::LARGEST.0).contains(&units) {
            return Err(AmountError::OutOfRange);
        }
        Ok(Self(units))
    }

    /// The same, or nothing: who asks whether a card is good asks for nothing.
    pub(crate) fn asked(money: Money, currency: Currency) -> Result<Self, AmountError> {
        if money == Money::zero(currency) { Ok(Self::ZERO) } else { Self::of(money, currency) }
    }

    /// With its currency, as clients see it.
    pub(crate) fn in_currency(self, currency: Currency) -> Money {
        // Accounts are opened in currencies with a minor unit only.
        Money::from_minor_units(self.0, currency).unwrap_or_else(|_| Money::zero(currency))
    }

    pub(crate) fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// It, or nothing if it is less.
    pub(crate) fn or_zero(self) -> Self {
        self.max(Self::ZERO)
    }
}

/// Why an amount of somebody else's is none for an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum AmountError {
    #[error("is in {sent}, and the account in {account}")]
    OtherCurrency { sent: Currency, account: Currency },
    #[error("must be whole in the smallest unit of {0}")]
    NotWhole(Currency),
    #[error("must be more than zero and at most 100000000000 of the smallest units")]
    OutOfRange,
}

impl From<i64> for Amount {
    fn from(units: i64) -> Self {
        Self(units)
    }
}

impl Add for Amount {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sub for Amount {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Neg for Amount {
    type Output = Self;
    fn neg(self) -> Self {
        Self(self.0.saturating_neg())
    }
}

impl AddAssign for Amount {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl SubAssign for Amount {
    fn sub_assign(&mut self, other: Self) {
        *self = *self - other;
    }
}

impl Sum for Amount {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(text: &str) -> Result<Amount, AmountError> {
        Amount::of(text.parse().unwrap(), "EUR".parse().unwrap())
    }

    #[test]
    fn an_amount_is_taken_whole_positive_and_in_the_accounts_currency() {
        assert_eq!(taken("9.90 EUR"), Ok(Amount(990)));
        assert_eq!(
            taken("9.905 EUR").unwrap_err().to_string(),
            "must be whole in the smallest unit of EUR"
        );
        assert_eq!(taken("0 EUR"), Err(AmountError::OutOfRange));
        assert_eq!(taken("-1 EUR"), Err(AmountError::OutOfRange));
        assert_eq!(taken("1000000000.01 EUR"), Err(AmountError::OutOfRange));
        assert_eq!(taken("9 SEK").unwrap_err().to_string(), "is in SEK, and the account in EUR");
        assert_eq!(Amount(990).in_currency("EUR".parse().unwrap()).to_string(), "9.90 EUR");
    }
}
