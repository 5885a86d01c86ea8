//! Blob and Queue Storage as their clients see them, over real sockets.

// All of this is tests, what they share included.
#![allow(clippy::unwrap_used)]

mod account;
mod blob_sdk;
mod blob_wire;
mod conditions;
mod events;
mod faults;
mod lifecycle;
mod listing;
mod queue_model;
mod queue_sdk;
mod queue_wire;
mod restart;
mod retention;
mod signatures;
mod snapshots;
