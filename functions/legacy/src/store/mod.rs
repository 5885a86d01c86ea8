//! How the app keeps what it knows in Cosmos DB; the only place that knows documents. Every write is conditional.

mod profiles;
mod resends;
mod syncs;

pub(crate) use profiles::{Current, Profiles};
pub(crate) use resends::Resends;
pub(crate) use syncs::{Due, NotStored, Syncs};

use azure_data::Query;

fn with_text(query: Query, name: &str, value: &str) -> Query {
    query.with_parameter(name, value).expect("a string is JSON")
}
