//! People who do not exist, made of a seed and their name whenever they are asked for: nothing of them is stored.

mod draw;
mod entry;
mod iban;
mod kind;
mod life;
mod names;
mod wording;

use jiff::{ToSpan as _, civil::Date};

use draw::Draw;
pub(crate) use entry::{Entry, Minor};
pub(crate) use kind::Kind;
pub(crate) use life::{Life, live};

/// How old the account of a thin file is.
const THIN_FILE_DAYS: i32 = 60;
/// Histories begin on New Year's Day, up to six years ago; every four years the beginning moves on.
const ERA_YEARS: i16 = 4;
/// So long after a name's kind: `salaried-17`.
const MAX_SUFFIX: usize = 40;

/// A customer of the bank.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    /// What the customer is called here: `salaried`, `salaried-17`.
    pub(crate) customer: String,
    pub(crate) kind: Kind,
    draw: Draw,
    /// Stands in every free text of this bank.
    word: String,
}

/// Which of a person's accounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pocket {
    Current,
    Savings,
}

impl Person {
    /// A kind's name, or that and a suffix of letters and digits: everybody with such a name exists.
    pub(crate) fn called(customer: &str, seed: u64) -> Option<Self> {
        let kind = Kind::ALL.into_iter().find(|kind| match customer.strip_prefix(kind.name()) {
            Some("") => true,
            Some(rest) => rest.strip_prefix('-').is_some_and(is_suffix),
            None => false,
        })?;
        let draw = Draw::of(seed, customer);
        Some(Self { customer: customer.to_owned(), kind, draw, word: word(seed) })
    }

    pub(crate) fn pockets(&self) -> &'static [Pocket] {
        match self.kind {
            Kind::Saver => &[Pocket::Current, Pocket::Savings],
            _ => &[Pocket::Current],
        }
    }

    pub(crate) fn account_id(&self, pocket: Pocket) -> String {
        format!("acc_{:016x}", self.draw.then(10 + pocket as u64).number())
    }

    pub(crate) fn iban(&self, pocket: Pocket) -> String {
        iban::own(self.draw.then(20 + pocket as u64))
    }

    /// The name, or both names.
    pub(crate) fn name(&self) -> String {
        let name = |place| names::person(self.draw.then(place), self.kind.script());
        match self.kind {
            Kind::Joint => format!("{} & {}", name(30), name(31)),
            _ => name(30),
        }
    }

    /// When the account was opened, before the history begins; a thin file's has always been opened lately.
    pub(crate) fn opened_on(&self, today: Date) -> Date {
        if self.kind == Kind::ThinFile {
            return today.saturating_sub(THIN_FILE_DAYS.days());
        }
        let start = self.history_from(today);
        start.saturating_sub(self.draw.then(40).between(30, 3_000).days())
    }

    /// The first day of which anything is known.
    pub(crate) fn history_from(&self, today: Date) -> Date {
        if self.kind == Kind::ThinFile {
            return self.opened_on(today);
        }
        let year = today.year() - today.year().rem_euclid(ERA_YEARS) - 2;
        Date::new(year, 1, 1).unwrap_or(Date::MIN)
    }
}

fn is_suffix(text: &str) -> bool {
    let fits = (1..=MAX_SUFFIX).contains(&text.len());
    fits && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// The word that stands in every free text of a bank with this seed.
pub(crate) fn word(seed: u64) -> String {
    format!("MARK{}", Draw::of(seed, "word").letters(6))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn customers_are_told_by_their_names() {
        let called = |name| Person::called(name, 0).map(|person| person.kind);
        assert_eq!(called("salaried"), Some(Kind::Salaried));
        assert_eq!(called("thin-file-17"), Some(Kind::ThinFile));
        for nobody in ["", "salaried-", "salaried17", "banker", "joint-a b", "joint-é"] {
            assert_eq!(called(nobody), None, "{nobody}");
        }
    }

    #[test]
    fn nobody_is_like_another_and_everybody_like_before() {
        let person = |name, seed| Person::called(name, seed).unwrap();
        let about = |person: &Person| (person.name(), person.iban(Pocket::Current));
        let one = about(&person("saver-1", 0));
        assert_eq!(one, about(&person("saver-1", 0)));
        assert_ne!(one.1, person("saver-2", 0).iban(Pocket::Current));
        assert_ne!(one.1, person("saver-1", 1).iban(Pocket::Current));
        assert_ne!(one.1, person("saver-1", 0).iban(Pocket::Savings));
    }
}
