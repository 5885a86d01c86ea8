//! The events that others send us; each has a schema in `messages/` of the app that sends it.

use crate::domain::ProfileId;
use messages::EventType;
use serde::Deserialize;

/// A profile was erased; the data is [`ProfileErased`].
pub(crate) const PROFILE_ERASED: EventType = EventType::new("com.iommi.profiles.erased.v1");

/// What is needed of functions/profiles/messages/erased.schema.json.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ProfileErased {
    pub(crate) profile_id: ProfileId,
}
