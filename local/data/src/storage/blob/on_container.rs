//! A container itself: create, delete, properties, metadata, stored access policies.

use http::StatusCode;

use super::{
    Allowed,
    block_blob::{NO_TAGS, etag, stamped},
    checksum,
    conditions::{Conditions, Facts},
    container::Record,
    lease::{self, Lease},
    shared::to_second,
    store::Store,
};
use crate::storage::{
    body::RequestBody, code, failure::Failure, metadata::Metadata, policies, reply::Reply,
};

/// Create Container.
pub(super) fn create(store: &Store, allowed: Allowed<'_>) -> Result<Reply, Failure> {
    let call = allowed.call;
    refuse_public_access(allowed)?;
    let metadata = Metadata::of(call)?;
    let record = store.create(allowed.container, |number| Record {
        number,
        version: store.shared.versions.next(call.now),
        modified: to_second(call.now),
        metadata,
        policies: Vec::new(),
        lease: Lease::Available,
    })?;
    Ok(stamped(Reply::new(StatusCode::CREATED), record.version, record.modified))
}

/// Delete Container.
pub(super) async fn delete(store: &Store, allowed: Allowed<'_>) -> Result<Reply, Failure> {
    let call = allowed.call;
    let conditions = Conditions::of(call)?;
    let check = |record: &Record| {
        with_facts(record, |facts| conditions.check_write(facts))?;
        record.lease.check_write(call.now, call.header("x-ms-lease-id"), lease::CONTAINER)
    };
    store.delete(allowed.container, check).await?;
    Ok(Reply::new(StatusCode::ACCEPTED))
}

/// Get Container Properties, Get Container Metadata.
pub(super) fn properties(store: &Store, allowed: Allowed<'_>) -> Result<Reply, Failure> {
    let call = allowed.call;
    store.with(allowed.container, |container| {
        let record = &container.record;
        record.lease.check_read(call.now, call.header("x-ms-lease-id"), lease::CONTAINER)?;
        let reply = Reply::new(StatusCode::OK)
            .header("x-ms-has-immutability-policy", container.kept_for.is_some().to_string())
            .header("x-ms-has-legal-hold", "false")
            .header("x-ms-default-encryption-scope", "$account-encryption-key")
            .header("x-ms-deny-encryption-scope-override", "false");
        let reply = stamped(reply, record.version, record.modified);
        Ok(record.metadata.to_reply(record.lease.to_headers(call.now, reply)))
    })
}

/// Set Container Metadata: replaces all of it.
pub(super) fn set_metadata(store: &Store, allowed: Allowed<'_>) -> Result<Reply, Failure> {
    let metadata = Metadata::of(allowed.call)?;
    edit(store, allowed, |record| record.metadata = metadata)
}

/// Get Container ACL.
pub(super) fn policies(store: &Store, allowed: Allowed<'_>) -> Result<Reply, Failure> {
    store.with(allowed.container, |container| {
        let record = &container.record;
        let reply = Reply::new(StatusCode::OK).xml(policies::document(&record.policies));
        Ok(stamped(reply, record.version, record.modified))
    })
}

/// Set Container ACL: containers stay private, so it is about stored access policies only.
pub(super) async fn set_policies(
    store: &Store,
    allowed: Allowed<'_>,
    body: &mut RequestBody,
) -> Result<Reply, Failure> {
    refuse_public_access(allowed)?;
    let body = checksum::collect(allowed.call, body, policies::MAX_BODY_BYTES).await?;
    let policies = policies::parse(&body)?;
    edit(store, allowed, |record| record.policies = policies)
}

fn edit(
    store: &Store,
    allowed: Allowed<'_>,
    edit: impl FnOnce(&mut Record),
) -> Result<Reply, Failure> {
    let call = allowed.call;
    let conditions = Conditions::of(call)?;
    store.with(allowed.container, |container| {
        let old = &container.record;
        with_facts(old, |facts| conditions.check_write(facts))?;
        old.lease.check_read(call.now, call.header("x-ms-lease-id"), lease::CONTAINER)?;
        let mut record = Record {
            version: store.shared.versions.next(call.now),
            modified: to_second(call.now),
            ..old.clone()
        };
        edit(&mut record);
        container.edit(&store.shared, allowed.container, record)?;
        let record = &container.record;
        Ok(stamped(Reply::new(StatusCode::OK), record.version, record.modified))
    })
}

/// A container can be made readable for everybody in Azure, unless the account forbids it; this one does.
fn refuse_public_access(allowed: Allowed<'_>) -> Result<(), Failure> {
    match allowed.call.header("x-ms-blob-public-access") {
        None => Ok(()),
        Some(_) => Err(code::PUBLIC_ACCESS_NOT_PERMITTED.into()),
    }
}

fn with_facts<T>(record: &Record, check: impl FnOnce(Facts<'_>) -> T) -> T {
    check(Facts { etag: &etag(record.version), modified: record.modified, tags: &NO_TAGS })
}
