//! Which steps of an order were made for the first time.

use super::{Order, Step};
use jiff::Timestamp;

impl Order {
    /// The steps that were made since the order was as `before`, and never before that, with when. One that a person has made
    /// once more is none: it says nothing of how long customers wait.
    pub(crate) fn made_first_since(&self, before: &Self) -> Vec<(Step, Timestamp)> {
        let made = |order: &Self, step| {
            let made = order.progress.of(step).filter(|step| step.path.is_some());
            made.map(|step| step.since)
        };
        let new = Step::ALL.into_iter().filter(|step| made(before, *step).is_none());
        new.filter_map(|step| Some((step, made(self, step)?))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::order::tests::{made, order};
    use pretty_assertions::assert_eq;

    #[test]
    fn a_step_is_made_first_once_however_often_it_is_made() {
        let placed = order();
        let provisioned = made(placed.clone());
        let at = provisioned.progress.of(Step::Provision).unwrap().since;
        assert_eq!(provisioned.made_first_since(&placed), [(Step::Provision, at)]);
        let again = provisioned.clone().restart(Step::Provision, false, "kim", at).unwrap();
        assert!(again.made_first_since(&provisioned).is_empty());
        assert!(made(again.clone()).made_first_since(&again).is_empty());
    }
}
