//! `eventHubTrigger`: the partitions of a hub, shared out by blobs that say who reads which and how far. Source:
//! `EventHubListener.cs` of the extension, and the checkpoint stores of the SDKs.

mod delivery;
mod listener;
mod options;
mod ownership;
mod reading;

pub use listener::EventHubListener;
pub use options::EventHubOptions;
