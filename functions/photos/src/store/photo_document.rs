//! A photo as it is stored: document of the container `photos`.

use crate::domain::{
    Checking, Duty, Entry, Photo, PhotoId, PhotoState, Picture, ProfileId, Reason, Severities,
    Ticket,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use values::Revision;

/// The shape of the document; raised when a field changes its meaning.
const SCHEMA_VERSION: u32 = 1;
/// How long the tombstone of an erased photo stays, in seconds (90 days): as long as that of a profile.
const TOMBSTONE_TTL_S: u32 = 90 * 24 * 3_600;

/// How long a photo stays whose ticket was not used, in seconds (7 days): long after its URL has ended.
const EXPIRED_TTL_S: u32 = 7 * 24 * 3_600;

/// Tells photos from the record of an erasure, which lies in the same partition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Kind {
    Photo,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PhotoDocument {
    kind: Kind,
    id: PhotoId,
    profile_id: ProfileId,
    state: PhotoState,
    reason: Option<Reason>,
    ticket: Ticket,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    upload_digest: Option<String>,
    picture: Option<Picture>,
    severities: Option<Severities>,
    revision: Revision,
    created_at: Timestamp,
    updated_at: Timestamp,
    decided_at: Option<Timestamp>,
    checking: Option<Checking>,
    appealed: bool,
    duties: Vec<Duty>,
    /// Seconds since 1970, an index of numbers: when the photo is due.
    sweep_after: Option<i64>,
    history: Vec<Entry>,
    traceparent: Option<String>,
    schema_version: u32,
    /// Seconds after which Cosmos DB forgets the document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ttl: Option<u32>,
}

impl From<Photo> for PhotoDocument {
    fn from(photo: Photo) -> Self {
        Self {
            kind: Kind::Photo,
            id: photo.id,
            profile_id: photo.profile_id,
            state: photo.state,
            reason: photo.reason,
            ticket: photo.ticket,
            upload_digest: photo.upload_digest,
            picture: photo.picture,
            severities: photo.severities,
            revision: photo.revision,
            created_at: photo.created_at,
            updated_at: photo.updated_at,
            decided_at: photo.decided_at,
            checking: photo.checking,
            appealed: photo.appealed,
            duties: photo.duties,
            sweep_after: photo.due_at.map(Timestamp::as_second),
            history: photo.history,
            traceparent: photo.traceparent,
            schema_version: SCHEMA_VERSION,
            ttl: match photo.state {
                PhotoState::Erased => Some(TOMBSTONE_TTL_S),
                PhotoState::Expired => Some(EXPIRED_TTL_S),
                _ => None,
            },
        }
    }
}

impl From<PhotoDocument> for Photo {
    fn from(document: PhotoDocument) -> Self {
        Self {
            id: document.id,
            profile_id: document.profile_id,
            state: document.state,
            reason: document.reason,
            ticket: document.ticket,
            upload_digest: document.upload_digest,
            picture: document.picture,
            severities: document.severities,
            revision: document.revision,
            created_at: document.created_at,
            updated_at: document.updated_at,
            decided_at: document.decided_at,
            checking: document.checking,
            appealed: document.appealed,
            duties: document.duties,
            due_at: document.sweep_after.and_then(|at| Timestamp::from_second(at).ok()),
            history: document.history,
            traceparent: document.traceparent,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Actor, ContentType};
    use pretty_assertions::assert_eq;
    use serde_json::Value;
    use uuid::Uuid;

    fn photo() -> Photo {
        let now = Timestamp::UNIX_EPOCH;
        let (id, profile) = (Uuid::from_u128(1).into(), Uuid::from_u128(2).into());
        let ticket = Ticket::new(ContentType::Png, 9, now);
        Photo::requested(id, profile, ticket, "00-1".to_owned(), now)
    }

    #[test]
    fn a_photo_is_the_same_after_it_was_stored() {
        let erased = photo().erased(Actor::Owner, Timestamp::UNIX_EPOCH).unwrap();
        for photo in [photo(), erased] {
            let stored = serde_json::to_value(PhotoDocument::from(photo.clone())).unwrap();
            let read: PhotoDocument = serde_json::from_value(stored).unwrap();
            assert_eq!(Photo::from(read), photo);
        }
    }

    #[test]
    fn only_what_is_over_is_forgotten() {
        let ttl = |photo| serde_json::to_value(PhotoDocument::from(photo)).unwrap()["ttl"].clone();
        assert_eq!(ttl(photo()), Value::Null);
        let erased = photo().erased(Actor::Owner, Timestamp::UNIX_EPOCH).unwrap();
        assert_eq!(ttl(erased), 7_776_000);
        assert_eq!(ttl(photo().expired(Timestamp::UNIX_EPOCH).unwrap()), 604_800);
    }
}
