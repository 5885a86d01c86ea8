//! How the app keeps what it knows in Cosmos DB; the only place that knows documents. Every write is conditional.

mod letters;
mod profiles;
mod remembered;
mod resends;
mod syncs;

pub(crate) use letters::{Filter, Letters, sort_key};
pub(crate) use profiles::{Current, Profiles};
pub(crate) use resends::Resends;
pub(crate) use syncs::Syncs;

use azure_data_cosmos::Query;
use iommi_app::CosmosFailure;

/// How often a write is tried again because others write the same document.
const MAX_TRIES: u32 = 12;

/// Why something was not stored.
#[derive(Debug, Clone, thiserror::Error)]
pub(crate) enum StoreError {
    #[error("storing {0}: others kept changing it")]
    Busy(String),
    #[error(transparent)]
    Failed(#[from] CosmosFailure),
}

fn with_text(query: Query, name: &str, value: &str) -> Query {
    query.with_parameter(name, value).expect("a string is JSON")
}
