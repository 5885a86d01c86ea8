//! The mainframe as the platform sees it: messages on one queue, answers on another, records at its address.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

mod answers;
mod contract;
mod crashes;
mod page;
mod records;
mod speed;
mod support;
