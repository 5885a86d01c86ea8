//! `queueTrigger`: polling, leases, poison. Sources: `QueueListener.cs`, `QueueProcessor.cs` of the storage extension.

mod encoding;
mod lease;
mod listener;
mod options;
mod watch;

pub use encoding::MessageEncoding;
pub use listener::{Processor, QueueListener, Source};
pub use options::QueueOptions;
pub use watch::QueueWatch;
