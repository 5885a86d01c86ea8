//! Calls of a server that listens, and of addresses that must not be called.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

mod addresses;
mod breaker;
mod guard;
mod patience;
mod redirects;
mod server;
mod traces;
mod tries;
mod urls;
