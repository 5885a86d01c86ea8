//! Amounts as the network counts them: in the smallest unit of a currency, with no code of the platform's.

use serde::{Deserialize, Serialize};

/// Currencies without a smaller unit, and with a thousandth (ISO 4217); all others have a hundredth.
const WHOLE: [&str; 6] = ["ISK", "JPY", "KRW", "CLP", "VND", "XAF"];
const THOUSANDTHS: [&str; 6] = ["BHD", "IQD", "JOD", "KWD", "OMR", "TND"];

/// An amount as it is on the wire: `{"amount": "12.50", "currency": "DKK"}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Money {
    pub(crate) amount: String,
    pub(crate) currency: String,
}

impl Money {
    /// So many of the smallest unit.
    pub(crate) fn of(minor: i64, currency: &str) -> Self {
        let places = places(currency);
        let (sign, digits) = (if minor < 0 { "-" } else { "" }, minor.unsigned_abs().to_string());
        let amount = if places == 0 {
            format!("{sign}{digits}")
        } else {
            let padded = format!("{digits:0>width$}", width = places + 1);
            let (whole, part) = padded.split_at(padded.len() - places);
            format!("{sign}{whole}.{part}")
        };
        Self { amount, currency: currency.to_owned() }
    }

    /// In the smallest unit, if it is an amount of this currency.
    pub(crate) fn minor(&self) -> Option<i64> {
        let places = places(&self.currency);
        let (whole, part) = self.amount.split_once('.').unwrap_or((&self.amount, ""));
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let unsigned = whole.strip_prefix('-').unwrap_or(whole);
        if unsigned.is_empty() || !digits(unsigned) || !digits(part) || part.len() > places {
            return None;
        }
        format!("{whole}{part:0<places$}").parse().ok()
    }
}

fn places(currency: &str) -> usize {
    match currency {
        _ if WHOLE.contains(&currency) => 0,
        _ if THOUSANDTHS.contains(&currency) => 3,
        _ => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;

    #[test]
    fn amounts_are_written_with_their_currencys_places_and_read_back() {
        for (minor, currency, text) in [
            (1_250, "DKK", "12.50"),
            (5, "EUR", "0.05"),
            (-7, "SEK", "-0.07"),
            (300, "JPY", "300"),
            (1_001, "KWD", "1.001"),
        ] {
            let money = Money::of(minor, currency);
            assert_eq!((money.amount.as_str(), money.minor()), (text, Some(minor)));
        }
        let read = |amount: &str| Money { amount: amount.into(), currency: "DKK".into() }.minor();
        assert_eq!([read("12"), read("12.5")], [Some(1_200), Some(1_250)]);
        assert_eq!([read("1.234"), read(""), read("1,2"), read("-")], [None; 4]);
    }
}
