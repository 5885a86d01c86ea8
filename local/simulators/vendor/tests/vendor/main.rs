//! The vendor as its clients, the platform and people see it.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

mod changes;
mod faults;
mod orders;
mod page;
mod platform;
mod restart;
mod rig;
mod webhooks;
