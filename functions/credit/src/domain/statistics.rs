//! Counts that are nobody's: how many results of a month lay where. A cell is told only if at least [`K`] people are in it.

use super::{Score, Subject};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// So many people at least, or nothing is told.
pub(crate) const K: usize = 10;
/// Hexadecimal digits of a pseudonym that tell people of a cell apart while there are fewer than [`K`].
const DIGITS: usize = 16;

/// What is counted together.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Cell {
    /// The month in which the results came, such as `2026-11`.
    pub(crate) month: String,
    pub(crate) scorecard: String,
    pub(crate) income: String,
    pub(crate) history: String,
    /// The band of the score.
    pub(crate) band: String,
}

/// What is known of a month so far: a working paper that is destroyed when the month is told.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Tally(Vec<Counted>);

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Counted {
    cell: Cell,
    results: u64,
    /// The first of its people, until they are enough.
    people: BTreeSet<String>,
}

impl Cell {
    /// Where a result lies. `None`: its card knows neither income nor history.
    pub(crate) fn of(month: &str, score: &Score, band: &str) -> Option<Self> {
        let bin = |name: &str| score.bins.get(name).cloned();
        Some(Self {
            month: month.to_owned(),
            scorecard: score.scorecard.clone(),
            income: bin("income-level")?,
            history: bin("months-of-history")?,
            band: band.to_owned(),
        })
    }

    /// Its name, for ever.
    pub(crate) fn name(&self) -> String {
        let Self { month, scorecard, income, history, band } = self;
        format!("{month}.{scorecard}.{income}.{history}.{band}")
    }
}

impl Tally {
    /// Counts a result.
    pub(crate) fn count(&mut self, cell: Cell, person: &Subject) {
        let at = match self.0.binary_search_by(|counted| counted.cell.cmp(&cell)) {
            Ok(at) => at,
            Err(at) => {
                let people = BTreeSet::new();
                self.0.insert(at, Counted { cell, results: 0, people });
                at
            }
        };
        let Some(counted) = self.0.get_mut(at) else { return };
        counted.results += 1;
        if counted.people.len() < K {
            counted.people.insert(person.as_str().chars().take(DIGITS).collect());
        }
    }

    /// What may be told: cells of at least [`K`] people, with how many results they have.
    pub(crate) fn told(&self) -> BTreeMap<&Cell, u64> {
        let enough = self.0.iter().filter(|counted| counted.people.len() >= K);
        enough.map(|counted| (&counted.cell, counted.results)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::HashMap;

    fn cell(number: u8) -> Cell {
        let text = |what: &str| format!("{what}{number}");
        Cell {
            month: "2026-11".into(),
            scorecard: "2026-11".into(),
            income: text("i"),
            history: text("h"),
            band: text("b"),
        }
    }

    fn person(number: u8) -> Subject {
        Subject::new(format!("{number:064x}").chars().rev().collect())
    }

    #[test]
    fn ten_results_of_one_person_are_not_ten_people() {
        let mut tally = Tally::default();
        (0..50).for_each(|_| tally.count(cell(1), &person(1)));
        (1..9).for_each(|n| tally.count(cell(1), &person(n)));
        assert!(tally.told().is_empty());
        (9..11).for_each(|n| tally.count(cell(1), &person(n)));
        assert_eq!(tally.told().into_values().collect::<Vec<_>>(), [60]);
    }

    proptest! {
        #[test]
        fn whatever_is_told_has_enough_people_and_all_their_results(
            results in prop::collection::vec((0..3_u8, 0..15_u8), 0..200),
        ) {
            let (mut tally, mut truth) = (Tally::default(), HashMap::<u8, Vec<u8>>::new());
            for (at, who) in results {
                tally.count(cell(at), &person(who));
                truth.entry(at).or_default().push(who);
            }
            for at in 0..3 {
                let all = truth.remove(&at).unwrap_or_default();
                let people: BTreeSet<_> = all.iter().collect();
                let expected = (people.len() >= K).then_some(all.len() as u64);
                prop_assert_eq!(tally.told().get(&cell(at)).copied(), expected);
            }
        }
    }
}
