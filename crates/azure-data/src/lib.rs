//! An app's data in Azure: Cosmos DB, Blob and Queue Storage through the official SDK.
//!
//! - [`Cosmos`] hands out [`Container`]s of the app's own database and [`ContainerReader`]s of others'; every write is
//!   conditional. [`Container::change`] reads, decides and writes until nobody interferes, [`Container::batch`] writes
//!   several documents or none, and [`retry_conflicts`] is the same loop for changes of any other form.
//! - [`Storage`] hands out [`BlobContainer`]s, [`QueueSender`]s and [`QueueLength`]s; uploads go past us through an
//!   [`UploadUrl`].
//! - [`Identity`]: who we are to a service that we call ourselves.
//!
//! Clients are built on first use, so that a handler answers its first request within milliseconds of its start. A
//! handle exists only through [`Cosmos`] and [`Storage`], which note what each is for: what an app says of itself
//! (`uses`) is what it can do.
//!
//! ```
//! use azure_data::{Container, Cosmos, QueueSender, Storage};
//! use custom_handler::{Settings, SettingsError};
//!
//! struct App { orders: Container, shipments: QueueSender }
//!
//! fn app(settings: &Settings) -> Result<App, SettingsError> {
//!     let (cosmos, storage) = (Cosmos::read(settings, "shop"), Storage::read(settings));
//!     settings.check()?;
//!     let (cosmos, storage) = (cosmos?, storage?);
//!     let app = App {
//!         orders: cosmos.container("orders"),
//!         shipments: storage.queue_sender("shop-shipments"),
//!     };
//!     assert_eq!(
//!         serde_json::json!(cosmos.uses()),
//!         serde_json::json!([{"database": "shop", "name": "orders", "uses": ["read", "write"]}])
//!     );
//!     Ok(app)
//! }
//!
//! let settings = Settings::from_map([
//!     ("COSMOS__accountEndpoint", "http://127.0.0.1:8081/"),
//!     ("STORAGE__blobServiceUri", "http://127.0.0.1:10000/devstoreaccount1"),
//!     ("STORAGE__queueServiceUri", "http://127.0.0.1:10001/devstoreaccount1"),
//! ]);
//! assert!(app(&settings).is_ok());
//! ```

mod cosmos;
mod credential;
mod storage;
mod uses;

pub use azure_core::http::Etag;
pub use azure_data_cosmos::Query;
pub use cosmos::{
    Attempt, Batch, BatchError, Change, ChangeError, Container, ContainerReader, Cosmos,
    CosmosFailure, Exhausted, Item, MAX_ATTEMPTS, MAX_BATCH_BYTES, MAX_BATCH_OPERATIONS,
    WriteError, retry_conflicts,
};
pub use credential::{Identity, install_tls};
pub use storage::{
    Blob, BlobContainer, BlobProperties, BlobRefusal, QueueLength, QueueSender, Storage,
    StorageFailure, UploadUrl,
};
pub use uses::{ContainerUse, StorageUse, StorageUses};
