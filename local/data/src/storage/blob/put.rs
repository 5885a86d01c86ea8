//! Put Blob, and what every operation has in common that puts a blob in place.

use std::sync::Arc;

use http::StatusCode;

use super::{
    Allowed,
    block_blob::{Blob, Block, ContentHeaders, Copied},
    conditions::Conditions,
    container::Container,
    contents::Content,
    event::{self, Cause, Subject},
    lease::{self, Lease},
    shared::{Shared, to_second},
    store::Store,
    tags::{self, Tags},
    upload,
};
use crate::storage::{body::RequestBody, code, failure::Failure, metadata::Metadata, reply::Reply};

/// The largest blob that one request may put: 5,000 MiB.
pub(super) const MAX_PUT_BYTES: u64 = 5_000 * 1024 * 1024;

/// A blob about to be put in place.
pub(super) struct Putting {
    pub(super) content: Content,
    pub(super) headers: ContentHeaders,
    pub(super) metadata: Metadata,
    pub(super) tags: Tags,
    pub(super) blocks: Vec<Block>,
    pub(super) copy: Option<Copied>,
    /// The operation as events name it.
    pub(super) api: &'static str,
}

/// Put Blob.
pub(super) async fn blob(
    store: &Store,
    allowed: Allowed<'_>,
    body: &mut RequestBody,
) -> Result<Reply, Failure> {
    let call = allowed.call;
    let conditions = Conditions::of(call)?;
    let (metadata, tags) = (Metadata::of(call)?, new_tags(allowed)?);
    // Asked before the body is taken in, so that a long upload does not fail at its end for a known reason.
    store.with(allowed.container, |container| check(container, allowed, &conditions))?;
    store.shared.events.check_room()?;
    let (segment, sums) =
        upload::receive(&store.shared.contents, call, body, MAX_PUT_BYTES, true).await?;
    let mut headers = ContentHeaders::with_content(call);
    headers.content_md5 = headers.content_md5.or_else(|| sums.md5.clone());
    let content = Content::new([segment]);
    let putting = Putting {
        content,
        headers,
        metadata,
        tags,
        blocks: Vec::new(),
        copy: None,
        api: "PutBlob",
    };
    let blob = store.with(allowed.container, |container| {
        check(container, allowed, &conditions)?;
        place(&store.shared, container, allowed, putting)
    })?;
    Ok(blob
        .written(Reply::new(StatusCode::CREATED))
        .header_if("content-md5", sums.md5)
        .header_if("x-ms-content-crc64", sums.crc64)
        .header("x-ms-request-server-encrypted", "true"))
}

/// The tags a client gives with the blob; setting them is a permission of its own.
pub(super) fn new_tags(allowed: Allowed<'_>) -> Result<Tags, Failure> {
    let tags = tags::from_header(allowed.call)?;
    if tags.is_some() {
        allowed.access.require("t")?;
    }
    Ok(tags.unwrap_or_default())
}

/// Whether a blob may be put in place: conditions, lease, and the permission to replace what is there.
pub(super) fn check(
    container: &Container,
    allowed: Allowed<'_>,
    conditions: &Conditions,
) -> Result<(), Failure> {
    let call = allowed.call;
    let existing = container.blobs.get(allowed.blob);
    let Some(existing) = existing else { return conditions.check_put(None) };
    existing.with_facts(|facts| conditions.check_put(Some(facts)))?;
    existing.lease.check_write(call.now, call.header("x-ms-lease-id"), lease::BLOB)?;
    existing.check_copied()?;
    container.check_changeable()?;
    if allowed.access.allows("w") { Ok(()) } else { Err(code::UNAUTHORIZED_BLOB_OVERWRITE.into()) }
}

/// Puts the blob in place, with an event that says so.
pub(super) fn place(
    shared: &Shared,
    container: &mut Container,
    allowed: Allowed<'_>,
    putting: Putting,
) -> Result<Arc<Blob>, Failure> {
    let call = allowed.call;
    let existing = container.blobs.get(allowed.blob);
    let Putting { content, headers, metadata, tags, blocks, copy, api } = putting;
    let blob = Blob {
        version: shared.versions.next(call.now),
        created: existing.map_or(call.now, |existing| existing.created),
        modified: to_second(call.now),
        headers,
        metadata,
        tags,
        blocks,
        copy,
        lease: existing.map_or(Lease::Available, |existing| existing.lease.after_write(call.now)),
        content,
    };
    let subject = Subject { url: &shared.url, container: allowed.container, name: allowed.blob };
    let event = event::created(Cause::request(call), api, subject, &blob);
    container.put(shared, allowed.blob, blob, true, Some(event))
}
