//! Azure Blob and Queue Storage over their REST protocols, as far as `local/data/README.md` says.
//!
//! Each service keeps its state in memory, ordered as its operations need it, and writes what must outlive the run
//! to the data directory before it acknowledges anything. Requests of both come through `front`, are read by `call`
//! and `query`, allowed or refused by `authorization` (`shared_key`, `sas`), and answered by `reply` or `failure`.

mod account;
mod authorization;
pub(crate) mod blob;
mod body;
mod call;
mod code;
mod cors;
mod dates;
mod delegation_key;
mod failure;
mod front;
mod garbage;
mod metadata;
mod names;
mod policies;
mod query;
pub(crate) mod queue;
mod reply;
mod sas;
mod service_properties;
mod shared_key;
mod spelling;
mod xml;

use crate::persistence;

pub use account::{ACCOUNT_KEY, connection_string};
pub use blob::{BlobEvent, BlobEvents, LifecycleRule, RetentionRule};
pub use sas::account_sas;
