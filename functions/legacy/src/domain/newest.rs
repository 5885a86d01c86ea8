//! Coalescing: of a batch only the newest revision of each profile is sent.

use super::change::Change;
use super::ids::ProfileId;
use std::collections::HashMap;

/// The newest change of each profile, in the order in which the profiles first appear.
pub(crate) fn newest(changes: Vec<Change>) -> Vec<Change> {
    let mut places: HashMap<ProfileId, usize> = HashMap::with_capacity(changes.len());
    let mut newest: Vec<Change> = Vec::with_capacity(changes.len());
    for change in changes {
        match places.get(&change.state.id()) {
            Some(place) if newest[*place].state.revision() >= change.state.revision() => {}
            Some(place) => newest[*place] = change,
            None => {
                places.insert(change.state.id(), newest.len());
                newest.push(change);
            }
        }
    }
    newest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Erased, State};
    use proptest::prelude::*;
    use uuid::Uuid;

    fn change(profile: u128, revision: u64) -> Change {
        let erased_at = jiff::Timestamp::UNIX_EPOCH;
        let id = Uuid::from_u128(profile).into();
        State::Erased(Erased { id, revision: revision.try_into().unwrap(), erased_at }).into()
    }

    proptest! {
        #[test]
        fn of_each_profile_the_highest_revision_stays_once(batch in prop::collection::vec((0_u128..8, 1_u64..50), 0..60)) {
            let sent = newest(batch.iter().map(|(profile, revision)| change(*profile, *revision)).collect());
            for profile in 0..8 {
                let highest = batch.iter().filter(|(p, _)| *p == profile).map(|(_, revision)| *revision).max();
                let kept: Vec<u64> = sent.iter().filter(|c| c.state.id() == Uuid::from_u128(profile).into())
                    .map(|c| c.state.revision().get()).collect();
                prop_assert_eq!(kept, highest.into_iter().collect::<Vec<_>>());
            }
        }
    }
}
