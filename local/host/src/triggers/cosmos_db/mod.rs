//! `cosmosDBTrigger`: the change feed of a container, shared out by leases. Source: the change feed processor of the
//! Cosmos DB SDK and `CosmosDBTriggerListener.cs` of the extension.

mod lease;
mod lease_store;
mod listener;
mod poll;

pub use listener::{ChangeFeedError, CosmosDbListener};
