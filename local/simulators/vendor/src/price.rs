//! What one licence costs.

use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};

/// Digits behind the point: no currency has more.
const MAX_SCALE: u32 = 3;

/// An amount with the digits that it was written with, and a currency: `{"amount": "8.00", "currency": "EUR"}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub(crate) struct Price {
    amount: Decimal,
    currency: String,
}

/// As it stands in JSON.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    amount: String,
    currency: String,
}

impl Price {
    /// Of texts such as `8.00` and `EUR`.
    ///
    /// # Errors
    /// What is wrong with them, for people.
    pub(crate) fn new(amount: &str, currency: &str) -> Result<Self, String> {
        let is_plain = amount.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        let read = amount.parse::<Decimal>().ok();
        let amount =
            read.filter(|read| is_plain && read.scale() <= MAX_SCALE).ok_or_else(|| {
                format!("amount is a number such as \"8.00\", not below 0, not {amount:?}")
            })?;
        if currency.len() != 3 || !currency.bytes().all(|byte| byte.is_ascii_uppercase()) {
            return Err(format!("currency is three letters such as \"EUR\", not {currency:?}"));
        }
        Ok(Self { amount, currency: currency.to_owned() })
    }

    /// A tenth more, at least the smallest unit.
    pub(crate) fn raised(&self) -> Self {
        let scale = self.amount.scale();
        let tenth = (self.amount / Decimal::TEN)
            .round_dp_with_strategy(scale, RoundingStrategy::AwayFromZero);
        let amount = self.amount + tenth.max(Decimal::new(1, scale));
        Self { amount, currency: self.currency.clone() }
    }

    /// The same amount in a currency that it is not of.
    pub(crate) fn in_another_currency(&self) -> Self {
        let currency = if self.currency == "USD" { "EUR" } else { "USD" };
        Self { amount: self.amount, currency: currency.to_owned() }
    }

    /// `8.00`
    pub(crate) fn amount(&self) -> String {
        self.amount.to_string()
    }

    /// `EUR`
    pub(crate) fn currency(&self) -> &str {
        &self.currency
    }
}

impl TryFrom<Written> for Price {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, String> {
        Self::new(&written.amount, &written.currency)
    }
}

impl From<Price> for Written {
    fn from(price: Price) -> Self {
        Self { amount: price.amount.to_string(), currency: price.currency }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;

    #[test]
    fn a_price_keeps_its_digits_and_is_equal_by_value() {
        let price: Price =
            serde_json::from_str(r#"{"amount": "8.00", "currency": "EUR"}"#).unwrap();
        assert_eq!(serde_json::to_string(&price).unwrap(), r#"{"amount":"8.00","currency":"EUR"}"#);
        assert_eq!(price, Price::new("8", "EUR").unwrap());
        assert_eq!(price.raised().amount(), "8.80");
        assert_eq!(Price::new("0.00", "EUR").unwrap().raised().amount(), "0.01");
        assert_eq!(price.in_another_currency().currency(), "USD");
        for (amount, currency) in [
            ("-1", "EUR"),
            ("1e3", "EUR"),
            ("", "EUR"),
            ("1.0000", "EUR"),
            ("1", "eur"),
            ("1", "EU"),
        ] {
            assert!(Price::new(amount, currency).is_err(), "{amount} {currency}");
        }
    }
}
