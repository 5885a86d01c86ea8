//! Pictures of invoices as their readers see them: parsed back, in every script.

#[path = "../../samples/mod.rs"]
mod samples;

mod attached;
mod bytes;
mod pages;
mod reader;
mod scripts;
mod unprintable;
