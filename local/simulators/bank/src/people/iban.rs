//! International bank account numbers (ISO 13616) with right check digits (ISO 7064, mod 97-10).

use super::draw::Draw;

/// The countries of the other accounts, and how many digits the number of an account has there.
const COUNTRIES: [(&str, u64); 5] = [("DE", 18), ("DK", 14), ("FI", 14), ("SE", 20), ("NO", 11)];
/// The length of a German account number, in which this bank's begin with its own sort code.
const OWN: (&str, u64) = ("DE", 10);
/// A German sort code that no bank has.
const OWN_SORT_CODE: &str = "10099908";

/// An account at this bank.
pub(crate) fn own(draw: Draw) -> String {
    with_check_digits(OWN.0, &format!("{OWN_SORT_CODE}{}", draw.digits(OWN.1)))
}

/// An account anywhere.
pub(crate) fn other(draw: Draw) -> String {
    if draw.happens(150) {
        let bban = format!("{}{}", draw.letters(4), draw.digits(10));
        return with_check_digits("NL", &bban);
    }
    let (country, digits) = draw.then(1).one_of(&COUNTRIES);
    with_check_digits(country, &draw.digits(*digits))
}

fn with_check_digits(country: &str, bban: &str) -> String {
    let check = 98 - remainder(&format!("{bban}{country}00"));
    format!("{country}{check:02}{bban}")
}

/// Modulo 97, a letter counting as the number from 10 to 35.
fn remainder(text: &str) -> u64 {
    text.chars().filter_map(|letter| letter.to_digit(36)).map(u64::from).fold(0, |rest, digit| {
        let shift = if digit < 10 { 10 } else { 100 };
        (rest * shift + digit) % 97
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_valid(iban: &str) -> bool {
        let (head, bban) = iban.split_at(4);
        remainder(&format!("{bban}{head}")) == 1
    }

    #[test]
    fn published_examples_are_valid_and_a_wrong_digit_is_not() {
        for example in ["DE89370400440532013000", "NL91ABNA0417164300", "FI2112345600000785"] {
            assert!(is_valid(example), "{example}");
        }
        assert!(!is_valid("DE89370400440532013001"));
        assert_eq!(with_check_digits("DE", "370400440532013000"), "DE89370400440532013000");
    }

    #[test]
    fn every_drawn_number_is_valid() {
        for place in 0..2_000 {
            let draw = Draw::of(3, "iban").then(place);
            assert!(is_valid(&own(draw)) && is_valid(&other(draw)), "{place}");
        }
    }
}
