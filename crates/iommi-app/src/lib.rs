//! What every Iommi app has besides its functions.
//!
//! - [`Cosmos`] and [`Container`]: Azure Cosmos DB through the official SDK; clients are built on first
//!   use, so that a handler answers its first request within milliseconds of its start.
//! - [`Continuation`]: page tokens that a client can neither read nor forge.
//! - [`health`]: the `live` and `ready` probes.
//! - [`Clock`]: now, in whole milliseconds.

mod clock;
mod continuation;
mod cosmos;
mod credential;
pub mod health;
mod pause;

pub use azure_core::http::Etag;
pub use clock::Clock;
pub use continuation::{Continuation, ContinuationKeyError, Unsealable};
pub use cosmos::{Container, Cosmos, CosmosFailure, CosmosSettings, Kept, Refusal};
pub use pause::pause;
