//! The simulator as its clients see it: over HTTP.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

mod api;
mod faults;
mod page;
mod rig;
