//! The storage and database services over their REST protocols, as far as triggers and bindings need them.
//!
//! The host speaks to whatever the app's settings name: the embedded services, Azurite, or an account in Azure.

mod blob;
mod client;
mod connection_string;
mod connections;
mod cosmos_container;
mod cosmos_db;
mod endpoint;
mod queue;
mod shared_key;
mod storage;
pub(crate) mod xml;

pub(crate) use blob::{BlobService, StoredBlob};
pub(crate) use client::HttpClient;
pub use client::WireError;
pub use connections::{ConnectionError, Connections, LocalEndpoints};
pub(crate) use cosmos_container::{ChangesFrom, Container, FeedPage};
pub(crate) use cosmos_db::CosmosDb;
pub(crate) use queue::{QueueService, ReceivedMessage};
