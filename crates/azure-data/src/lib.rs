//! An app's data in Azure: Cosmos DB, Blob and Queue Storage through the official SDK.
//!
//! - [`Cosmos`] hands out [`Container`]s of the app's own database and [`ContainerReader`]s of others'; every write is
//!   conditional. [`Container::change`] reads, decides and writes until nobody interferes, [`Container::batch`] writes
//!   several documents or none, and [`retry_conflicts`] is the same loop for changes of any other form. Where many documents
//!   are changed in one go, [`Container::change_known`] starts from what one query or a change feed said of all ([`Known`]).
//! - [`Storage`] hands out [`BlobContainer`]s of the app and [`BlobReader`]s of others', [`QueueSender`]s and [`QueueLength`]s; uploads go past us through an
//!   [`UploadUrl`] that an [`UploadSigner`] makes.
//! - [`clock`]: the clock that the settings ask for.
//! - [`Identity`]: who we are to a service that we call ourselves.
//!
//! Clients are built on first use, so that a handler answers its first request within milliseconds of its start. A
//! handle exists only through [`Cosmos`] and [`Storage`], which note what each is for in the app's description
//! ([`custom_handler::Description`]): what `--describe` says is what the app can do. Only [`BlobReader::of`] is for accounts that are no
//! app's: a setting says where they are, and so what the app may read there.
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
//!     Ok(App {
//!         orders: cosmos.container("orders"),
//!         shipments: storage.queue_sender("shop-shipments"),
//!     })
//! }
//!
//! assert!(app(&Settings::describing()).is_ok());
//! ```

mod clock;
mod cosmos;
mod credential;
mod said;
mod storage;

pub use azure_core::http::{Etag, Url};
pub use azure_data_cosmos::Query;
pub use clock::clock;
pub use cosmos::{
    Attempt, Batch, BatchError, Change, ChangeError, Container, ContainerReader, Cosmos,
    CosmosFailure, Exhausted, Item, Known, MAX_ATTEMPTS, MAX_BATCH_BYTES, MAX_BATCH_OPERATIONS,
    READS_MAY_BE_OLD_FOR, Readable, Remembered, WriteError, pause, retry_conflicts,
    retry_conflicts_pausing,
};
pub use credential::{Identity, install_tls};
pub use storage::{
    Blob, BlobContainer, BlobProperties, BlobReader, BlobRefusal, QueueLength, QueueName,
    QueueReader, QueueSender, ReadSigner, Storage, StorageFailure, Taken, UploadSigner, UploadUrl,
};
