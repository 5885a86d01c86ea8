//! Pictures of invoices as their readers see them: parsed back, in every script.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

#[path = "../../samples/mod.rs"]
mod samples;

mod attached;
mod bytes;
mod pages;
mod reader;
mod scripts;
mod unprintable;
