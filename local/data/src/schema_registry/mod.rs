//! The schema registry of a namespace: groups of schemas, each with versions that never change.
//! <https://learn.microsoft.com/rest/api/schemaregistry/>
//!
//! What a version of an Avro schema makes unreadable is judged by `schema-compatibility` against the last one, and refused with
//! rule, field and cure. Groups of other kinds take anything, as in Azure. Nothing is deleted: an id means the same for ever.

mod group;
mod kind;
mod quotas;
mod record;
mod refusal;
mod registering;
mod registry;
mod reply;
mod request;

pub(crate) use self::{registry::SchemaRegistry, reply::refused, request::Request};
