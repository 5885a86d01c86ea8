//! A case as moderators see it.

use crate::domain::{
    Case, CaseEntry, CaseKind, CaseState, PhotoId, ProfileId, Reason, Ruling, Severities,
};
use custom_handler::Response;
use jiff::Timestamp;
use public_api::versions::entity_tag;
use serde::Serialize;
use staff_pages::Principal;

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CaseView<'a> {
    id: &'a str,
    kind: CaseKind,
    photo_id: PhotoId,
    profile_id: ProfileId,
    reason: Option<&'a Reason>,
    severities: Option<&'a Severities>,
    severity: u8,
    has_picture: bool,
    state: CaseState,
    opened_at: Timestamp,
    lease: Option<ShownLease>,
    decision: Option<ShownRuling<'a>>,
    revision: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    history: Option<&'a [CaseEntry]>,
    #[serde(skip)]
    rank: String,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct ShownLease {
    mine: bool,
    until: Timestamp,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct ShownRuling<'a> {
    #[serde(flatten)]
    ruling: &'a Ruling,
    mine: bool,
}

impl<'a> CaseView<'a> {
    /// For a list.
    pub(crate) fn brief(case: &'a Case, moderator: &Principal, now: Timestamp) -> Self {
        let lease = case.held(now);
        let lease =
            lease.map(|lease| ShownLease { mine: lease.by == moderator.id, until: lease.until });
        let mine = |ruling: &'a Ruling| ShownRuling { ruling, mine: ruling.by == moderator.id };
        Self {
            id: &case.id,
            kind: case.kind,
            photo_id: case.photo_id,
            profile_id: case.profile_id,
            reason: case.reason.as_ref(),
            severities: case.severities.as_ref(),
            severity: case.severity,
            has_picture: case.has_picture,
            state: case.state,
            opened_at: case.opened_at,
            lease,
            decision: case.ruling.as_ref().map(mine),
            revision: case.revision.get(),
            history: None,
            rank: crate::store::rank(case),
        }
    }

    /// With everything that ever happened to it.
    pub(crate) fn whole(case: &'a Case, moderator: &Principal, now: Timestamp) -> Self {
        Self { history: Some(&case.history), ..Self::brief(case, moderator, now) }
    }

    /// Where a list continues after it.
    pub(crate) fn position(&self) -> String {
        self.rank.clone()
    }
}

/// The whole case as an answer; its ETag is what a decision must name.
pub(crate) fn answer(case: &Case, moderator: &Principal, now: Timestamp) -> Response {
    let tag = entity_tag(case.revision);
    Response::ok(&CaseView::whole(case, moderator, now)).etag(tag).cache_control("no-store")
}
