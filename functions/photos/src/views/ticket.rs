//! A ticket as clients see it: the photo, and where to upload it.

use super::photo::PhotoView;
use crate::domain::Photo;
use azure_data::UploadUrl;
use jiff::Timestamp;
use serde::Serialize;
use std::collections::BTreeMap;

#[derive(Debug, Serialize)]
pub(crate) struct TicketView<'a> {
    #[serde(flatten)]
    photo: PhotoView<'a>,
    upload: Upload,
}

/// What the client does next.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Upload {
    url: String,
    method: &'static str,
    headers: BTreeMap<String, String>,
    expires_at: Timestamp,
}

impl<'a> TicketView<'a> {
    pub(crate) fn of(photo: &'a Photo, url: UploadUrl) -> Self {
        let upload = Upload {
            url: url.url,
            method: url.method,
            headers: url.headers.into_iter().collect(),
            expires_at: photo.ticket.expires_at,
        };
        Self { photo: PhotoView::of(photo), upload }
    }
}
