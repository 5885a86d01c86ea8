//! The app as its users see it: through the local host, over HTTP, with the real binary and Cosmos DB's protocol. Every
//! answer is checked against `openapi.yaml`.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

mod cards;
mod charges;
mod customers;
mod erasure;
mod events;
mod expiry;
mod forms;
mod ledger;
mod limits;
mod marked;
mod network;
mod overview;
mod payments;
mod statements;
mod support;
mod terms;
mod traced;
mod transactions;

app_tests::contract!(fed: crate::marked::feed);
