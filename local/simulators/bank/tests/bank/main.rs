//! The bank as its clients and people see it.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

mod consent;
mod faults;
mod page;
mod people;
mod restart;
mod rig;
mod waiting;
