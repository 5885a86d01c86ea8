//! A case as it is stored: document of the container `cases`.

use crate::domain::{
    Case, CaseEntry, CaseKind, CaseState, Lease, PhotoId, ProfileId, Reason, Ruling, Severities,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use values::Revision;

/// The shape of the document; raised when a field changes its meaning.
const SCHEMA_VERSION: u32 = 1;
/// The worst a case can be.
const MAX_SEVERITY: u8 = 9;

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CaseDocument {
    /// Where the case stands in the queue; sorts as text.
    rank: String,
    id: String,
    kind: CaseKind,
    photo_id: PhotoId,
    profile_id: ProfileId,
    reason: Option<Reason>,
    severities: Option<Severities>,
    severity: u8,
    has_picture: bool,
    state: CaseState,
    opened_at: Timestamp,
    excluded: Option<String>,
    lease: Option<Lease>,
    ruling: Option<Ruling>,
    undone: u32,
    photo_revision: Revision,
    revision: Revision,
    history: Vec<CaseEntry>,
    schema_version: u32,
}

/// The worst first, of these the oldest; unique, so that a list can continue after it.
pub(crate) fn rank(case: &Case) -> String {
    let mildness = MAX_SEVERITY.saturating_sub(case.severity);
    format!("{mildness}-{:015}-{}", case.opened_at.as_millisecond(), case.id)
}

impl From<Case> for CaseDocument {
    fn from(case: Case) -> Self {
        Self {
            rank: rank(&case),
            id: case.id,
            kind: case.kind,
            photo_id: case.photo_id,
            profile_id: case.profile_id,
            reason: case.reason,
            severities: case.severities,
            severity: case.severity,
            has_picture: case.has_picture,
            state: case.state,
            opened_at: case.opened_at,
            excluded: case.excluded,
            lease: case.lease,
            ruling: case.ruling,
            undone: case.undone,
            photo_revision: case.photo_revision,
            revision: case.revision,
            history: case.history,
            schema_version: SCHEMA_VERSION,
        }
    }
}

impl From<CaseDocument> for Case {
    fn from(document: CaseDocument) -> Self {
        Self {
            id: document.id,
            kind: document.kind,
            photo_id: document.photo_id,
            profile_id: document.profile_id,
            reason: document.reason,
            severities: document.severities,
            severity: document.severity,
            has_picture: document.has_picture,
            state: document.state,
            opened_at: document.opened_at,
            excluded: document.excluded,
            lease: document.lease,
            ruling: document.ruling,
            undone: document.undone,
            photo_revision: document.photo_revision,
            revision: document.revision,
            history: document.history,
        }
    }
}
