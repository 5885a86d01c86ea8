//! What every Iommi app has besides its functions.
//!
//! - [`Cosmos`] and [`Container`]: Azure Cosmos DB through the official SDK; clients are built on first
//!   use, so that a handler answers its first request within milliseconds of its start.
//! - [`Storage`], [`BlobContainer`] and [`Queue`]: Azure Blob and Queue Storage, likewise; uploads that go past us
//!   through an [`UploadUrl`].
//! - [`CloudEvent`]: the envelope of every message between apps.
//! - [`Principal`] and [`FormKey`]: who is signed in, and that a form came from our own page.
//! - [`Continuation`]: page tokens that a client can neither read nor forge.
//! - [`Page`]: lists, page by page.
//! - [`health`]: the `live` and `ready` probes.
//! - [`Clock`]: now, in whole milliseconds.

mod clock;
mod cloud_event;
mod continuation;
mod cosmos;
mod credential;
mod form_key;
pub mod health;
mod paging;
mod pause;
mod principal;
mod storage;

pub use azure_core::http::Etag;
pub use clock::Clock;
pub use cloud_event::{CloudEvent, SpecVersion};
pub use continuation::{Continuation, ContinuationKeyError, Unsealable};
pub use cosmos::{Container, Cosmos, CosmosFailure, CosmosSettings, Kept, Refusal};
pub use credential::{Identity, install_tls};
pub use form_key::{FormKey, FormKeyError, FormRefusal};
pub use paging::{Page, PageQuery};
pub use pause::pause;
pub use principal::Principal;
pub use storage::{
    Blob, BlobContainer, BlobProperties, BlobRefusal, Queue, Storage, StorageFailure,
    StorageSettings, UploadUrl,
};
