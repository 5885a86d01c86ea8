//! Why the registry does not do what it is asked.

use http::StatusCode;
use schema_compatibility::{Finding, Unreadable};

use super::{
    kind::SchemaType,
    quotas::{SCHEMA_BYTES, VERSIONS},
};

/// A refusal.
#[derive(Debug, thiserror::Error)]
pub(super) enum Refusal {
    #[error("there is no schema group {0:?}; make it first: PUT /$schemagroups/{0}")]
    NoGroup(String),
    #[error("the group {group} has no schema {schema:?}")]
    NoSchema { group: String, schema: String },
    #[error("the schema {schema} of the group {group} has no version {version:?}")]
    NoVersion { group: String, schema: String, version: String },
    #[error("the group {group} has a schema {schema}, and no version of it is what was sent")]
    NotRegistered { group: String, schema: String },
    #[error("there is no schema with the id {0:?}")]
    NoId(String),
    #[error("there is nothing at this path, or nothing for this method")]
    Nothing,
    #[error("{0}")]
    Malformed(String),
    #[error(
        "the content type {0:?} is none of a schema; send `application/json; serialization=Avro`, the same with Json, \
         `text/vnd.ms.protobuf` or `text/plain; charset=utf-8`"
    )]
    Media(String),
    #[error("the schemas of the group {group} are {expected}, and what was sent is {sent}")]
    AnotherType { group: String, expected: SchemaType, sent: SchemaType },
    #[error("the schema cannot be used: {0}")]
    Unreadable(#[from] Unreadable),
    #[error("the schema does not fit the versions before it: {}", listed(.0))]
    Incompatible(Vec<Finding>),
    #[error("the schema has {0} bytes; one has at most {SCHEMA_BYTES}")]
    TooLarge(usize),
    #[error(
        "the namespace has {VERSIONS} versions of schemas, the most of the Standard tier; nothing can be deleted: ask `cargo \
         xtask schemas` before registering, and start with an empty data directory here"
    )]
    Full,
    #[error("{0}")]
    Quota(String),
    #[error("{0}")]
    Conflict(String),
    #[error("{0}")]
    Internal(String),
}

fn listed(findings: &[Finding]) -> String {
    let all: Vec<String> = findings.iter().map(ToString::to_string).collect();
    all.join("; ")
}

impl Refusal {
    pub(super) fn status(&self) -> StatusCode {
        match self {
            Self::NoGroup(_)
            | Self::NoSchema { .. }
            | Self::NoVersion { .. }
            | Self::NotRegistered { .. }
            | Self::NoId(_)
            | Self::Nothing => StatusCode::NOT_FOUND,
            Self::Malformed(_)
            | Self::AnotherType { .. }
            | Self::Unreadable(_)
            | Self::Incompatible(_) => StatusCode::BAD_REQUEST,
            Self::Media(_) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Full | Self::Quota(_) => StatusCode::FORBIDDEN,
            Self::Conflict(_) => StatusCode::CONFLICT,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}
