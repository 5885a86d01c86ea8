//! Event Hubs over HTTP: declared, published to, read, captured, disturbed and started again; and the schema registry.

// All of this is a test, what it is made of included.
#![allow(clippy::unwrap_used)]

mod captured;
mod capturing;
mod declaring;
mod faults;
mod namespace;
mod publishing;
mod reading;
mod registry;
mod restart;
mod schemas;
