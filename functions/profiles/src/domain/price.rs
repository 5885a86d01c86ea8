//! Money: a decimal amount as text (never a float) and its currency.

use super::fields::{Fields, Refused};
use iso_currency::Currency;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// The highest price of a service, in whole units of its currency.
const MAX_AMOUNT: i64 = 1_000_000_000;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Price {
    /// Decimal digits with a point, as the client wrote them: `"9.90"`.
    amount: String,
    /// ISO 4217, upper case.
    currency: String,
}

impl Price {
    pub(super) fn read(fields: &mut Fields<'_>) -> Result<Self, Refused> {
        let currency = fields.text("currency", parse_currency);
        let digits = currency.as_ref().ok().and_then(|c| c.exponent());
        let amount = fields.text("amount", |text| parse_amount(text, digits));
        Ok(Self { amount: amount?, currency: currency?.code().to_owned() })
    }
}

fn parse_currency(text: &str) -> Result<Currency, &'static str> {
    Currency::from_code(text)
        .ok_or("must be a currency code of three capital letters (ISO 4217) such as EUR")
}

/// `digits`: how many decimals the currency has (EUR 2, JPY 0), or `None` where it is not known.
fn parse_amount(text: &str, digits: Option<u16>) -> Result<String, String> {
    let plain = text.chars().all(|c| c.is_ascii_digit() || c == '.');
    let amount = Decimal::from_str_exact(text)
        .ok()
        .filter(|_| plain && text.starts_with(|c: char| c.is_ascii_digit()) && !text.ends_with('.'))
        .ok_or("must be a decimal number as text, zero or more, such as \"9.90\"")?;
    if amount > Decimal::from(MAX_AMOUNT) {
        return Err(format!("must be at most {MAX_AMOUNT}"));
    }
    if let Some(digits) = digits.filter(|digits| amount.scale() > u32::from(*digits)) {
        return Err(format!("must have at most {digits} decimals in this currency"));
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_plain_decimals() {
        for good in ["0", "0.00", "9.9", "9.90", "1000000000"] {
            assert!(parse_amount(good, Some(2)).is_ok(), "{good}");
        }
        for bad in
            ["", "-1", "+1", "1e3", ".5", "5.", "1,50", "NaN", "1000000000.01", "9.999", "1 000"]
        {
            assert!(parse_amount(bad, Some(2)).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_currency_without_cents_takes_none() {
        let yen = parse_currency("JPY").unwrap();
        assert!(parse_amount("980", yen.exponent()).is_ok());
        assert!(parse_amount("980.5", yen.exponent()).unwrap_err().contains("at most 0 decimals"));
        assert!(parse_currency("eur").is_err());
    }
}
