//! The photos of a profile, as far as the photos app has told of them.

use super::ids::PhotoId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How many photos a profile shows. The profile carries them, so this bounds the document.
pub(crate) const MAX_PHOTOS: usize = 100;
/// Of how many photos the last revision is remembered, those that are gone included. Beyond it the oldest of
/// those are forgotten: a message about one of them would have to be late by many photos to do harm.
const MAX_REMEMBERED: usize = 2 * MAX_PHOTOS;

/// What a photo is to the profile; decided by the photos app.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum PhotoState {
    /// A person looks at it.
    Review,
    Approved,
    Rejected,
}

/// A photo of this profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Photo {
    pub(crate) id: PhotoId,
    pub(crate) state: PhotoState,
}

/// What the photos app says about a photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Decision {
    pub(crate) photo_id: PhotoId,
    /// `None`: the photo is erased.
    pub(crate) state: Option<PhotoState>,
    /// The photo's own: of two decisions the one with the higher revision is the later one.
    pub(crate) revision: u32,
}

/// The last revision that was told of each photo. Not shown to clients.
pub(crate) type PhotoRevisions = BTreeMap<PhotoId, u32>;

/// The photos that are shown, in the order in which they were first told of, and what is known of their
/// revisions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Photos {
    pub(crate) shown: Vec<Photo>,
    pub(crate) revisions: PhotoRevisions,
}

impl Photos {
    pub(super) fn state(&self, id: PhotoId) -> Option<PhotoState> {
        self.shown.iter().find(|photo| photo.id == id).map(|photo| photo.state)
    }

    /// Whether a client sees the same.
    pub(super) fn look_like(&self, other: &Self) -> bool {
        self.shown == other.shown
    }

    /// The photos after the decision; the same ones if it is not news. If there are too many then, the oldest
    /// is no longer shown: a rejected one if there is one, never `kept`.
    pub(super) fn decided(&self, decision: &Decision, kept: Option<PhotoId>) -> Self {
        let known = self.revisions.get(&decision.photo_id);
        if known.is_some_and(|known| *known >= decision.revision) {
            return self.clone();
        }
        let mut photos = self.clone();
        photos.revisions.insert(decision.photo_id, decision.revision);
        let at = photos.shown.iter().position(|photo| photo.id == decision.photo_id);
        match (at, decision.state) {
            (Some(at), Some(state)) => photos.shown[at].state = state,
            (Some(at), None) => drop(photos.shown.remove(at)),
            (None, Some(state)) => {
                photos.make_room(kept);
                photos.shown.push(Photo { id: decision.photo_id, state });
            }
            (None, None) => {}
        }
        photos.forget();
        photos
    }

    fn make_room(&mut self, kept: Option<PhotoId>) {
        while self.shown.len() >= MAX_PHOTOS {
            let oldest = |wanted: &dyn Fn(&Photo) -> bool| {
                self.shown.iter().position(|photo| Some(photo.id) != kept && wanted(photo))
            };
            let rejected = oldest(&|photo| photo.state == PhotoState::Rejected);
            let Some(at) = rejected.or_else(|| oldest(&|_| true)) else { return };
            self.shown.remove(at);
        }
    }

    /// Ids sort by time: the smallest are the oldest.
    fn forget(&mut self) {
        while self.revisions.len() > MAX_REMEMBERED {
            let gone = self.revisions.keys().find(|id| self.state(**id).is_none());
            let Some(gone) = gone.copied() else { return };
            self.revisions.remove(&gone);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn id(number: u128) -> PhotoId {
        Uuid::from_u128(number).into()
    }

    fn decision(photo: u128, state: Option<PhotoState>, revision: u32) -> Decision {
        Decision { photo_id: id(photo), state, revision }
    }

    fn shown(photos: &Photos) -> Vec<(PhotoId, PhotoState)> {
        photos.shown.iter().map(|photo| (photo.id, photo.state)).collect()
    }

    #[test]
    fn an_erased_photo_goes_and_an_older_message_does_not_bring_it_back() {
        let photos = Photos::default().decided(&decision(1, Some(PhotoState::Approved), 3), None);
        let photos = photos.decided(&decision(1, None, 4), None);
        assert_eq!(shown(&photos), []);
        let late = photos.decided(&decision(1, Some(PhotoState::Approved), 3), None);
        assert_eq!(late, photos);
    }

    #[test]
    fn with_too_many_photos_a_rejected_one_goes_first_and_the_picture_never() {
        let mut photos = Photos::default();
        for number in 0..MAX_PHOTOS as u128 {
            let state = if number == 50 { PhotoState::Rejected } else { PhotoState::Approved };
            photos = photos.decided(&decision(number, Some(state), 1), Some(id(0)));
        }
        for number in 1_000..1_002 {
            let more = decision(number, Some(PhotoState::Review), 1);
            photos = photos.decided(&more, Some(id(0)));
        }
        assert_eq!(photos.shown.len(), MAX_PHOTOS);
        let is_shown = |number| photos.state(id(number)).is_some();
        assert_eq!([0, 1, 2, 50, 1_001].map(is_shown), [true, false, true, false, true]);
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let mut photos = Photos::default();
        for number in 0..1_000 {
            photos = photos.decided(&decision(number, Some(PhotoState::Review), 1), None);
            photos = photos.decided(&decision(number, None, 2), None);
        }
        assert_eq!(photos.revisions.len(), MAX_REMEMBERED);
        assert_eq!(photos.revisions.last_key_value(), Some((&id(999), &2)));
    }

    fn any_decision() -> impl Strategy<Value = Decision> {
        let states = [
            None,
            Some(PhotoState::Review),
            Some(PhotoState::Approved),
            Some(PhotoState::Rejected),
        ];
        // What a revision says is the same in each of its messages.
        (0..4u128, 1..5u32).prop_map(move |(photo, revision)| {
            decision(photo, states[(photo as usize + revision as usize) % states.len()], revision)
        })
    }

    proptest! {
        #[test]
        fn in_whatever_order_and_however_often_decisions_come_the_end_is_the_same(
            decisions in prop::collection::vec(any_decision(), 0..30),
            again in prop::collection::vec(any::<prop::sample::Index>(), 0..10),
        ) {
            let all = |decisions: &[Decision]| {
                decisions.iter().fold(Photos::default(), |photos, one| photos.decided(one, None))
            };
            let in_order = {
                let mut sorted = decisions.clone();
                sorted.sort_by_key(|decision| decision.revision);
                all(&sorted)
            };
            let mut disordered = decisions.clone();
            if !decisions.is_empty() {
                disordered.extend(again.iter().map(|index| *index.get(&decisions)));
            }
            let disordered = all(&disordered);
            for photo in 0..4 {
                prop_assert_eq!(in_order.state(id(photo)), disordered.state(id(photo)));
            }
            prop_assert_eq!(in_order.revisions, disordered.revisions);
        }
    }
}
