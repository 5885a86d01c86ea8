//! Blob containers, their blobs, and a blob's content.

use askama::Template;
use http::{
    HeaderValue, Response, StatusCode,
    header::{CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE},
};
use local_data::Service;
use serde::Serialize;

use super::{
    Visit,
    answers::Refusal,
    frame::Frame,
    overview::Reading,
    queues::refuse_disturbed,
    services::{BlobContainerSummary, BlobSummary},
};
use crate::http::{ReplyBody, document::kept_nowhere, reply};

/// Types that a blob may be shown as.
const PICTURES: [&str; 5] = ["image/png", "image/jpeg", "image/gif", "image/webp", "image/avif"];

/// What a blob is by its first bytes: strangers say what they like in the content type, and a drawing (SVG) may hold a
/// script.
fn picture(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0x89, b'P', b'N', b'G', ..] => Some("image/png"),
        [0xff, 0xd8, 0xff, ..] => Some("image/jpeg"),
        [b'G', b'I', b'F', b'8', ..] => Some("image/gif"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some("image/webp"),
        [_, _, _, _, b'f', b't', b'y', b'p', b'a', b'v', b'i', b'f', ..] => Some("image/avif"),
        _ => None,
    }
}

#[derive(Template, Serialize)]
#[template(path = "blob_containers.html")]
#[serde(rename_all = "camelCase")]
pub(super) struct BlobContainers {
    #[serde(skip)]
    frame: Frame,
    containers: Reading<BlobContainerSummary>,
}

impl BlobContainers {
    pub(super) async fn of(visit: &Visit) -> Self {
        let read = visit.page.services.blob_containers();
        let containers = Reading::of(visit, Service::Blob, read).await;
        Self { frame: Frame::new(visit, "Blobs", "blobs"), containers }
    }
}

#[derive(Template, Serialize)]
#[template(path = "blobs.html")]
#[serde(rename_all = "camelCase")]
pub(super) struct BlobsPage {
    #[serde(skip)]
    frame: Frame,
    container: String,
    blobs: Vec<BlobSummary>,
    marker: Option<String>,
}

impl BlobsPage {
    pub(super) async fn of(visit: &Visit, container: &str) -> Result<Self, Refusal> {
        refuse_disturbed(visit, Service::Blob)?;
        let services = &visit.page.services;
        let page = services.blobs(container, visit.query("marker")).await;
        let page = page.map_err(Refusal::service)?;
        Ok(Self {
            frame: Frame::new(visit, container, "blobs"),
            container: container.to_owned(),
            blobs: page.items,
            marker: page.next,
        })
    }

    /// Whether it may be a picture: the content decides when it is asked for.
    fn may_be_picture(&self, blob: &BlobSummary) -> bool {
        PICTURES.contains(&blob.content_type.as_str())
    }
}

/// A blob itself: a picture as a picture, anything else as a file to keep.
pub(super) async fn content(
    visit: &Visit,
    container: &str,
) -> Result<Response<ReplyBody>, Refusal> {
    refuse_disturbed(visit, Service::Blob)?;
    let name = visit.query("name").ok_or_else(|| Refusal::bad("say which blob: ?name=…"))?;
    let content = visit.page.services.blob(container, name).await;
    let content = content.map_err(Refusal::service)?;
    let (kind, disposition) = match picture(&content) {
        Some(kind) => (kind, "inline"),
        None => ("application/octet-stream", "attachment"),
    };
    let mut response = reply::bytes(StatusCode::OK, content);
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(CONTENT_DISPOSITION, HeaderValue::from_static(disposition));
    headers
        .insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox"));
    Ok(kept_nowhere(response))
}
