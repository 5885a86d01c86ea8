//! Amounts and rates as people write them.

use invoice::Rate;
use money::Money;

use crate::words::Words;

/// Digits between two marks of thousands.
const GROUP: usize = 3;

impl Words {
    /// An amount without its currency: with at least the currency's decimals, such as `1,234.50`.
    pub(crate) fn amount(&self, money: Money) -> String {
        let amount = money.amount();
        let decimals = money.currency().exponent().unwrap_or(0).max(amount.normalize().scale());
        self.figure(&format!("{amount:.*}", decimals as usize))
    }

    /// An amount with its currency before it.
    pub(crate) fn sum(&self, money: Money) -> String {
        format!("{}\u{a0}{}", money.currency(), self.amount(money))
    }

    /// A rate of VAT.
    pub(crate) fn rate(&self, rate: Rate) -> String {
        format!("{}{}", self.figure(&rate.to_string()), self.percent)
    }

    /// A number with a decimal point, in this language.
    pub(crate) fn figure(&self, plain: &str) -> String {
        let (sign, digits) = plain.strip_prefix('-').map_or(("", plain), |digits| ("-", digits));
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let mut text = sign.to_owned();
        for (at, digit) in whole.chars().enumerate() {
            if at > 0 && (whole.len() - at).is_multiple_of(GROUP) {
                text.push(self.thousands);
            }
            text.push(digit);
        }
        if !fraction.is_empty() {
            text.push(self.decimals);
            text.push_str(fraction);
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_have_the_decimals_of_their_currency_and_marks_of_the_language() {
        let english = Words::of(&"IE".parse().unwrap());
        let german = Words::of(&"DE".parse().unwrap());
        for (money, en, de) in [
            ("1234567.5 EUR", "1,234,567.50", "1.234.567,50"),
            ("999 EUR", "999.00", "999,00"),
            ("0.000125 EUR", "0.000125", "0,000125"),
            ("1234 JPY", "1,234", "1.234"),
            ("-1000 KWD", "-1,000.000", "-1.000,000"),
        ] {
            let money: Money = money.parse().unwrap();
            assert_eq!(english.amount(money), en);
            assert_eq!(german.amount(money), de);
        }
        assert_eq!(english.rate("8.1".parse().unwrap()), "8.1%");
        assert_eq!(german.rate("19".parse().unwrap()), "19\u{a0}%");
    }
}
