//! Azure Queue and Blob Storage over HTTP, with the account signature that is in the endpoint's address.
//!
//! Plain HTTP on this machine only: the simulator has no business elsewhere. It shares the machine with what it is
//! there to test, and takes thousands of messages a second when it is asked to: so it does without the SDK.

mod blob;
mod client;
mod queue;
mod xml;

pub(crate) use blob::Payloads;
pub(crate) use client::{Endpoint, WireError};
pub(crate) use queue::{Queue, Taken, Waiting};
