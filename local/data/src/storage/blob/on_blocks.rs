//! Blobs in blocks: stage them in any order, commit a list of them.

use std::{collections::HashMap, sync::Arc};

use base64::{Engine, engine::general_purpose::STANDARD};
use http::StatusCode;

use super::{
    Allowed,
    block_blob::{Blob, Block, ContentHeaders},
    checksum,
    conditions::Conditions,
    container::{Container, Staged},
    contents::{Content, Segment},
    copy, lease, put,
    put::Putting,
    store::Store,
    upload,
};
use crate::storage::{
    body::RequestBody,
    call::Call,
    code,
    failure::{Failure, invalid_parameter},
    metadata::Metadata,
    reply::Reply,
    xml::{self, Xml},
};

/// The largest block: 4,000 MiB.
pub(super) const MAX_BLOCK_BYTES: u64 = 4_000 * 1024 * 1024;
/// Blocks of a blob, at most.
const MAX_BLOCKS: usize = 50_000;
/// Bytes of a block's id before its Base64 encoding, at most.
const MAX_BLOCK_ID_BYTES: usize = 64;
/// Bytes of a block list, at most: 50,000 of the longest ids with their elements.
const MAX_LIST_BYTES: usize = 8 * 1024 * 1024;

/// Put Block.
pub(super) async fn stage(
    store: &Store,
    allowed: Allowed<'_>,
    body: &mut RequestBody,
) -> Result<Reply, Failure> {
    let id = block_id(allowed.call)?;
    check_staging(store, allowed)?;
    let (segment, sums) =
        upload::receive(&store.shared.contents, allowed.call, body, MAX_BLOCK_BYTES, false).await?;
    keep(store, allowed, id, segment)?;
    Ok(Reply::new(StatusCode::CREATED)
        .header_if("content-md5", sums.md5)
        .header_if("x-ms-content-crc64", sums.crc64)
        .header("x-ms-request-server-encrypted", "true"))
}

/// Put Block From URL.
pub(super) async fn stage_from_url(store: &Store, allowed: Allowed<'_>) -> Result<Reply, Failure> {
    let id = block_id(allowed.call)?;
    check_staging(store, allowed)?;
    let (segment, md5) = copy::take_in(store, allowed, MAX_BLOCK_BYTES).await?;
    keep(store, allowed, id, segment)?;
    Ok(Reply::new(StatusCode::CREATED)
        .header("content-md5", md5)
        .header("x-ms-request-server-encrypted", "true"))
}

/// Put Block List.
pub(super) async fn commit(
    store: &Store,
    allowed: Allowed<'_>,
    body: &mut RequestBody,
) -> Result<Reply, Failure> {
    let call = allowed.call;
    let conditions = Conditions::of(call)?;
    let (metadata, tags) = (Metadata::of(call)?, put::new_tags(allowed)?);
    let wanted = wanted(&checksum::collect(call, body, MAX_LIST_BYTES).await?)?;
    store.shared.events.check_room()?;
    let headers = ContentHeaders::alone(call);
    let blob = store.with(allowed.container, |container| {
        put::check(container, allowed, &conditions)?;
        let (content, blocks) = assemble(container, allowed.blob, &wanted)?;
        let putting =
            Putting { content, headers, metadata, tags, blocks, copy: None, api: "PutBlockList" };
        put::place(&store.shared, container, allowed, putting)
    })?;
    Ok(blob
        .written(Reply::new(StatusCode::CREATED))
        .header("x-ms-request-server-encrypted", "true"))
}

/// Get Block List.
pub(super) fn list(store: &Store, allowed: Allowed<'_>) -> Result<Reply, Failure> {
    let call = allowed.call;
    let kind = call.query.get("blocklisttype").unwrap_or("committed").to_ascii_lowercase();
    if !["committed", "uncommitted", "all"].contains(&kind.as_str()) {
        return Err(invalid_parameter(
            "blocklisttype",
            &kind,
            "One of committed, uncommitted and all is expected.",
        ));
    }
    let conditions = Conditions::of(call)?;
    store.with(allowed.container, |container| {
        let blob = container.blobs.get(allowed.blob);
        let staged = container.staged.get(allowed.blob);
        if blob.is_none() && staged.is_none() {
            return Err(code::BLOB_NOT_FOUND.into());
        }
        let mut reply = Reply::new(StatusCode::OK);
        if let Some(blob) = blob {
            blob.with_facts(|facts| conditions.check_read(facts))?;
            blob.lease.check_read(call.now, call.header("x-ms-lease-id"), lease::BLOB)?;
            reply = blob.written(reply);
        }
        let length = blob.map_or(0, |blob| blob.content.length());
        Ok(reply
            .header("x-ms-blob-content-length", length.to_string())
            .xml(document(&kind, blob, staged)))
    })
}

