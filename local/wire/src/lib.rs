//! Azure Blob and Queue Storage over their REST protocols: what the local host and the simulators share to speak to
//! queues and blobs, wherever they are: the embedded services, Azurite, or an account in Azure.
//!
//! It does without the SDK: it reads the answers that the Functions host shows to functions, byte for byte, and takes
//! thousands of messages a second beside what it is there to test.
//!
//! ```
//! use local_wire::{Endpoint, HttpClient, QueueService, Storage, WireError};
//! use std::{sync::Arc, time::Duration};
//!
//! /// Moves one message from a queue to another.
//! async fn pass_on(queues: &QueueService) -> Result<(), WireError> {
//!     for message in queues.receive("orders", 1, Duration::from_secs(30)).await? {
//!         queues.send("parcels", &message.text).await?;
//!         queues.delete("orders", &message.id, &message.pop_receipt).await?;
//!     }
//!     Ok(())
//! }
//!
//! # fn main() -> Result<(), String> {
//! let endpoint = Endpoint::loopback("http://127.0.0.1:10001/devstoreaccount1?sv=2024-11-04&sig=…")?;
//! let queues = QueueService::new(Storage::new(endpoint, Arc::new(HttpClient::new())));
//! # let _ = pass_on(&queues);
//! # Ok(())
//! # }
//! ```

mod blob;
mod client;
mod connection_string;
mod endpoint;
mod marker;
mod queue;
mod shared_key;
mod storage;
pub mod xml;

pub use blob::{BlobService, StoredBlob};
pub use client::{HttpClient, WireError};
pub use connection_string::ConnectionString;
pub use endpoint::{Access, Endpoint, escape};
pub use marker::Condition;
pub use queue::{QueueService, ReceivedMessage};
pub use shared_key::{SharedKey, sign};
pub use storage::{Call, Storage, parse_rfc1123, rfc1123};
