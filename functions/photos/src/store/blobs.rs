//! The three containers of blobs. Where a picture lies never decides who sees it: the photo's document does.
//! A picture stays in `published` or `quarantine`, wherever the run that made it put it, whatever is decided later, and
//! whoever reads one looks in both. Moving it would be copying and deleting without a lock that spans two blobs: two that
//! move it in opposite directions delete both.

use crate::domain::{ContentType, MAX_PHOTO_BYTES, Photo, PhotoId, PhotoKey, PhotoState, Variant};
use azure_data::{
    Blob, BlobContainer, BlobRefusal, Storage, StorageFailure, UploadSigner, UploadUrl,
};
use bytes::Bytes;
use futures::future::try_join_all;
use std::ops::Range;

#[derive(Debug)]
pub(crate) struct Blobs {
    uploads: BlobContainer,
    upload_signer: UploadSigner,
    quarantine: BlobContainer,
    published: BlobContainer,
}

/// The blob containers that hold pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PictureContainer {
    Quarantine,
    Published,
}

impl PictureContainer {
    /// Where a run puts what it made of a photo that it leaves in this state; where readers look first.
    pub(crate) fn of(state: PhotoState) -> Self {
        if state == PhotoState::Approved { Self::Published } else { Self::Quarantine }
    }

    fn other(self) -> Self {
        match self {
            Self::Quarantine => Self::Published,
            Self::Published => Self::Quarantine,
        }
    }
}

/// A variant's content.
#[derive(Debug)]
pub(crate) struct Content {
    pub(crate) variant: Variant,
    pub(crate) content_type: String,
    pub(crate) bytes: Bytes,
}

/// How many blobs were removed from each container.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Removed {
    pub(crate) uploads: usize,
    pub(crate) quarantine: usize,
    pub(crate) published: usize,
}

impl Blobs {
    pub(crate) fn new(storage: &Storage) -> Self {
        Self {
            uploads: storage.blobs("photo-uploads"),
            upload_signer: storage.upload_signer("photo-uploads"),
            quarantine: storage.blobs("photo-quarantine"),
            published: storage.blobs("photo-published"),
        }
    }

    /// Asks for a blob that is not there: Blob Storage answers, or it does not.
    pub(crate) async fn ping(&self) -> Result<(), StorageFailure> {
        self.uploads.properties("ping").await.map(drop)
    }

    /// The right to create this one upload until the ticket ends.
    pub(crate) async fn upload_url(&self, photo: &Photo) -> Result<UploadUrl, StorageFailure> {
        let ticket = &photo.ticket;
        let name = upload_name(photo.key());
        self.upload_signer.url(&name, ticket.content_type.as_str(), ticket.expires_at).await
    }

    /// Stores an upload that came through the API; [`BlobRefusal::Exists`] if there is one.
    pub(crate) async fn upload(
        &self,
        key: PhotoKey,
        content: Bytes,
        content_type: ContentType,
    ) -> Result<(), BlobRefusal> {
        self.uploads.create(&upload_name(key), content, content_type.as_str()).await
    }

    /// The upload, unless it is larger than any ticket allows: a failure that says so.
    pub(crate) async fn uploaded(&self, key: PhotoKey) -> Result<Option<Blob>, StorageFailure> {
        let most = usize::try_from(MAX_PHOTO_BYTES).unwrap_or(usize::MAX);
        self.uploads.get(&upload_name(key), most).await
    }

    pub(crate) async fn has_upload(&self, key: PhotoKey) -> Result<bool, StorageFailure> {
        Ok(self.uploads.properties(&upload_name(key)).await?.is_some())
    }

    pub(crate) async fn remove_upload(&self, key: PhotoKey) -> Result<bool, StorageFailure> {
        self.uploads.delete(&upload_name(key)).await
    }

    /// Removes what lies below a profile's uploads, at most `most`; how many there were.
    pub(crate) async fn remove_uploads_below(
        &self,
        prefix: &str,
        most: usize,
    ) -> Result<usize, StorageFailure> {
        remove_listed(&self.uploads, prefix, most).await
    }

    /// Stores all variants, in the place of what an earlier run may have stored.
    pub(crate) async fn store(
        &self,
        container: PictureContainer,
        id: PhotoId,
        contents: &[Content],
    ) -> Result<(), StorageFailure> {
        let container = self.container(container);
        for content in contents {
            let name = variant_name(id, content.variant);
            container.put(&name, content.bytes.clone(), &content.content_type).await?;
        }
        Ok(())
    }

    /// A range of a variant, from whichever container it is in; `home` is looked at first.
    pub(crate) async fn read(
        &self,
        home: PictureContainer,
        id: PhotoId,
        variant: Variant,
        range: Range<u64>,
    ) -> Result<Option<Bytes>, StorageFailure> {
        let name = variant_name(id, variant);
        for container in [home, home.other()] {
            if let Some(blob) = self.container(container).get_range(&name, range.clone()).await? {
                return Ok(Some(blob.content));
            }
        }
        Ok(None)
    }

    /// Removes the variants from both containers.
    pub(crate) async fn remove_variants(&self, id: PhotoId) -> Result<Removed, StorageFailure> {
        let quarantine = remove_variants(&self.quarantine, id).await?;
        let published = remove_variants(&self.published, id).await?;
        Ok(Removed { uploads: 0, quarantine, published })
    }

    /// Removes everything of a photo.
    pub(crate) async fn remove_all(&self, key: PhotoKey) -> Result<Removed, StorageFailure> {
        let uploads = usize::from(self.remove_upload(key).await?);
        Ok(Removed { uploads, ..self.remove_variants(key.id).await? })
    }

    fn container(&self, container: PictureContainer) -> &BlobContainer {
        match container {
            PictureContainer::Quarantine => &self.quarantine,
            PictureContainer::Published => &self.published,
        }
    }
}

fn upload_name(key: PhotoKey) -> String {
    format!("{}/{}", key.profile_id, key.id)
}

fn variant_name(id: PhotoId, variant: Variant) -> String {
    format!("{id}/{variant}")
}

async fn remove_variants(container: &BlobContainer, id: PhotoId) -> Result<usize, StorageFailure> {
    let names = Variant::ALL.map(|variant| variant_name(id, variant));
    let removed = try_join_all(names.iter().map(|name| container.delete(name))).await?;
    Ok(removed.into_iter().filter(|was_there| *was_there).count())
}

async fn remove_listed(
    container: &BlobContainer,
    prefix: &str,
    most: usize,
) -> Result<usize, StorageFailure> {
    let names = container.list(prefix, most).await?;
    let mut removed = 0;
    for name in names {
        removed += usize::from(container.delete(&name).await?);
    }
    Ok(removed)
}
