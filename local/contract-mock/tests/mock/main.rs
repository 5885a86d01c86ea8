//! Contracts that answer, as a client sees them.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

mod bodies;
mod examples;
mod files;
mod old_dialect;
mod parameters;
mod preferences;
mod rig;
