//! Which registrations were asked for with an idempotency key. A record holds a fingerprint and ids, no personal data,
//! and lives for 24 hours (the container's time to live).

use crate::domain::{AccountId, ProfileId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What makes a repeated registration the same one: everything that its answer depends on besides its body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Registration {
    pub(crate) profile_id: ProfileId,
    pub(crate) account_id: AccountId,
    pub(crate) started_at: Timestamp,
}
