//! The storage and database services over their REST protocols, and Kafka over its own, as far as triggers and bindings need
//! them.
//!
//! The host speaks to whatever the app's settings name: the embedded services, Azurite, or an account in Azure. Blob
//! and Queue are in `local-wire`, which simulators use as well.

mod connections;
mod cosmos_container;
mod cosmos_db;
mod event_hub;
mod kafka;

pub use connections::{ConnectionError, Connections, LocalEndpoints};
pub(crate) use cosmos_container::{ChangesFrom, Container, FeedPage};
pub(crate) use cosmos_db::CosmosDb;
pub(crate) use event_hub::{EventHub, HubPage, HubRead};
pub(crate) use kafka::{Cluster, KafkaError, Position};
pub use local_wire::WireError;
pub(crate) use local_wire::{
    BlobService, Condition, HttpClient, QueueService, ReceivedMessage, StoredBlob, xml,
};
