//! Blob containers and blobs.

use bytes::Bytes;
use futures::future::join_all;
use http::Method;
use serde::Serialize;

use super::{Ask, Listed, Services, escape, text_of};
use crate::triggers::{WireError, xml};

/// How many containers are listed.
const CONTAINERS_MAX: usize = 500;
/// How many blobs of a container are counted.
pub(in crate::page) const COUNTED_MAX: usize = 1_000;
/// How many blobs a page has.
const BLOBS_A_PAGE: usize = 50;
/// How much of a blob is shown or handed out here, in bytes; larger ones are for a storage client.
pub(in crate::page) const SHOWN_MAX_BYTES: u64 = 32 << 20;

/// A blob container.
#[derive(Clone, Debug, Serialize)]
pub(in crate::page) struct BlobContainerSummary {
    pub(in crate::page) name: String,
    /// At most [`COUNTED_MAX`]; `null` when they could not be counted.
    pub(in crate::page) blobs: Option<usize>,
}

/// A blob.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::page) struct BlobSummary {
    pub(in crate::page) name: String,
    pub(in crate::page) bytes: u64,
    pub(in crate::page) content_type: String,
    pub(in crate::page) last_modified: String,
}

impl Services {
    pub(in crate::page) async fn blob_containers(
        &self,
    ) -> Result<Vec<BlobContainerSummary>, WireError> {
        let operation = "listing the blob containers";
        let query = format!("comp=list&maxresults={CONTAINERS_MAX}");
        let response = self.get(operation, self.signed(&self.blob, "/", &query)).await?;
        let records = xml::records(text_of(operation, &response)?, "Container");
        let records = records.map_err(|error| WireError::unreadable(operation, error))?;
        let names: Vec<String> =
            records.into_iter().filter_map(|mut record| record.remove("Name")).collect();
        let counted = names.into_iter().map(|name| async move {
            let listed = self.list(&name, COUNTED_MAX, None).await;
            BlobContainerSummary { blobs: listed.ok().map(|listed| listed.items.len()), name }
        });
        Ok(join_all(counted).await)
    }

    /// A page of a container's blobs.
    pub(in crate::page) async fn blobs(
        &self,
        container: &str,
        marker: Option<&str>,
    ) -> Result<Listed<BlobSummary>, WireError> {
        self.list(container, BLOBS_A_PAGE, marker).await
    }

    async fn list(
        &self,
        container: &str,
        limit: usize,
        marker: Option<&str>,
    ) -> Result<Listed<BlobSummary>, WireError> {
        let operation = format!("listing the blobs of container {container}");
        let mut query = format!("restype=container&comp=list&maxresults={limit}");
        if let Some(marker) = marker {
            query = format!("{query}&marker={}", escape(marker));
        }
        let url = self.signed(&self.blob, &format!("/{}", escape(container)), &query);
        let response = self.get(&operation, url).await?;
        let text = text_of(&operation, &response)?;
        let read = |name| {
            xml::records(text, name).map_err(|error| WireError::unreadable(&operation, error))
        };
        let blob = |mut record: xml::Record| BlobSummary {
            name: record.remove("Name").unwrap_or_default(),
            bytes: record.get("Content-Length").and_then(|text| text.parse().ok()).unwrap_or(0),
            content_type: record.remove("Content-Type").unwrap_or_default(),
            last_modified: record.remove("Last-Modified").unwrap_or_default(),
        };
        let next =
            read("EnumerationResults")?.pop().and_then(|mut whole| whole.remove("NextMarker"));
        Ok(Listed {
            items: read("Blob")?.into_iter().map(blob).collect(),
            next: next.filter(|next| !next.is_empty()),
        })
    }

    /// A blob, at most [`SHOWN_MAX_BYTES`] of it.
    pub(in crate::page) async fn blob(
        &self,
        container: &str,
        name: &str,
    ) -> Result<Bytes, WireError> {
        let operation = format!("reading blob {container}/{name}");
        let url = self.signed(&self.blob, &format!("/{}/{}", escape(container), escape(name)), "");
        let headers = [("range", format!("bytes=0-{}", SHOWN_MAX_BYTES - 1))];
        let (method, body) = (Method::GET, Bytes::new());
        let asked = Ask {
            operation: &operation,
            method: method.clone(),
            url: url.clone(),
            headers: &headers,
            body,
        };
        let response = match self.ask(asked).await {
            // An empty blob has no range.
            Err(WireError::Refused { status: 416, .. }) => self.get(&operation, url).await?,
            answered => answered?,
        };
        Ok(response.into_body())
    }

    /// Writes a block blob, over one that is there.
    pub(in crate::page) async fn put_blob(
        &self,
        container: &str,
        name: &str,
        content_type: &str,
        body: Bytes,
    ) -> Result<(), WireError> {
        let operation = format!("writing blob {container}/{name}");
        let url = self.signed(&self.blob, &format!("/{}/{}", escape(container), escape(name)), "");
        let headers =
            [("x-ms-blob-type", "BlockBlob".to_owned()), ("content-type", content_type.to_owned())];
        let ask = Ask { operation: &operation, method: Method::PUT, url, headers: &headers, body };
        self.ask(ask).await.map(|_| ())
    }
}
