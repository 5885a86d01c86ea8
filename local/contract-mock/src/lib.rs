//! Answers the operations of an OpenAPI document (3.0 or 3.1, YAML or JSON, in one file or several) from its examples,
//! so that clients can be written before there is a server. The request is held against the contract first; what is
//! wrong with it is named, all of it, in a problem document (RFC 9457).
//!
//! | to find | look in |
//! |---|---|
//! | how files become one document | `reading` |
//! | which operation a request is for | `routes` |
//! | what of a request is held against what | `request` |
//! | what JSON Schema says of a value, in words | `schemas` |
//! | which response is given, and from which example | `response` |
//! | a value for a schema without an example | `made_up`, for others by `samples` |
//!
//! Nothing here listens, waits or keeps anything: a [`Contract`] turns a request into a response.
//! `local/host` serves it, within an app ([`Contract::finds`] tells whether a path is its) or alone.

mod answering;
mod contract;
mod made_up;
mod problem;
mod reading;
mod request;
mod response;
mod routes;
mod samples;
mod schemas;

pub use answering::MOCK;
pub use contract::{Contract, Operation};
pub use reading::{Read, ReadError, read};
pub use routes::Specificity;
pub use samples::Samples;
