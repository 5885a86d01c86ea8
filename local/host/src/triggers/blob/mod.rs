//! `blobTrigger`: the webhook that puts events into the host's own queue, and the function that the queue then calls.
//! Sources: `BlobsExtensionConfigProvider.cs`, `BlobQueueTriggerExecutor.cs` of the storage extension.

mod function;
mod pointer;
mod webhook;

pub use function::{BlobFunctions, blob_queue, blob_queue_options};
pub(crate) use function::{blob_event, read};
pub use pointer::BlobPointer;
pub use webhook::webhook;

/// What stands before a function's name in the webhook's query and in the internal queue.
const FUNCTION_PREFIX: &str = "Host.Functions.";
