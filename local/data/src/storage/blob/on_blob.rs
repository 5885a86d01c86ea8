//! Changing what is said about a blob, and deleting it.

use http::StatusCode;

use super::{
    Allowed,
    block_blob::{Blob, ContentHeaders},
    checksum,
    conditions::Conditions,
    event::{self, Cause, Subject},
    lease,
    shared::to_second,
    snapshots::{self, WithSnapshots},
    store::Store,
    tags,
};
use crate::storage::{
    body::RequestBody, code, failure::Failure, metadata::Metadata, reply::Reply, xml::Xml,
};

/// Set Blob Properties: headers that are not given are not there any more.
pub(super) fn set_properties(store: &Store, allowed: Allowed<'_>) -> Result<Reply, Failure> {
    if allowed.call.headers.contains_key("x-ms-blob-content-length") {
        return Err(crate::storage::failure::not_implemented("resizing a page blob"));
    }
    let given =
        ContentHeaders::are_given(allowed.call).then(|| ContentHeaders::alone(allowed.call));
    edit(store, allowed, |blob| {
        if let Some(headers) = given {
            blob.headers = headers;
        }
    })
}

/// Set Blob Metadata: replaces all of it.
pub(super) fn set_metadata(store: &Store, allowed: Allowed<'_>) -> Result<Reply, Failure> {
    let metadata = Metadata::of(allowed.call)?;
    edit(store, allowed, |blob| blob.metadata = metadata)
        .map(|reply| reply.header("x-ms-request-server-encrypted", "true"))
}

/// Get Blob Tags.
pub(super) fn tags(store: &Store, allowed: Allowed<'_>) -> Result<Reply, Failure> {
    let call = allowed.call;
    let conditions = Conditions::of(call)?;
    store.with(allowed.container, |container| {
        let blob = container.blob(allowed.blob)?;
        blob.with_facts(|facts| conditions.check_read(facts))?;
        blob.lease.check_read(call.now, call.header("x-ms-lease-id"), lease::BLOB)?;
        let mut xml = Xml::document();
        tags::to_xml(&blob.tags, &mut xml);
        Ok(Reply::new(StatusCode::OK).xml(xml))
    })
}

/// Set Blob Tags: replaces all of them; the blob's entity tag stays.
pub(super) async fn set_tags(
    store: &Store,
    allowed: Allowed<'_>,
    body: &mut RequestBody,
) -> Result<Reply, Failure> {
    let call = allowed.call;
    let conditions = Conditions::of(call)?;
    let tags = tags::from_xml(&checksum::collect(call, body, tags::MAX_BODY_BYTES).await?)?;
    store.with(allowed.container, |container| {
        let old = container.blob(allowed.blob)?;
        old.with_facts(|facts| conditions.check_write(facts))?;
        old.lease.check_write(call.now, call.header("x-ms-lease-id"), lease::BLOB)?;
        old.check_copied()?;
        let blob = Blob { tags, ..Blob::clone(old) };
        container.put(&store.shared, allowed.blob, blob, false, None)?;
        Ok(Reply::new(StatusCode::NO_CONTENT))
    })
}

/// Delete Blob, or one of its snapshots.
pub(super) fn delete(store: &Store, allowed: Allowed<'_>) -> Result<Reply, Failure> {
    let call = allowed.call;
    let conditions = Conditions::of(call)?;
    let with_snapshots = WithSnapshots::of(call)?;
    if let Some(snapshot) = call.query.get("snapshot") {
        return snapshots::delete(store, allowed, snapshot, &conditions);
    }
    store.shared.events.check_room()?;
    store.with(allowed.container, |container| {
        let old = container.blob(allowed.blob)?;
        old.with_facts(|facts| conditions.check_write(facts))?;
        old.lease.check_write(call.now, call.header("x-ms-lease-id"), lease::BLOB)?;
        old.check_copied()?;
        container.check_deletable(old, call.now)?;
        match with_snapshots {
            WithSnapshots::Refuse if container.has_snapshots(allowed.blob) => {
                return Err(code::SNAPSHOTS_PRESENT.into());
            }
            WithSnapshots::Only => {
                container.delete_snapshots(&store.shared, allowed.blob, |_| true)?;
                return Ok(Reply::new(StatusCode::ACCEPTED));
            }
            WithSnapshots::Refuse | WithSnapshots::Include => {}
        }
        let subject =
            Subject { url: &store.shared.url, container: allowed.container, name: allowed.blob };
        let version = store.shared.versions.next(call.now);
        let event = event::deleted(Cause::request(call), subject, old, version);
        container.delete(&store.shared, allowed.blob, Some(event))?;
        Ok(Reply::new(StatusCode::ACCEPTED).header("x-ms-delete-type-permanent", "true"))
    })
}

fn edit(
    store: &Store,
    allowed: Allowed<'_>,
    edit: impl FnOnce(&mut Blob),
) -> Result<Reply, Failure> {
    let call = allowed.call;
    let conditions = Conditions::of(call)?;
    store.with(allowed.container, |container| {
        // A client that wants there to be none, as the checkpoints of Event Hubs in Python do, is told first that there is
        // none, and puts the blob then.
        let old = container.blob(allowed.blob)?;
        if call.header("if-none-match") == Some("*") {
            return Err(code::CONDITION_NOT_MET.into());
        }
        old.with_facts(|facts| conditions.check_write(facts))?;
        old.lease.check_write(call.now, call.header("x-ms-lease-id"), lease::BLOB)?;
        old.check_copied()?;
        container.check_changeable()?;
        let mut blob = Blob {
            version: store.shared.versions.next(call.now),
            modified: to_second(call.now),
            lease: old.lease.after_write(call.now),
            ..Blob::clone(old)
        };
        edit(&mut blob);
        let blob = container.put(&store.shared, allowed.blob, blob, false, None)?;
        Ok(blob.written(Reply::new(StatusCode::OK)))
    })
}
