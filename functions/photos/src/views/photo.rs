//! A photo as clients see it.

use crate::domain::{Photo, PhotoId, PhotoState, ProfileId, Reason};
use jiff::Timestamp;
use serde::Serialize;

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PhotoView<'a> {
    id: PhotoId,
    profile_id: ProfileId,
    state: PhotoState,
    reason: Option<&'a Reason>,
    content_type: &'a str,
    bytes: u64,
    width: Option<u32>,
    height: Option<u32>,
    /// A blurred picture is a picture: shown only when the photo may be seen.
    blurhash: Option<&'a str>,
    created_at: Timestamp,
    decided_at: Option<Timestamp>,
}

impl<'a> PhotoView<'a> {
    pub(crate) fn of(photo: &'a Photo) -> Self {
        let original = photo.picture.as_ref().map(|picture| &picture.original);
        let ticket = &photo.ticket;
        let blurhash = photo.picture.as_ref().filter(|_| photo.is_public());
        Self {
            id: photo.id,
            profile_id: photo.profile_id,
            state: photo.state,
            reason: photo.reason.as_ref(),
            content_type: original.map_or(ticket.content_type.as_str(), |o| &o.content_type),
            bytes: original.map_or(ticket.content_length, |original| original.bytes),
            width: original.map(|original| original.width),
            height: original.map(|original| original.height),
            blurhash: blurhash.map(|picture| picture.blurhash.as_str()),
            created_at: photo.created_at,
            decided_at: photo.decided_at,
        }
    }

    /// Where a list continues after it.
    pub(crate) fn position(&self) -> String {
        self.id.to_string()
    }
}
