//! Cosmos DB as its clients see it, over real sockets.

// All of this is tests, what they share included.
#![allow(clippy::unwrap_used)]

mod account;
mod by_ids;
mod expiry;
mod faults;
mod feed;
mod items;
mod queries;
mod restart;
mod wire;
