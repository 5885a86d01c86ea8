//! Azure Cosmos DB: one account, a database for each app, its containers; every write is conditional.

mod attempts;
mod batch;
mod change;
mod connection;
mod container;
mod failure;
mod known;
mod operation;
mod query;
mod readable;
mod reader;
mod remembered;

pub use attempts::{
    Attempt, ChangeError, Exhausted, MAX_ATTEMPTS, pause, retry_conflicts, retry_conflicts_pausing,
};
pub use batch::{Batch, BatchError, MAX_BATCH_BYTES, MAX_BATCH_OPERATIONS};
pub use change::Change;
pub use connection::Cosmos;
pub use container::Container;
pub use failure::{CosmosFailure, WriteError};
pub use known::Known;
pub use readable::Readable;
pub use reader::{ContainerReader, Item, READS_MAY_BE_OLD_FOR};
pub use remembered::Remembered;
