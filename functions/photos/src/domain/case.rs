//! A case: what moderators have to decide about a photo, and everything that was decided. What may become of it is
//! in `case_transitions`.

use super::history::Actor;
use super::ids::{PhotoId, PhotoKey, ProfileId};
use super::photo::Photo;
use super::reason::Reason;
use super::severity::Severities;
use super::state::PhotoState;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use values::Revision;

/// Above every severity that Content Safety gives: nobody looked yet, so a person does first.
const UNCHECKED: u8 = 7;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum CaseKind {
    /// The pipeline was in doubt.
    Review,
    /// The owner asks for another look.
    Appeal,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum CaseState {
    Open,
    Decided,
    /// The photo is gone before anybody decided.
    Closed,
}

impl CaseState {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Decided => "decided",
            Self::Closed => "closed",
        }
    }
}

impl std::str::FromStr for CaseState {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let all = [Self::Open, Self::Decided, Self::Closed];
        let found = all.into_iter().find(|state| state.as_str() == text);
        found.ok_or("must be open, decided or closed")
    }
}

/// Keeps others away from a case while somebody looks at it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Lease {
    /// The moderator's id at the identity provider.
    pub(crate) by: String,
    pub(crate) until: Timestamp,
}

/// Why a moderator rejects; the list is short so that statistics mean something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum ReviewReason {
    Nudity,
    Violence,
    Hate,
    SelfHarm,
    Minor,
    PersonalData,
    Advertising,
    Other,
}

impl ReviewReason {
    /// In the order of the console's keys 1 to 8.
    pub(crate) const ALL: [Self; 8] = [
        Self::Nudity,
        Self::Violence,
        Self::Hate,
        Self::SelfHarm,
        Self::Minor,
        Self::PersonalData,
        Self::Advertising,
        Self::Other,
    ];

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Nudity => "nudity",
            Self::Violence => "violence",
            Self::Hate => "hate",
            Self::SelfHarm => "self-harm",
            Self::Minor => "minor",
            Self::PersonalData => "personal-data",
            Self::Advertising => "advertising",
            Self::Other => "other",
        }
    }
}

impl std::str::FromStr for ReviewReason {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|reason| reason.as_str() == text);
        found.ok_or_else(|| {
            let all: Vec<_> = Self::ALL.iter().map(|reason| reason.as_str()).collect();
            format!("must be one of {}", all.join(", "))
        })
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "verdict", content = "reason")]
pub(crate) enum Judgement {
    Approve,
    Reject(ReviewReason),
}

/// A moderator's decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Ruling {
    #[serde(flatten)]
    pub(crate) judgement: Judgement,
    /// In the moderator's own words.
    pub(crate) note: Option<String>,
    pub(crate) by: String,
    pub(crate) at: Timestamp,
    /// Whether the photo has followed. Written after it did, so that a crash in between is seen.
    pub(crate) carried_out: bool,
}

/// What happened to a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "what")]
pub(crate) enum CaseEvent {
    Opened,
    Leased,
    Released,
    /// The lease ran out.
    Lapsed,
    Decided {
        #[serde(flatten)]
        judgement: Judgement,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<String>,
    },
    Undone,
    Closed,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CaseEntry {
    pub(crate) at: Timestamp,
    /// The moderator; `None` for what happens by itself.
    pub(crate) by: Option<String>,
    #[serde(flatten)]
    pub(crate) event: CaseEvent,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Case {
    /// The photo's id, or that with `-appeal` behind: a case that is opened twice is one case.
    pub(crate) id: String,
    pub(crate) kind: CaseKind,
    pub(crate) photo_id: PhotoId,
    pub(crate) profile_id: ProfileId,
    /// Why a person must look.
    pub(crate) reason: Option<Reason>,
    pub(crate) severities: Option<Severities>,
    /// 0 to 6; 7 if nothing has looked at the picture. The worst come first.
    pub(crate) severity: u8,
    /// Whether there is a picture to look at.
    pub(crate) has_picture: bool,
    pub(crate) state: CaseState,
    pub(crate) opened_at: Timestamp,
    /// Who must not decide: the moderator against whose rejection the owner appeals.
    pub(crate) excluded: Option<String>,
    pub(crate) lease: Option<Lease>,
    pub(crate) ruling: Option<Ruling>,
    /// Decisions that were undone.
    pub(crate) undone: u32,
    /// The photo's revision when it came into review: a case is opened (again) once for each time it does.
    pub(crate) photo_revision: Revision,
    pub(crate) revision: Revision,
    pub(crate) history: Vec<CaseEntry>,
}

impl Case {
    /// The case that a photo in review needs now.
    pub(crate) fn opened(photo: &Photo, now: Timestamp) -> Self {
        let kind = if photo.appealed { CaseKind::Appeal } else { CaseKind::Review };
        let severity = photo.severities.as_ref().map_or(UNCHECKED, Severities::highest);
        Self {
            id: photo.case_id().to_string(),
            kind,
            photo_id: photo.id,
            profile_id: photo.profile_id,
            reason: photo.reason.clone(),
            severities: photo.severities.clone(),
            severity,
            has_picture: photo.picture.is_some(),
            state: CaseState::Open,
            opened_at: now,
            excluded: if photo.appealed { last_rejecter(photo) } else { None },
            lease: None,
            ruling: None,
            undone: 0,
            photo_revision: photo.revision,
            revision: Revision::FIRST,
            history: vec![CaseEntry { at: now, by: None, event: CaseEvent::Opened }],
        }
    }

    /// What finds its photo.
    pub(crate) fn photo_key(&self) -> PhotoKey {
        PhotoKey { id: self.photo_id, profile_id: self.profile_id }
    }

    /// Since when somebody is to decide it: it was opened then, or its last decision undone.
    pub(crate) fn open_since(&self) -> Timestamp {
        let opens =
            |entry: &&CaseEntry| matches!(entry.event, CaseEvent::Opened | CaseEvent::Undone);
        self.history.iter().rev().find(opens).map_or(self.opened_at, |entry| entry.at)
    }

    /// The lease, if it still holds.
    pub(crate) fn held(&self, now: Timestamp) -> Option<&Lease> {
        self.lease.as_ref().filter(|lease| lease.until > now)
    }
}

fn last_rejecter(photo: &Photo) -> Option<String> {
    let rejection = photo.history.iter().rev().find(|entry| entry.to == PhotoState::Rejected)?;
    moderator(&rejection.by)
}

pub(super) fn moderator(actor: &Actor) -> Option<String> {
    match actor {
        Actor::Moderator { id } => Some(id.clone()),
        _ => None,
    }
}

#[cfg(test)]
#[path = "case_tests.rs"]
mod tests;
