//! The events that we send to ourselves, and those that we receive; each has a schema in `messages/` of the app that sends it.

use messages::EventType;
use serde::{Deserialize, Serialize};

/// Who sends ours.
pub(crate) const SOURCE: &str = "/events";
/// A capture file is to be brought into the lake.
pub(crate) const CAPTURE_DUE: EventType = EventType::new("com.iommi.events.capture-due.v1");
/// What the lake keeps about somebody is to go.
pub(crate) const ERASURE_DUE: EventType = EventType::new("com.iommi.events.erasure-due.v1");
/// A replay goes on.
pub(crate) const REPLAY_DUE: EventType = EventType::new("com.iommi.events.replay-due.v1");
/// A profile was erased, says the app `profiles`.
pub(crate) const PROFILE_ERASED: EventType = EventType::new("com.iommi.profiles.erased.v1");

/// messages/capture-due.schema.json
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct CaptureDue {
    pub(crate) file: String,
}

/// messages/erasure-due.schema.json
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ErasureDue {
    pub(crate) erasure_id: String,
}

/// messages/replay-due.schema.json
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ReplayDue {
    pub(crate) replay_id: String,
}

/// What is needed of functions/profiles/messages/erased.schema.json.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ProfileErased {
    pub(crate) profile_id: String,
}
