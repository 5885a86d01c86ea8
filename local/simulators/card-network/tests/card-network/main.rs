//! The card network as the platform and people see it, beside a platform that is played here.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

mod bank;
mod cards;
mod platform;
mod purchases;
mod rig;
