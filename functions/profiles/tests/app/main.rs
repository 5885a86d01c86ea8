//! The app as its users see it: through the local host, over HTTP, with the real binary and Cosmos DB's
//! protocol. Every answer is checked against `openapi.yaml`.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

mod addresses;
mod crashes;
mod dead_letters;
mod erasures;
mod facts;
mod lists;
mod lost_answers;
mod marked;
mod ownership;
mod picture;
mod poison;
mod profile;
mod raising;
mod readme;
mod reconciling;
mod registration;
mod repeating;
mod services;
mod subscriptions;
mod support;

app_tests::contract!(fed: crate::marked::feed);