fn document(kind: &str, blob: Option<&Arc<Blob>>, staged: Option<&Staged>) -> Xml {
    let mut xml = Xml::document();
    xml.open("BlockList");
    if kind != "uncommitted" {
        let blocks = blob.iter().flat_map(|blob| &blob.blocks);
        blocks_to_xml(
            &mut xml,
            "CommittedBlocks",
            blocks.map(|block| (block.id.as_str(), block.size_bytes)),
        );
    }
    if kind != "committed" {
        let blocks = staged.into_iter().flatten();
        blocks_to_xml(
            &mut xml,
            "UncommittedBlocks",
            blocks.map(|(id, segment)| (id.as_str(), segment.length)),
        );
    }
    xml.close("BlockList");
    xml
}

fn blocks_to_xml<'a>(xml: &mut Xml, name: &str, blocks: impl Iterator<Item = (&'a str, u64)>) {
    xml.open(name);
    for (id, size_bytes) in blocks {
        xml.open("Block");
        xml.text("Name", id);
        xml.text("Size", &size_bytes.to_string());
        xml.close("Block");
    }
    xml.close(name);
}

fn block_id(call: &Call) -> Result<&str, Failure> {
    let id = call.query.required("blockid")?;
    let length = STANDARD.decode(id).map(|bytes| bytes.len());
    if length.is_ok_and(|length| (1..=MAX_BLOCK_ID_BYTES).contains(&length)) {
        return Ok(id);
    }
    Err(invalid_parameter("blockid", id, "Base64 of 1 to 64 bytes is expected."))
}

fn check_staging(store: &Store, allowed: Allowed<'_>) -> Result<(), Failure> {
    let call = allowed.call;
    store.with(allowed.container, |container| match container.blobs.get(allowed.blob) {
        Some(blob) => blob.lease.check_write(call.now, call.header("x-ms-lease-id"), lease::BLOB),
        None => Ok(()),
    })
}

fn keep(
    store: &Store,
    allowed: Allowed<'_>,
    id: &str,
    segment: Arc<Segment>,
) -> Result<(), Failure> {
    store.with(allowed.container, |container| {
        container.stage(&store.shared, allowed.blob, id, segment)
    })
}

/// Where a list takes a block from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum From {
    Committed,
    Uncommitted,
    /// The uncommitted one if there is one.
    Latest,
}

fn wanted(body: &[u8]) -> Result<Vec<(From, String)>, Failure> {
    let list = xml::parse(body, "BlockList")?;
    if list.children.len() > MAX_BLOCKS {
        return Err(code::BLOCK_LIST_TOO_LONG.into());
    }
    let block = |element: xml::Element| {
        let from = match element.name.as_str() {
            "Committed" => From::Committed,
            "Uncommitted" => From::Uncommitted,
            "Latest" => From::Latest,
            other => {
                let reason = format!("{other} is none of Committed, Uncommitted and Latest");
                return Err(Failure::from(code::INVALID_XML_DOCUMENT).detail("Reason", reason));
            }
        };
        Ok((from, element.text.trim().to_owned()))
    };
    list.children.into_iter().map(block).collect()
}

/// The content that the list makes of staged and committed blocks.
fn assemble(
    container: &Container,
    name: &str,
    wanted: &[(From, String)],
) -> Result<(Content, Vec<Block>), Failure> {
    let committed =
        container.blobs.get(name).map(|blob| committed_segments(blob)).unwrap_or_default();
    let staged = container.staged.get(name);
    let mut segments = Vec::with_capacity(wanted.len());
    let mut blocks = Vec::with_capacity(wanted.len());
    for (from, id) in wanted {
        let staged = staged.and_then(|staged| staged.get(id)).filter(|_| *from != From::Committed);
        let committed = committed.get(id.as_str()).filter(|_| *from != From::Uncommitted);
        let segment = staged.or(committed.copied()).ok_or_else(|| {
            Failure::from(code::INVALID_BLOCK_LIST).detail("BlockId", id.as_str())
        })?;
        blocks.push(Block { id: id.clone(), size_bytes: segment.length });
        segments.push(Arc::clone(segment));
    }
    Ok((Content::new(segments), blocks))
}

/// The segments of a blob by the ids of its blocks. Blocks without bytes have no segment and are not found, as if
/// they had not been committed.
fn committed_segments(blob: &Blob) -> HashMap<&str, &Arc<Segment>> {
    let blocks = blob.blocks.iter().filter(|block| block.size_bytes > 0);
    blocks.map(|block| block.id.as_str()).zip(blob.content.segments()).collect()
}
