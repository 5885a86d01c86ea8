//! A block blob.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    conditions::Facts,
    contents::{Content, Contents, Segments},
    lease::Lease,
    tags::Tags,
};
use crate::storage::{
    call::Call,
    code,
    failure::Failure,
    metadata::Metadata,
    persistence::{from_json, json},
    reply::Reply,
};

/// A committed blob. It never changes: a write puts another in its place.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Blob {
    /// Which of all writes to the service made it; its entity tag.
    pub(super) version: u64,
    pub(super) created: Timestamp,
    /// To the second, as headers have it.
    pub(super) modified: Timestamp,
    pub(super) headers: ContentHeaders,
    pub(super) metadata: Metadata,
    pub(super) tags: Tags,
    /// The blocks it was committed from; none when it was put as a whole.
    pub(super) blocks: Vec<Block>,
    pub(super) copy: Option<Copied>,
    pub(super) lease: Lease,
    #[serde(skip)]
    pub(super) content: Content,
}

/// The headers with which a blob's content is served.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct ContentHeaders {
    pub(super) content_type: String,
    pub(super) content_encoding: Option<String>,
    pub(super) content_language: Option<String>,
    /// In Base64.
    pub(super) content_md5: Option<String>,
    pub(super) cache_control: Option<String>,
    pub(super) content_disposition: Option<String>,
}

/// A committed block.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Block {
    /// Its name, in Base64.
    pub(super) id: String,
    pub(super) size_bytes: u64,
}

/// Where a blob was copied from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Copied {
    pub(super) id: String,
    /// Without its signature.
    pub(super) source: String,
    pub(super) completed: Timestamp,
    pub(super) bytes: u64,
    #[serde(default)]
    pub(super) status: CopyStatus,
}

/// How far a copy is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum CopyStatus {
    /// All bytes are there.
    #[default]
    Success,
    /// The bytes are still to come; until then nobody may change the blob.
    Pending,
    /// Given up by a client.
    Aborted,
}

impl Copied {
    /// `x-ms-copy-status`.
    pub(super) fn status(&self) -> &'static str {
        match self.status {
            CopyStatus::Success => "success",
            CopyStatus::Pending => "pending",
            CopyStatus::Aborted => "aborted",
        }
    }

    /// `x-ms-copy-progress`.
    pub(super) fn progress(&self) -> String {
        let done = if self.status == CopyStatus::Success { self.bytes } else { 0 };
        format!("{done}/{}", self.bytes)
    }
}

/// How a blob lies in the data directory.
#[derive(Serialize)]
struct StoredBlob<'a> {
    blob: &'a Blob,
    /// Names and lengths of its segments.
    segments: Vec<(uuid::Uuid, u64)>,
}

#[derive(Deserialize)]
struct ReadBlob {
    blob: Blob,
    segments: Vec<(uuid::Uuid, u64)>,
}

impl Blob {
    /// Its entity tag, in quotes.
    pub(super) fn etag(&self) -> String {
        etag(self.version)
    }

    /// Evaluates something against what conditions look at.
    pub(super) fn with_facts<T>(&self, check: impl FnOnce(Facts<'_>) -> T) -> T {
        check(Facts { etag: &self.etag(), modified: self.modified, tags: &self.tags })
    }

    /// Whether it may be changed or deleted: not while it is being copied.
    pub(super) fn check_copied(&self) -> Result<(), Failure> {
        match &self.copy {
            Some(copy) if copy.status == CopyStatus::Pending => {
                Err(code::PENDING_COPY_OPERATION.into())
            }
            _ => Ok(()),
        }
    }

    /// Its record.
    pub(super) fn to_record(&self) -> Vec<u8> {
        let segments =
            self.content.segments().iter().map(|segment| (segment.id, segment.length)).collect();
        json(&StoredBlob { blob: self, segments })
    }

    /// Reads its record, with one more owner for each of its segments.
    pub(super) fn from_record(
        record: &[u8],
        contents: &Contents,
        segments: &mut Segments,
    ) -> Result<Self, String> {
        let read: ReadBlob = from_json(record)?;
        let segments =
            read.segments.into_iter().map(|(id, length)| segments.claim(contents, id, length));
        let content = Content::new(segments.collect::<Result<Vec<_>, _>>()?);
        Ok(Self { content, ..read.blob })
    }

    /// The headers that every write answers with.
    pub(super) fn written(&self, reply: Reply) -> Reply {
        stamped(reply, self.version, self.modified)
    }
}

/// `ETag` and `Last-Modified`.
pub(super) fn stamped(reply: Reply, version: u64, modified: Timestamp) -> Reply {
    reply
        .header("etag", etag(version))
        .header("last-modified", crate::storage::dates::http(modified))
}

/// The entity tag of a version, in quotes.
pub(super) fn etag(version: u64) -> String {
    format!("\"0x{version:X}\"")
}

impl ContentHeaders {
    /// Those a client gives with the content: `x-ms-blob-content-type` and its relatives, or else the request's own.
    pub(super) fn with_content(call: &Call) -> Self {
        let either =
            |blob: &str, own: &str| call.header(blob).or(call.header(own)).map(str::to_owned);
        Self {
            content_type: either("x-ms-blob-content-type", "content-type")
                .unwrap_or_else(|| DEFAULT_CONTENT_TYPE.to_owned()),
            content_encoding: either("x-ms-blob-content-encoding", "content-encoding"),
            content_language: either("x-ms-blob-content-language", "content-language"),
            cache_control: either("x-ms-blob-cache-control", "cache-control"),
            ..Self::alone(call)
        }
    }

    /// Those a client gives without content: what is not given is not there any more.
    pub(super) fn alone(call: &Call) -> Self {
        let own = |name: &str| call.header(name).map(str::to_owned);
        Self {
            content_type: own("x-ms-blob-content-type")
                .unwrap_or_else(|| DEFAULT_CONTENT_TYPE.to_owned()),
            content_encoding: own("x-ms-blob-content-encoding"),
            content_language: own("x-ms-blob-content-language"),
            content_md5: own("x-ms-blob-content-md5"),
            cache_control: own("x-ms-blob-cache-control"),
            content_disposition: own("x-ms-blob-content-disposition"),
        }
    }

    /// Whether a client gives any of them.
    pub(super) fn are_given(call: &Call) -> bool {
        let given = ["type", "encoding", "language", "md5", "disposition"];
        given.iter().any(|name| call.headers.contains_key(format!("x-ms-blob-content-{name}")))
            || call.headers.contains_key("x-ms-blob-cache-control")
    }

    /// Adds those that every answer with or about the content has.
    pub(super) fn to_reply(&self, reply: Reply) -> Reply {
        reply
            .header("content-type", &self.content_type)
            .header_if("content-encoding", self.content_encoding.as_ref())
            .header_if("content-language", self.content_language.as_ref())
            .header_if("cache-control", self.cache_control.as_ref())
            .header_if("content-disposition", self.content_disposition.as_ref())
    }
}

const DEFAULT_CONTENT_TYPE: &str = "application/octet-stream";

/// No tags.
pub(super) static NO_TAGS: Tags = BTreeMap::new();
