//! What happened to a photo: who, when, from where to where, and why.

use super::reason::Reason;
use super::severity::Severities;
use super::state::PhotoState;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Most entries that are kept; the oldest go first, but for the first one. A photo that moderators undo this
/// often is a matter for people to talk about.
pub(crate) const MAX_HISTORY: usize = 64;

/// Who did it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub(crate) enum Actor {
    /// Whoever holds the photo's id: the API knows no more about its callers.
    Owner,
    Pipeline,
    Sweep,
    /// The profile was erased.
    Erasure,
    /// The person's id at the identity provider.
    Moderator {
        id: String,
    },
}

/// One transition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Entry {
    pub(crate) at: Timestamp,
    pub(crate) by: Actor,
    /// `None` for the ticket, with which a photo begins.
    pub(crate) from: Option<PhotoState>,
    pub(crate) to: PhotoState,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) why: Option<Reason>,
    /// In a person's own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) note: Option<String>,
    /// What judged the picture: name and version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) model: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) severities: Option<Severities>,
}

impl Entry {
    pub(crate) fn new(at: Timestamp, by: Actor, from: Option<PhotoState>, to: PhotoState) -> Self {
        Self { at, by, from, to, why: None, note: None, model: None, severities: None }
    }
}

/// The history with one more entry.
pub(super) fn with(history: &[Entry], entry: Entry) -> Vec<Entry> {
    let mut history = history.to_vec();
    if history.len() >= MAX_HISTORY {
        history.remove(1);
    }
    history.push(entry);
    history
}
