//! Avro, by the schema resolution of its specification (1.12).

mod defaults;
mod logical;
mod names;
mod parse;
mod types;
mod unread;

pub(crate) use parse::parse;
pub(crate) use types::Document;
pub(crate) use unread::unread;
