//! What clients see. The domain and the documents may change without it, and it without them.

mod profile;
mod service;

pub(crate) use profile::{ProfileView, SubscriptionView};
pub(crate) use service::ServiceView;

/// The shape of what is shown; raised when a field changes its meaning.
const SCHEMA_VERSION: u32 = 1;
