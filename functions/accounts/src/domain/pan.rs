//! Card numbers: what looks like one is masked before anything is stored or logged, wherever it came from.

/// A primary account number has 13 to 19 digits (ISO/IEC 7812-1).
const PAN_DIGITS: std::ops::RangeInclusive<usize> = 13..=19;
/// What people write between the groups of its digits.
const SEPARATORS: [char; 4] = [' ', '-', '.', '\u{a0}'];
/// What is put in the place of each digit but the last four, as on receipts.
const MASK: char = '*';
/// Digits that may be shown.
const SHOWN: usize = 4;

/// The text with each card number masked but for its last four digits. A card number is 13 to 19 digits, single
/// separators between them or not, whose check digit is right (Luhn, ISO/IEC 7812-1 annex B); also inside a longer run,
/// which is masked as a whole then, because nobody knows where in it the number begins.
pub(crate) fn without_pans(text: &str) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    let digits: Vec<Digit> = digits(&characters);
    for run in digits.chunk_by(|_, next| next.goes_on) {
        if has_pan(run) {
            for digit in &run[..run.len() - SHOWN] {
                characters[digit.place] = MASK;
            }
        }
    }
    characters.into_iter().collect()
}

/// A digit and where it stands.
struct Digit {
    value: u32,
    place: usize,
    /// Whether it belongs to the same run as the one before.
    goes_on: bool,
}

fn digits(characters: &[char]) -> Vec<Digit> {
    let mut found: Vec<Digit> = Vec::new();
    for (place, character) in characters.iter().enumerate() {
        // Also the digits of other scripts: a number is a number in whatever digits.
        let Some(value) = decimal(*character) else { continue };
        let goes_on = found.last().is_some_and(|last| match &characters[last.place + 1..place] {
            [] => true,
            [separator] => SEPARATORS.contains(separator),
            _ => false,
        });
        found.push(Digit { value, place, goes_on });
    }
    found
}

/// ASCII and full-width digits.
fn decimal(character: char) -> Option<u32> {
    match character {
        '\u{ff10}'..='\u{ff19}' => Some(u32::from(character) - 0xff10),
        _ => character.to_digit(10),
    }
}

fn has_pan(run: &[Digit]) -> bool {
    PAN_DIGITS.flat_map(|length| run.windows(length)).any(is_luhn)
}

fn is_luhn(digits: &[Digit]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(index, digit)| match (index % 2, digit.value * 2) {
            (0, _) => digit.value,
            (_, doubled) => doubled / 10 + doubled % 10,
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_looks_like_a_card_number_keeps_its_last_four_digits_only() {
        for (given, kept) in [
            ("4111111111111111", "************1111"),
            ("CAFE 4111 1111 1111 1111 OSLO", "CAFE **** **** **** 1111 OSLO"),
            ("card 3782-822463-10005.", "card ****-******-*0005."),
            ("４１１１１１１１１１１１１１１１", "************１１１１"),
            ("ref 1000000000001 is none", "ref 1000000000001 is none"),
            ("12345", "12345"),
            ("", ""),
        ] {
            assert_eq!(without_pans(given), kept);
        }
    }

    #[test]
    fn a_card_number_in_a_longer_run_of_digits_is_found() {
        assert_eq!(without_pans("00004111111111111111000"), "*******************1000");
    }

    proptest! {
        #[test]
        fn no_card_number_is_left(prefix in "[a-z0-9 ]{0,9}", body in "[0-9]{12,18}", suffix in "[a-z -]{0,9}") {
            let check = (0..10).find(|check| {
                let text = format!("{body}{check}");
                is_luhn(&digits(&text.chars().collect::<Vec<_>>()))
            });
            let pan = format!("{body}{}", check.unwrap());
            let masked = without_pans(&format!("{prefix}{pan}{suffix}"));
            prop_assert!(!masked.contains(&pan), "{}", masked);
            prop_assert_eq!(without_pans(&masked), masked);
        }
    }
}
