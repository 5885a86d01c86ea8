//! Files that another service leaves here, as capture of an event hub does: whole, and never over a blob that is there.

use jiff::Timestamp;

use super::{
    Blobs,
    block_blob::{Blob, ContentHeaders},
    checksum,
    contents::Content,
    event::{self, Cause, Subject},
    lease::Lease,
    shared::to_second,
    tags::Tags,
    writer::Writer,
};
use crate::storage::{
    failure::{Failure, internal},
    metadata::Metadata,
};

/// What is known of a file that lies in its container.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Deposited {
    pub(crate) size_bytes: u64,
    /// The write that made it; later writes have larger numbers.
    pub(crate) version: u64,
}

/// Why a file was not left there: an error of the blob service.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct NotDeposited(String);

impl From<Failure> for NotDeposited {
    fn from(failure: Failure) -> Self {
        Self(failure.to_string())
    }
}

impl From<&Blob> for Deposited {
    fn from(blob: &Blob) -> Self {
        Self { size_bytes: blob.content.length(), version: blob.version }
    }
}

impl Blobs {
    /// Whether there is a container of that name.
    pub(crate) fn has_container(&self, name: &str) -> bool {
        self.store.with(name, |_| Ok(())).is_ok()
    }

    /// Where a blob is found.
    pub(crate) fn url_of(&self, container: &str, name: &str) -> String {
        format!("{}/{container}/{name}", self.store.shared.url)
    }

    /// The blob of that name, if there is one.
    pub(crate) fn deposited(
        &self,
        container: &str,
        name: &str,
    ) -> Result<Option<Deposited>, NotDeposited> {
        let look = |blob: &std::sync::Arc<Blob>| Deposited::from(&**blob);
        Ok(self.store.with(container, |container| Ok(container.blobs.get(name).map(look)))?)
    }

    /// Leaves a file there, with an event that says so. A blob of that name stays as it is, and is what was left there
    /// earlier: so whoever does not know whether it was done does it again, also where nothing can be written over.
    pub(crate) async fn deposit(
        &self,
        (container, name): (&str, &str),
        content_type: &str,
        bytes: &[u8],
        now: Timestamp,
    ) -> Result<Deposited, NotDeposited> {
        if let Some(there) = self.deposited(container, name)? {
            return Ok(there);
        }
        let shared = &self.store.shared;
        shared.events.check_room()?;
        let failed = |error| NotDeposited::from(internal("keeping the bytes of a file", &error));
        let mut writer = Writer::new(&shared.contents, bytes.len() as u64);
        writer.write(bytes).await.map_err(failed)?;
        let content = Content::new([writer.finish().await.map_err(failed)?]);
        let headers = ContentHeaders {
            content_type: content_type.to_owned(),
            content_md5: Some(checksum::md5(bytes)),
            ..ContentHeaders::default()
        };
        let placed = self.store.with(container, |kept| {
            if let Some(there) = kept.blobs.get(name) {
                return Ok(Deposited::from(&**there));
            }
            let blob = Blob {
                version: shared.versions.next(now),
                created: now,
                modified: to_second(now),
                headers,
                metadata: Metadata::default(),
                tags: Tags::default(),
                blocks: Vec::new(),
                copy: None,
                lease: Lease::Available,
                content,
            };
            let subject = Subject { url: &shared.url, container, name };
            let event = event::created(Cause::service(now), "PutBlob", subject, &blob);
            kept.put(shared, name, blob, true, Some(event)).map(|blob| Deposited::from(&*blob))
        });
        Ok(placed?)
    }
}
