//! Reading a blob's content, never more of it than was asked for.

use azure_core::http::{Etag, headers::HeaderName};
use azure_storage_blob::{
    BlobClient,
    models::{BlobClientDownloadOptions, BlobClientDownloadResult},
};
use custom_handler::Bytes;
use futures::StreamExt;
use std::ops::Range;

/// The type of a blob that was stored without one.
const UNTYPED: &str = "application/octet-stream";

/// A blob, or a part of one.
#[derive(Debug, Clone)]
pub struct Blob {
    /// The bytes that were asked for.
    pub content: Bytes,
    /// The media type that it was stored with.
    pub content_type: String,
    /// It changes with every write.
    pub etag: Etag,
}

/// What came of a download.
pub(super) enum Download {
    Done(Blob),
    /// The blob has this many bytes, at least.
    TooLarge(u64),
}

/// Reads the whole blob if it has at most `most_bytes`; of a larger one hardly more than the headers.
pub(super) async fn whole(blob: &BlobClient, most_bytes: usize) -> azure_core::Result<Download> {
    let answer = blob.download(None).await?;
    match length(&answer) {
        Some(bytes) if bytes > most_bytes as u64 => Ok(Download::TooLarge(bytes)),
        _ => collect(answer, most_bytes).await,
    }
}

/// Reads a part of the blob; less if the blob ends before.
pub(super) async fn part(blob: &BlobClient, range: Range<u64>) -> azure_core::Result<Download> {
    let most_bytes = usize::try_from(range.end.saturating_sub(range.start)).unwrap_or(usize::MAX);
    let options = BlobClientDownloadOptions { range: Some(range.into()), ..Default::default() };
    collect(blob.download(Some(options)).await?, most_bytes).await
}

async fn collect(
    answer: BlobClientDownloadResult,
    most_bytes: usize,
) -> azure_core::Result<Download> {
    let mut body = answer.body;
    let mut content = Vec::new();
    while let Some(bytes) = body.next().await {
        let bytes = bytes?;
        if bytes.len() > most_bytes - content.len() {
            return Ok(Download::TooLarge((content.len() + bytes.len()) as u64));
        }
        content.extend_from_slice(&bytes);
    }
    let properties = answer.properties;
    Ok(Download::Done(Blob {
        content: content.into(),
        content_type: properties.content_type.unwrap_or_else(|| UNTYPED.to_owned()),
        etag: properties.etag.unwrap_or_else(|| Etag::from(String::new())),
    }))
}

/// The length of the whole blob: the SDK asks for its first part, so it stands behind the slash of
/// `Content-Range: bytes 0-4194303/9000003`; only an empty blob has no such header.
fn length(answer: &BlobClientDownloadResult) -> Option<u64> {
    match answer.headers.get_optional_str(&HeaderName::from_static("content-range")) {
        Some(range) => range.rsplit_once('/')?.1.parse().ok(),
        None => answer.properties.content_length,
    }
}
