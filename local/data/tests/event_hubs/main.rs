//! Event Hubs over HTTP: declared, published to, read, disturbed and started again.

// All of this is a test, what it is made of included.
#![allow(clippy::unwrap_used)]

mod declaring;
mod faults;
mod namespace;
mod publishing;
mod reading;
mod restart;
