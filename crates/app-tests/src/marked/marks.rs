//! Values that stand for what people would not like to see in telemetry. Each is like nothing else, so that it is found
//! wherever it comes out again.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

/// What a mark looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// One word of a person's or a company's name, with a letter that is not ASCII.
    Name,
    /// An e-mail address.
    Email,
    /// A telephone number.
    Phone,
    /// A line of an address.
    Street,
    /// A day long ago.
    Birthday,
    /// An IBAN whose check digits are right.
    Iban,
    /// Sixteen digits that keep Luhn's rule.
    CardNumber,
    /// The last four digits of a card. Four digits are in anything by chance: only a value that is nothing else counts.
    LastFour,
    /// What stands for a card's number.
    CardToken,
    /// An address of the Internet (RFC 3849).
    Ip,
    /// What somebody wrote.
    Text,
    /// The name of a file.
    FileName,
    /// A key, a password, a code.
    Secret,
    /// A short word of small letters and digits, where little else is taken.
    Word,
}

/// The marks of one run: everything that was ever handed out.
#[derive(Debug)]
pub struct Marks {
    random: Mutex<StdRng>,
    handed_out: Mutex<BTreeSet<(String, bool)>>,
}

impl Marks {
    /// Marks that are drawn from this seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self { random: Mutex::new(StdRng::seed_from_u64(seed)), handed_out: Mutex::default() }
    }

    /// A mark that nobody had before.
    #[must_use]
    pub fn new_mark(&self, kind: Kind) -> String {
        let made = {
            let mut random = self.random.lock().unwrap_or_else(PoisonError::into_inner);
            made(kind, &mut random)
        };
        self.keep(&made, kind == Kind::LastFour);
        made
    }

    /// A text that the app, or somebody else, has made and that may be nowhere either: a card's token, a key.
    pub fn note(&self, text: &str) {
        self.keep(text, false);
    }

    fn keep(&self, text: &str, is_whole: bool) {
        let mut all = self.handed_out.lock().unwrap_or_else(PoisonError::into_inner);
        all.insert((text.to_owned(), is_whole));
    }

    /// All that may stand nowhere, in any form.
    #[must_use]
    pub fn anywhere(&self) -> Vec<String> {
        self.of(false)
    }

    /// All that may be the whole of no value.
    #[must_use]
    pub fn whole(&self) -> Vec<String> {
        self.of(true)
    }

    fn of(&self, wanted: bool) -> Vec<String> {
        let all = self.handed_out.lock().unwrap_or_else(PoisonError::into_inner);
        all.iter().filter(|(_, whole)| *whole == wanted).map(|(text, _)| text.clone()).collect()
    }
}

fn made(kind: Kind, random: &mut StdRng) -> String {
    let number: u64 = random.random();
    // No part of hexadecimal ids: `q` and `z` are in none.
    let word = format!("qz{:010x}", number & 0xff_ffff_ffff);
    match kind {
        Kind::Name => format!("Zoë{word}"),
        Kind::Email => format!("mark.{word}@example.org"),
        Kind::Phone => format!("+4670{:09}", number % 1_000_000_000),
        Kind::Street => format!("Østre {word}vej 7"),
        Kind::Birthday => {
            format!("19{:02}-{:02}-{:02}", 11 + number % 10, 1 + number % 12, 1 + number % 28)
        }
        Kind::Iban => iban(number % 100_000_000_000_000),
        Kind::CardNumber => card_number(number % 10_000_000_000),
        Kind::LastFour => format!("{:04}", number % 10_000),
        Kind::CardToken => format!("tok_{word}"),
        Kind::Ip => {
            let part = |shift: u32| 0x1000 + ((number >> shift) & 0xfff);
            format!("2001:db8:{:x}:{:x}::{:x}", part(0), part(12), part(24))
        }
        Kind::Text => format!("She said \"{word}\" & left / 100 %"),
        Kind::FileName => format!("{word} mine.csv"),
        Kind::Secret => format!("sec_{word}{:016x}", number.rotate_left(29)),
        Kind::Word => word,
    }
}

/// A Danish one (ISO 13616: the letters as numbers behind the digits, and the remainder by 97).
fn iban(account: u64) -> String {
    let body = format!("{account:014}132000");
    let rest = body.bytes().fold(0_u32, |rest, digit| (rest * 10 + u32::from(digit - b'0')) % 97);
    format!("DK{:02}{account:014}", 98 - rest)
}

/// Of no network: it begins with 9.
fn card_number(number: u64) -> String {
    let digits = format!("99999{number:010}");
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, digit)| {
            let digit = u32::from(digit - b'0');
            let doubled = digit * 2;
            match place.is_multiple_of(2) {
                true if doubled > 9 => doubled - 9,
                true => doubled,
                false => digit,
            }
        })
        .sum();
    format!("{digits}{}", (10 - sum % 10) % 10)
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;

    #[test]
    fn the_same_seed_has_the_same_marks_and_all_are_remembered() {
        let kinds = [Kind::Name, Kind::Email, Kind::Iban, Kind::LastFour];
        let drawn = || {
            let marks = Marks::new(7);
            let drawn = kinds.map(|kind| marks.new_mark(kind));
            marks.note("tok_of_the_app");
            (drawn, marks.anywhere(), marks.whole())
        };
        let (some, anywhere, whole) = drawn();
        assert_eq!(drawn(), (some.clone(), anywhere.clone(), whole.clone()));
        let mut expected = vec!["tok_of_the_app".to_owned()];
        expected.extend_from_slice(&some[..3]);
        expected.sort();
        assert_eq!((anywhere, whole), (expected, vec![some[3].clone()]));
    }

    #[test]
    fn numbers_have_the_check_digits_that_their_rules_ask_for() {
        assert_eq!(iban(400_440_116_243), "DK5000400440116243");
        assert_eq!(card_number(0), "9999900000000005");
    }
}
