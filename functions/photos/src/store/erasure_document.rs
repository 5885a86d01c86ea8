//! The record of an erasure as it is stored, in every form in which a version of this app has written it. During a
//! deployment instances of two versions read what the other writes.

use crate::domain::{ErasureRecord, Found, ProfileId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The id of the document; photos have UUIDs.
pub(super) const RECORD: &str = "erasure";

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub(super) enum Stored {
    Erasure(Box<ErasureDocument>),
    /// An earlier version kept the open gate under this id.
    #[serde(rename = "open")]
    OpenGate {
        id: String,
        #[serde(rename = "profileId")]
        profile_id: ProfileId,
    },
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ErasureDocument {
    id: String,
    #[serde(flatten)]
    record: ErasureRecord,
    /// Seconds since 1970: when the sweep goes on with it.
    #[serde(default)]
    sweep_after: Option<i64>,
    /// What the first version wrote, one entry for each photo; it reads no document without the list.
    #[serde(default)]
    photos: Vec<ErasedPhoto>,
    /// Of the first version too.
    #[serde(default)]
    stray_uploads: usize,
}

/// How much there was of a photo.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ErasedPhoto {
    photo_id: String,
    at: Timestamp,
    uploads: usize,
    quarantine: usize,
    published: usize,
    cases: usize,
}

impl From<ErasureRecord> for Stored {
    fn from(record: ErasureRecord) -> Self {
        let sweep_after = record.due_at.map(Timestamp::as_second);
        let (photos, stray_uploads) = (Vec::new(), record.removed.stray_uploads);
        let id = RECORD.to_owned();
        Self::Erasure(Box::new(ErasureDocument { id, record, sweep_after, photos, stray_uploads }))
    }
}

impl ErasureDocument {
    pub(super) fn record(&self) -> ErasureRecord {
        let due_at = self.sweep_after.and_then(|at| Timestamp::from_second(at).ok());
        let removed = match self.photos.as_slice() {
            [] => self.record.removed,
            photos => self.counted(photos),
        };
        ErasureRecord { due_at, removed, ..self.record.clone() }
    }

    /// What the first version listed.
    fn counted(&self, photos: &[ErasedPhoto]) -> Found {
        let none = Found { stray_uploads: self.stray_uploads, ..Found::default() };
        photos.iter().fold(none, |sum, photo| Found {
            photos: sum.photos + 1,
            uploads: sum.uploads + photo.uploads,
            quarantine: sum.quarantine + photo.quarantine,
            published: sum.published + photo.published,
            cases: sum.cases + photo.cases,
            ..sum
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;
    use serde_json::{Value, json};

    const ID: &str = "01980c6e-1111-7000-8000-000000000001";

    fn read(document: Value) -> Stored {
        serde_json::from_value(document).unwrap()
    }

    fn record(document: Value) -> ErasureRecord {
        match read(document) {
            Stored::Erasure(document) => document.record(),
            other => panic!("{other:?}"),
        }
    }

    /// As the first version wrote it.
    fn first() -> Value {
        json!({
            "id": "erasure", "kind": "erasure", "profileId": ID,
            "erasedAt": "2026-03-01T08:00:00Z", "startedAt": "2026-03-01T08:00:01Z",
            "completedAt": "2026-03-01T08:00:02Z", "strayUploads": 1,
            "photos": [
                {"photoId": ID, "at": "2026-03-01T08:00:01Z", "uploads": 1, "quarantine": 0, "published": 3, "cases": 0},
                {"photoId": ID, "at": "2026-03-01T08:00:02Z", "uploads": 0, "quarantine": 3, "published": 0, "cases": 1},
            ],
            "_etag": "\"1\"", "_ts": 1,
        })
    }

    #[test]
    fn the_form_of_the_first_version_is_read_and_its_list_counted() {
        let record = record(first());
        let removed = json!({
            "photos": 2, "uploads": 1, "quarantine": 3, "published": 3, "cases": 1, "strayUploads": 1,
        });
        assert_eq!(serde_json::to_value(record.removed).unwrap(), removed);
        assert_eq!((record.due_at, record.confirmed_at), (None, None));
    }

    #[test]
    fn the_forms_of_the_version_before_are_read() {
        let open = json!({"id": "erasure", "kind": "open", "profileId": ID});
        assert!(matches!(read(open), Stored::OpenGate { .. }));
        let removed = json!({
            "photos": 2, "uploads": 0, "quarantine": 0, "published": 6, "cases": 0, "strayUploads": 0,
        });
        let closed = json!({
            "id": "erasure", "kind": "erasure", "profileId": ID, "erasedAt": "2026-03-01T08:00:00Z",
            "startedAt": "2026-03-01T08:00:01Z", "completedAt": null, "confirmedAt": null,
            "copiesGoneBy": null, "doneUpTo": ID, "removed": removed, "sweepAfter": 1_772_352_301,
        });
        let record = record(closed);
        assert_eq!(serde_json::to_value(record.removed).unwrap(), removed);
        assert!(record.done_up_to.is_some() && record.due_at.is_some());
    }

    /// The members that the first version cannot do without.
    #[test]
    fn the_first_version_can_read_what_is_written() {
        let now = Timestamp::UNIX_EPOCH;
        let begun = ErasureRecord::begun(ID.parse().unwrap(), now, now);
        let written = serde_json::to_value(Stored::from(begun.clone())).unwrap();
        for (member, value) in first().as_object().unwrap() {
            if member.starts_with('_') {
                continue;
            }
            let ours = &written[member];
            let alike = std::mem::discriminant(ours) == std::mem::discriminant(value);
            assert!(alike || member == "completedAt", "{member}: {ours}");
        }
        assert_eq!(record(written), begun);
    }
}
