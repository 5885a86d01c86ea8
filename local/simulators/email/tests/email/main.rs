//! The mail service as its clients, Event Grid and people see it.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

mod access;
mod faults;
mod mailbox;
mod reports;
mod restart;
mod rig;
mod sending;
mod topic;
