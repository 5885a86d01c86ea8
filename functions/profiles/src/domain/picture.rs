//! The photo that is shown for a profile: chosen by its owner, and only ever an approved one.

use super::ids::PhotoId;
use super::photo::{Decision, PhotoState};
use super::profile::Profile;
use jiff::Timestamp;
use serde_json::Value;
use values::{Fields, Violations};

/// Why a photo cannot be the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotAPicture {
    /// The profile has no such photo, or nobody has decided about it yet.
    Unknown,
    /// It is there and not approved.
    NotApproved(PhotoState),
}

/// The body of `PUT v1/profiles/{profileId}/picture`.
pub(crate) fn parse_choice(body: &Value) -> Result<PhotoId, Violations> {
    let mut fields = Fields::of(body)?;
    let photo_id = fields.text("photoId", str::parse);
    fields.finish()?;
    Ok(photo_id?)
}

impl Profile {
    /// With this photo as its picture.
    pub(crate) fn with_picture(&self, id: PhotoId, now: Timestamp) -> Result<Self, NotAPicture> {
        match self.photos.state(id) {
            Some(PhotoState::Approved) => Ok(self.showing(Some(id), now)),
            Some(other) => Err(NotAPicture::NotApproved(other)),
            None => Err(NotAPicture::Unknown),
        }
    }

    pub(crate) fn without_picture(&self, now: Timestamp) -> Self {
        self.showing(None, now)
    }

    fn showing(&self, picture: Option<PhotoId>, now: Timestamp) -> Self {
        let mut edited = self.clone();
        edited.picture = picture;
        self.changed_to(edited, now)
    }

    /// After a decision about one of its photos. A picture that is not approved any more is none. What only
    /// concerns the memory of revisions is no new revision of the profile.
    pub(crate) fn with_photo_decided(&self, decision: &Decision, now: Timestamp) -> Self {
        let photos = self.photos.decided(decision, self.picture);
        let is_approved = |id: &PhotoId| photos.state(*id) == Some(PhotoState::Approved);
        let picture = self.picture.filter(is_approved);
        let looks_the_same = photos.look_like(&self.photos) && picture == self.picture;
        let mut edited = self.clone();
        (edited.photos, edited.picture) = (photos, picture);
        if looks_the_same { edited } else { self.changed_to(edited, now) }
    }
}

#[cfg(test)]
mod tests {
    use super::super::profile::Draft;
    use super::*;
    use serde_json::json;
    use uuid::Uuid;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn photo() -> PhotoId {
        Uuid::from_u128(7).into()
    }

    fn profile() -> Profile {
        let body = json!({
            "account": {"emailAddress": "kim@example.com", "userName": "kim"},
            "givenName": "Kim", "familyName": "Larsen",
        });
        let draft = Draft::parse(&body).unwrap();
        Profile::register(Uuid::from_u128(1).into(), Uuid::from_u128(2).into(), draft, at(0))
    }

    fn decided(state: Option<PhotoState>, revision: u32) -> Decision {
        Decision { photo_id: photo(), state, revision }
    }

    #[test]
    fn only_an_approved_photo_becomes_the_picture() {
        let profile = profile();
        assert_eq!(profile.with_picture(photo(), at(1)), Err(NotAPicture::Unknown));
        let waiting = profile.with_photo_decided(&decided(Some(PhotoState::Review), 1), at(1));
        let refused = waiting.with_picture(photo(), at(1));
        assert_eq!(refused, Err(NotAPicture::NotApproved(PhotoState::Review)));
        let approved = waiting.with_photo_decided(&decided(Some(PhotoState::Approved), 2), at(2));
        let chosen = approved.with_picture(photo(), at(3)).unwrap();
        assert_eq!(chosen.picture, Some(photo()));
        assert_eq!(chosen.with_picture(photo(), at(4)), Ok(chosen.clone()));
        assert_eq!(chosen.without_picture(at(5)).picture, None);
    }

    #[test]
    fn the_picture_goes_with_its_approval() {
        for state in [Some(PhotoState::Review), Some(PhotoState::Rejected), None] {
            let approved =
                profile().with_photo_decided(&decided(Some(PhotoState::Approved), 1), at(1));
            let chosen = approved.with_picture(photo(), at(2)).unwrap();
            let after = chosen.with_photo_decided(&decided(state, 2), at(3));
            assert_eq!(after.picture, None, "{state:?}");
            assert_eq!(after.revision, chosen.revision.next());
        }
    }

    #[test]
    fn what_nobody_sees_is_no_new_revision() {
        let profile = profile().with_photo_decided(&decided(Some(PhotoState::Approved), 1), at(1));
        let again = profile.with_photo_decided(&decided(Some(PhotoState::Approved), 5), at(2));
        assert_eq!(again.revision, profile.revision);
        assert_eq!(again.updated_at, profile.updated_at);
        assert_eq!(again.photos.revisions[&photo()], 5);
        assert_eq!(profile.with_photo_decided(&decided(None, 1), at(2)), profile, "old news");
    }

    #[test]
    fn a_choice_names_one_photo() {
        assert_eq!(parse_choice(&json!({"photoId": photo().to_string()})), Ok(photo()));
        for wrong in [json!({}), json!({"photoId": 7}), json!({"photoId": "x"}), json!([])] {
            assert!(parse_choice(&wrong).is_err(), "{wrong}");
        }
        let extra = json!({"photoId": photo().to_string(), "size": 1});
        assert!(parse_choice(&extra).is_err());
    }
}
