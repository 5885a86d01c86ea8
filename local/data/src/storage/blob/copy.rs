//! Copies: Copy Blob, Put Blob From URL, Put Block From URL. The source is a blob of this service; a copy shares the
//! source's segments, so it is done at once whatever its size.

use std::{ops::Range, sync::Arc};

use futures::TryStreamExt;
use http::{HeaderMap, StatusCode, Uri};
use uuid::Uuid;

use super::{
    Allowed,
    block_blob::{Blob, ContentHeaders, Copied, CopyStatus},
    checksum,
    conditions::Conditions,
    contents::{Content, Segment},
    lease,
    operation::Operation,
    put::{self, MAX_PUT_BYTES, Putting},
    range::ByteRange,
    reader,
    store::Store,
    tags::Tags,
    writer::Writer,
};
use crate::{
    ACCOUNT, Service,
    storage::{
        authorization::{Access, Presented, Target},
        code,
        failure::{Failure, internal, invalid_header, missing_header, not_implemented},
        front::SlowSource,
        metadata::Metadata,
        query::{Query, decode},
        reply::Reply,
        sas,
    },
};

/// Copy Blob, and Copy Blob From URL, which is the same for a source on this service.
pub(super) fn copy(store: &Store, allowed: Allowed<'_>) -> Result<Reply, Failure> {
    let call = allowed.call;
    let source = source(store, allowed)?;
    let conditions = Conditions::of(call)?;
    let given = Metadata::of(call)?;
    let is_slow = call.extensions.get::<SlowSource>().is_some();
    let copied = Copied {
        id: Uuid::new_v4().to_string(),
        source: source.url,
        completed: call.now,
        bytes: source.blob.content.length(),
        status: if is_slow { CopyStatus::Pending } else { CopyStatus::Success },
    };
    let (copy_id, status) = (copied.id.clone(), copied.status());
    let putting = Putting {
        content: if is_slow { Content::default() } else { source.blob.content.clone() },
        headers: source.blob.headers.clone(),
        metadata: if given.is_empty() { source.blob.metadata.clone() } else { given },
        tags: copied_tags(allowed, &source.blob)?,
        blocks: source.blob.blocks.clone(),
        copy: Some(copied),
        api: "CopyBlob",
    };
    let blob = place(store, allowed, &conditions, putting)?;
    Ok(blob
        .written(Reply::new(StatusCode::ACCEPTED))
        .header("x-ms-copy-id", copy_id)
        .header("x-ms-copy-status", status))
}

/// Abort Copy Blob: a blob of no bytes stays.
pub(super) fn abort(store: &Store, allowed: Allowed<'_>) -> Result<Reply, Failure> {
    let call = allowed.call;
    match call.header("x-ms-copy-action") {
        Some("abort") => {}
        Some(other) => return Err(invalid_header("x-ms-copy-action", other)),
        None => return Err(missing_header("x-ms-copy-action")),
    }
    store.with(allowed.container, |container| {
        let old = container.blob(allowed.blob)?;
        old.lease.check_write(call.now, call.header("x-ms-lease-id"), lease::BLOB)?;
        let pending = old.copy.as_ref().filter(|copy| copy.status == CopyStatus::Pending);
        let Some(pending) = pending else {
            return Err(code::NO_PENDING_COPY_OPERATION.into());
        };
        if call.query.text("copyid") != pending.id {
            return Err(code::COPY_ID_MISMATCH.into());
        }
        let copy = Copied { status: CopyStatus::Aborted, completed: call.now, ..pending.clone() };
        let blob = Blob {
            version: store.shared.versions.next(call.now),
            copy: Some(copy),
            ..Blob::clone(old)
        };
        container.put(&store.shared, allowed.blob, blob, false, None)?;
        Ok(Reply::new(StatusCode::NO_CONTENT))
    })
}

/// Put Blob From URL.
pub(super) async fn put_from_url(store: &Store, allowed: Allowed<'_>) -> Result<Reply, Failure> {
    let call = allowed.call;
    let source = source(store, allowed)?;
    let conditions = Conditions::of(call)?;
    let metadata = Metadata::of(call)?;
    let content = source.blob.content.clone();
    if content.length() > MAX_PUT_BYTES {
        return Err(Failure::from(code::REQUEST_BODY_TOO_LARGE)
            .detail("MaxLimit", MAX_PUT_BYTES.to_string()));
    }
    let md5 = match &source.blob.headers.content_md5 {
        Some(md5) if !call.headers.contains_key("x-ms-source-content-md5") => md5.clone(),
        _ => checked_md5(store, allowed, &content, 0..content.length()).await?.1,
    };
    let mut headers = source.blob.headers.clone();
    if ContentHeaders::are_given(call) {
        headers = ContentHeaders::alone(call);
    }
    headers.content_md5 = headers.content_md5.or_else(|| Some(md5.clone()));
    let tags = copied_tags(allowed, &source.blob)?;
    let putting = Putting {
        content,
        headers,
        metadata,
        tags,
        blocks: Vec::new(),
        copy: None,
        api: "PutBlob",
    };
    let blob = place(store, allowed, &conditions, putting)?;
    Ok(blob
        .written(Reply::new(StatusCode::CREATED))
        .header("content-md5", md5)
        .header("x-ms-request-server-encrypted", "true"))
}

