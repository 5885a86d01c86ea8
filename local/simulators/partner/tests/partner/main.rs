//! The partner as a sender of webhooks, a person and a test see it.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

mod crashes;
mod faults;
mod page;
mod receiving;
mod rig;
