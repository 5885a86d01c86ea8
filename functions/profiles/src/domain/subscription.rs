//! What a profile is subscribed to.

use jiff::Timestamp;
use values::ServiceId;

/// How many services one profile may be subscribed to. The profile carries its subscriptions, so this
/// bounds the document.
pub(crate) const MAX_SUBSCRIPTIONS: usize = 1_000;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Subscription {
    pub(crate) service_id: ServiceId,
    pub(crate) since: Timestamp,
}

/// The profile has [`MAX_SUBSCRIPTIONS`] already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooManySubscriptions;
