//! Get Blob and Get Blob Properties.

use std::sync::Arc;

use http::{HeaderName, StatusCode, header};

use super::{
    Allowed,
    block_blob::{Blob, CopyStatus},
    checksum,
    conditions::Conditions,
    lease,
    range::ByteRange,
    reader,
    store::Store,
};
use crate::storage::{
    call::Call,
    dates,
    failure::{Failure, internal, invalid_header},
    reply::Reply,
};

/// The longest range whose checksum is given on request.
const MAX_SUMMED_BYTES: u64 = 4 * 1024 * 1024;
/// What a signature may say instead of the blob's own headers.
const REPLACEABLE: [(&str, HeaderName); 5] = [
    ("rscc", header::CACHE_CONTROL),
    ("rscd", header::CONTENT_DISPOSITION),
    ("rsce", header::CONTENT_ENCODING),
    ("rscl", header::CONTENT_LANGUAGE),
    ("rsct", header::CONTENT_TYPE),
];

/// Get Blob: all of it, or a range.
pub(super) async fn get(store: &Store, allowed: Allowed<'_>) -> Result<Reply, Failure> {
    let call = allowed.call;
    let blob = readable(store, allowed)?;
    let length = blob.content.length();
    let asked = ByteRange::of(call)?;
    let (status, range) = match asked {
        None => (StatusCode::OK, 0..length),
        Some(asked) => (StatusCode::PARTIAL_CONTENT, asked.within(length)?),
    };
    let mut reply = about(&blob, call, Reply::new(status));
    if status == StatusCode::OK {
        reply = reply.header_if("content-md5", blob.headers.content_md5.as_ref());
    } else {
        reply = reply
            .header("content-range", format!("bytes {}-{}/{length}", range.start, range.end - 1))
            .header_if("x-ms-blob-content-md5", blob.headers.content_md5.as_ref());
    }
    reply = reply.header("content-length", (range.end - range.start).to_string());
    let failed = |error| internal("reading the bytes of a blob", &error);
    if let Some(kind) = wanted_sum(call, asked.is_some(), range.end - range.start)? {
        let bytes = reader::small(&blob.content, range.clone()).await.map_err(failed)?;
        reply = match kind {
            Sum::Md5 => reply.header("content-md5", checksum::md5(&bytes)),
            Sum::Crc64 => reply.header("x-ms-content-crc64", checksum::crc64(&bytes)),
        };
    }
    Ok(reply.body(reader::body(&blob.content, range).await.map_err(failed)?))
}

/// Get Blob Properties, Get Blob Metadata.
pub(super) fn properties(store: &Store, allowed: Allowed<'_>) -> Result<Reply, Failure> {
    let call = allowed.call;
    let blob = readable(store, allowed)?;
    let reply = about(&blob, call, Reply::new(StatusCode::OK))
        .header_if("content-md5", blob.headers.content_md5.as_ref())
        .header("x-ms-access-tier", "Hot")
        .header("x-ms-access-tier-inferred", "true");
    // HEAD tells the length of the blob, GET of the metadata the length of nothing.
    Ok(if call.method == http::Method::HEAD {
        reply.header("content-length", blob.content.length().to_string())
    } else {
        reply
    })
}

/// The blob, if conditions and lease let it be read.
fn readable(store: &Store, allowed: Allowed<'_>) -> Result<Arc<Blob>, Failure> {
    let call = allowed.call;
    let conditions = Conditions::of(call)?;
    let blob = store.with(allowed.container, |container| match call.query.get("snapshot") {
        Some(snapshot) => container.snapshot(allowed.blob, snapshot).cloned(),
        None => container.blob(allowed.blob).cloned(),
    })?;
    blob.with_facts(|facts| conditions.check_read(facts)).map_err(|failure| {
        // RFC 9110 asks for the entity tag on a 304, caches need it.
        failure.header(header::ETAG, &blob.etag())
    })?;
    blob.lease.check_read(call.now, call.header("x-ms-lease-id"), lease::BLOB)?;
    Ok(blob)
}

/// Every header about a blob that does not depend on a range.
fn about(blob: &Blob, call: &Call, reply: Reply) -> Reply {
    let reply = blob.headers.to_reply(blob.written(reply));
    let reply = blob.lease.to_headers(call.now, reply);
    let reply = copied(blob, reply)
        .header("accept-ranges", "bytes")
        .header("x-ms-blob-type", "BlockBlob")
        .header("x-ms-creation-time", dates::http(blob.created))
        .header("x-ms-server-encrypted", "true")
        .header_if(
            "x-ms-tag-count",
            Some(blob.tags.len()).filter(|count| *count > 0).map(|n| n.to_string()),
        );
    replaced(call, blob.metadata.to_reply(reply))
}

fn copied(blob: &Blob, reply: Reply) -> Reply {
    let Some(copy) = &blob.copy else { return reply };
    reply
        .header("x-ms-copy-id", &copy.id)
        .header("x-ms-copy-source", &copy.source)
        .header("x-ms-copy-status", copy.status())
        .header("x-ms-copy-progress", copy.progress())
        .header_if(
            "x-ms-copy-completion-time",
            (copy.status != CopyStatus::Pending).then(|| dates::http(copy.completed)),
        )
}

fn replaced(call: &Call, mut reply: Reply) -> Reply {
    if call.query.get("sig").is_some() {
        for (parameter, name) in REPLACEABLE {
            if let Some(value) = call.query.get(parameter) {
                reply.set(name, value);
            }
        }
    }
    reply
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Sum {
    Md5,
    Crc64,
}

/// The checksum of a range that the client wants.
fn wanted_sum(call: &Call, is_range: bool, length: u64) -> Result<Option<Sum>, Failure> {
    let names =
        [("x-ms-range-get-content-md5", Sum::Md5), ("x-ms-range-get-content-crc64", Sum::Crc64)];
    let is_wanted =
        |name: &str| call.header(name).is_some_and(|value| value.eq_ignore_ascii_case("true"));
    let Some((name, kind)) = names.into_iter().find(|(name, _)| is_wanted(name)) else {
        return Ok(None);
    };
    if is_range && length <= MAX_SUMMED_BYTES {
        return Ok(Some(kind));
    }
    Err(invalid_header(name, "true").detail("Reason", "only for a range of at most 4 MiB"))
}