/// The bytes of the source, or of a range of it, as a segment of their own, and their MD5.
pub(super) async fn take_in(
    store: &Store,
    allowed: Allowed<'_>,
    max_bytes: u64,
) -> Result<(Arc<Segment>, String), Failure> {
    let source = source(store, allowed)?;
    let content = source.blob.content.clone();
    let range = match allowed.call.header("x-ms-source-range") {
        None => 0..content.length(),
        Some(text) => ByteRange::parse(text)
            .ok_or_else(|| invalid_header("x-ms-source-range", text))?
            .within(content.length())?,
    };
    if range.end - range.start > max_bytes {
        return Err(
            Failure::from(code::REQUEST_BODY_TOO_LARGE).detail("MaxLimit", max_bytes.to_string())
        );
    }
    checked_md5(store, allowed, &content, range).await
}

/// Copies bytes and compares their MD5 with the one that the client expects.
async fn checked_md5(
    store: &Store,
    allowed: Allowed<'_>,
    content: &Content,
    range: Range<u64>,
) -> Result<(Arc<Segment>, String), Failure> {
    let failed = |error| internal("copying the bytes of a blob", &error);
    let mut writer = Writer::new(&store.shared.contents, range.end - range.start);
    let mut sums = checksum::Checksums::of_source(allowed.call)?;
    let mut pieces = std::pin::pin!(reader::pieces(content, range));
    while let Some(piece) = pieces.try_next().await.map_err(failed)? {
        sums.update(&piece);
        writer.write(&piece).await.map_err(failed)?;
    }
    let md5 = sums.finish()?.md5.unwrap_or_default();
    Ok((writer.finish().await.map_err(failed)?, md5))
}

fn place(
    store: &Store,
    allowed: Allowed<'_>,
    conditions: &Conditions,
    putting: Putting,
) -> Result<Arc<Blob>, Failure> {
    store.shared.events.check_room()?;
    store.with(allowed.container, |container| {
        put::check(container, allowed, conditions)?;
        put::place(&store.shared, container, allowed, putting)
    })
}

fn copied_tags(allowed: Allowed<'_>, source: &Blob) -> Result<Tags, Failure> {
    match allowed.call.header("x-ms-copy-source-tag-option") {
        Some(option) if option.eq_ignore_ascii_case("copy") => Ok(source.tags.clone()),
        _ => put::new_tags(allowed),
    }
}

/// The blob that a copy is made of.
struct Source {
    blob: Arc<Blob>,
    /// Its address without the signature.
    url: String,
}

/// Finds the blob that `x-ms-copy-source` names, and checks that the client may read it.
fn source(store: &Store, allowed: Allowed<'_>) -> Result<Source, Failure> {
    let call = allowed.call;
    if call.headers.contains_key("x-ms-copy-source-authorization") {
        return Err(not_implemented(
            "a bearer token for the source of a copy; use a signature in its URL",
        ));
    }
    let text = call.header("x-ms-copy-source").ok_or_else(|| missing_header("x-ms-copy-source"))?;
    let uri: Uri = text.parse().map_err(|_| invalid_header("x-ms-copy-source", text))?;
    if !is_ours(&uri, &store.shared.url) {
        let message = format!(
            "copies from another service; the source must be a blob of {}",
            store.shared.url
        );
        return Err(not_implemented(&message));
    }
    let path =
        uri.path().strip_prefix('/').and_then(|path| path.strip_prefix(ACCOUNT)?.strip_prefix('/'));
    let (container, name) = path
        .and_then(|path| path.split_once('/'))
        .ok_or_else(|| invalid_header("x-ms-copy-source", text))?;
    let (container, name) = (decode(container)?, decode(name)?);
    let query = Query::parse(uri.query().unwrap_or_default())?;
    check_access(allowed, &query, &container, &name)?;
    let blob = store.with(&container, |container| match query.get("snapshot") {
        Some(snapshot) => container.snapshot(&name, snapshot).cloned(),
        None => container.blob(&name).cloned(),
    })?;
    let conditions = Conditions::of_source(call)?;
    // A source the client has already is not copied; the answer to a write is then 412.
    match blob.with_facts(|facts| conditions.check_read(facts)) {
        Ok(()) => Ok(Source { blob, url: text.split('?').next().unwrap_or_default().to_owned() }),
        Err(_) => Err(code::CONDITION_NOT_MET.into()),
    }
}

fn check_access(
    allowed: Allowed<'_>,
    query: &Query,
    container: &str,
    name: &str,
) -> Result<(), Failure> {
    if query.get("sig").is_none() {
        return match allowed.access {
            Access::Owner => Ok(()),
            Access::Granted(_) => Err(Failure::from(code::CANNOT_VERIFY_COPY_SOURCE).saying(
                "The source of the copy needs a signature of its own: the request's is for the destination.",
            )),
        };
    }
    let presented = Presented {
        query,
        headers: &HeaderMap::new(),
        now: allowed.call.now,
        service: Service::Blob,
        target: Target { container: Some(container), blob: Some(name) },
    };
    let checked = sas::check(presented, Operation::GetBlob.requirement(), Vec::new);
    checked.map(|_| ()).map_err(|failure| {
        Failure::from(code::CANNOT_READ_COPY_SOURCE).detail("Reason", failure.to_string())
    })
}

/// Whether the address is on this service, under its own name or `localhost`.
fn is_ours(uri: &Uri, url: &str) -> bool {
    let own: Option<Uri> = url.parse().ok();
    let port = |uri: &Uri| uri.port_u16().unwrap_or(80);
    let is_local = matches!(uri.host(), Some("127.0.0.1" | "localhost"));
    uri.scheme_str() == Some("http") && is_local && own.is_some_and(|own| port(&own) == port(uri))
}
