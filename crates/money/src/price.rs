//! A price: an amount as somebody wrote it.

use crate::{Currency, Money, MoneyError, money::parse_amount};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use values::{Fields, Refused};

/// The highest price, in whole units of its currency.
pub const MAX_PRICE: i64 = 1_000_000_000;

/// An amount of zero or more, at most [`MAX_PRICE`], as a client wrote it: whoever sends `"9.9"` reads `"9.9"`.
///
/// In JSON `{"amount": "9.90", "currency": "EUR"}`. [`Price::read`] checks what comes from a client; what was stored
/// once can always be read again, also when ISO 4217 has withdrawn its currency. [`Price::money`] is for reckoning.
///
/// ```
/// use money::Price;
/// use values::Fields;
///
/// let body = serde_json::json!({"price": {"amount": "9.999", "currency": "EUR"}});
/// let mut fields = Fields::of(&body).unwrap();
/// let _ = fields.object("price", Price::read);
/// let wrong = fields.finish().unwrap_err();
/// assert_eq!(wrong.iter().next().unwrap().detail, "must have at most 2 decimals in this currency");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Price {
    /// Decimal digits with a point, as the client wrote them: `"9.90"`.
    amount: String,
    /// ISO 4217, upper case.
    currency: String,
}

impl Price {
    /// Reads `amount` and `currency`, both at once.
    ///
    /// # Errors
    /// One of them is not as it must be; the list of `fields` says which.
    pub fn read(fields: &mut Fields<'_>) -> Result<Self, Refused> {
        let currency = fields.text("currency", str::parse::<Currency>);
        let exponent = currency.as_ref().ok().and_then(|currency| currency.exponent());
        let amount = fields.text("amount", |text| checked(text, exponent));
        Ok(Self { amount: amount?, currency: currency?.code().to_owned() })
    }

    /// The amount as the client wrote it.
    #[must_use]
    pub fn amount(&self) -> &str {
        &self.amount
    }

    /// The currency's code.
    #[must_use]
    pub fn currency(&self) -> &str {
        &self.currency
    }

    /// For reckoning.
    ///
    /// # Errors
    /// [`MoneyError::NoSuchCurrency`] if ISO 4217 does not know its currency any more.
    pub fn money(&self) -> Result<Money, MoneyError> {
        Ok(Money::new(parse_amount(&self.amount)?, self.currency.parse()?))
    }
}

/// `exponent`: how many decimals the currency has (EUR 2, JPY 0), or `None` where it has no such limit.
fn checked(text: &str, exponent: Option<u32>) -> Result<String, String> {
    let amount = parse_amount(text)
        .ok()
        .filter(|_| !text.starts_with('-'))
        .ok_or("must be a decimal number as text, zero or more, such as \"9.90\"")?;
    if amount > Decimal::from(MAX_PRICE) {
        return Err(format!("must be at most {MAX_PRICE}"));
    }
    if let Some(exponent) = exponent.filter(|exponent| amount.scale() > *exponent) {
        return Err(format!("must have at most {exponent} decimals in this currency"));
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;
    use serde_json::json;

    #[test]
    fn amounts_are_plain_decimals() {
        for good in ["0", "0.00", "9.9", "9.90", "007", "1000000000"] {
            assert_eq!(checked(good, Some(2)).as_deref(), Ok(good));
        }
        for bad in
            ["", "-1", "+1", "1e3", ".5", "5.", "1,50", "NaN", "1000000000.01", "9.999", "1 000"]
        {
            assert!(checked(bad, Some(2)).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_currency_without_cents_takes_none_and_one_without_units_takes_any() {
        let mistakes = |currency: &str, amount: &str| {
            let body = json!({"amount": amount, "currency": currency});
            let mut fields = Fields::of(&body).unwrap();
            let _ = Price::read(&mut fields);
            let wrong = fields.finish().err();
            wrong.map(|all| all.iter().map(|one| one.detail.clone()).collect::<Vec<_>>())
        };
        assert_eq!(mistakes("JPY", "980"), None);
        let refused = Some(vec!["must have at most 0 decimals in this currency".to_owned()]);
        assert_eq!(mistakes("JPY", "980.5"), refused);
        assert_eq!(mistakes("XAU", "0.000001"), None);
        assert_eq!(mistakes("eur", "-1").unwrap().len(), 2, "both are told");
    }

    #[test]
    fn what_was_written_is_kept_to_the_letter() {
        for amount in ["9.9", "9.90", "007", "0.0"] {
            let written = json!({"amount": amount, "currency": "EUR"});
            let price: Price = serde_json::from_value(written.clone()).unwrap();
            assert_eq!(serde_json::to_value(&price).unwrap(), written);
        }
        let old = json!({"amount": "1", "currency": "DEM"});
        let old: Price = serde_json::from_value(old).unwrap();
        assert_eq!(old.money(), Err(MoneyError::NoSuchCurrency));
    }
}
