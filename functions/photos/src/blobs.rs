//! The three containers of blobs. Where a picture lies never decides who sees it: the photo's document does.
//! `published` and `quarantine` only keep apart what is meant to be seen and what is not; the sweep puts pictures
//! where they belong, and whoever reads one looks in both.

use crate::domain::{ContentType, MAX_PHOTO_BYTES, Photo, PhotoId, PhotoState, Variant};
use crate::store::Whereabouts;
use bytes::Bytes;
use futures::future::try_join_all;
use iommi_app::{Blob, BlobContainer, BlobRefusal, Storage, StorageFailure, UploadUrl};
use std::{ops::Range, sync::Arc};

/// Largest variant, in bytes: a PNG of 24 million pixels that does not compress.
const MAX_VARIANT_BYTES: usize = 100 * 1024 * 1024;

#[derive(Debug)]
pub(crate) struct Blobs {
    uploads: BlobContainer,
    quarantine: BlobContainer,
    published: BlobContainer,
}

/// Where a picture lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shelf {
    Quarantine,
    Published,
}

impl Shelf {
    /// Where the pictures of a photo in this state belong.
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
    pub(crate) fn new(storage: &Arc<Storage>) -> Self {
        Self {
            uploads: storage.blobs("uploads"),
            quarantine: storage.blobs("quarantine"),
            published: storage.blobs("published"),
        }
    }

    /// Asks for a blob that is not there: Blob Storage answers, or it does not.
    pub(crate) async fn ping(&self) -> Result<(), StorageFailure> {
        self.uploads.properties("ping").await.map(drop)
    }

    /// The right to create this one upload until the ticket ends.
    pub(crate) async fn upload_url(&self, photo: &Photo) -> Result<UploadUrl, StorageFailure> {
        let ticket = &photo.ticket;
        let name = upload_name(Whereabouts::of(photo));
        self.uploads.upload_url(&name, ticket.content_type.as_str(), ticket.expires_at).await
    }

    /// Stores an upload that came through the API; [`BlobRefusal::Exists`] if there is one.
    pub(crate) async fn upload(
        &self,
        place: Whereabouts,
        content: Bytes,
        content_type: ContentType,
    ) -> Result<(), BlobRefusal> {
        self.uploads.create(&upload_name(place), content, content_type.as_str()).await
    }

    /// The upload, unless it is larger than any ticket allows: a failure that says so.
    pub(crate) async fn uploaded(
        &self,
        place: Whereabouts,
    ) -> Result<Option<Blob>, StorageFailure> {
        let most = usize::try_from(MAX_PHOTO_BYTES).unwrap_or(usize::MAX);
        self.uploads.get(&upload_name(place), most).await
    }

    pub(crate) async fn has_upload(&self, place: Whereabouts) -> Result<bool, StorageFailure> {
        Ok(self.uploads.properties(&upload_name(place)).await?.is_some())
    }

    pub(crate) async fn remove_upload(&self, place: Whereabouts) -> Result<bool, StorageFailure> {
        self.uploads.delete(&upload_name(place)).await
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
        shelf: Shelf,
        id: PhotoId,
        contents: &[Content],
    ) -> Result<(), StorageFailure> {
        let shelf = self.shelf(shelf);
        for content in contents {
            let name = variant_name(id, content.variant);
            shelf.put(&name, content.bytes.clone(), &content.content_type).await?;
        }
        Ok(())
    }

    /// A range of a variant, from where it belongs or where it was before.
    pub(crate) async fn read(
        &self,
        home: Shelf,
        id: PhotoId,
        variant: Variant,
        range: Range<u64>,
    ) -> Result<Option<Bytes>, StorageFailure> {
        let name = variant_name(id, variant);
        for shelf in [home, home.other()] {
            if let Some(blob) = self.shelf(shelf).get_range(&name, range.clone()).await? {
                return Ok(Some(blob.content));
            }
        }
        Ok(None)
    }

    /// Puts the variants on the shelf where they belong, and only there.
    pub(crate) async fn move_home(&self, home: Shelf, id: PhotoId) -> Result<(), StorageFailure> {
        let (from, to) = (self.shelf(home.other()), self.shelf(home));
        for variant in Variant::ALL {
            let name = variant_name(id, variant);
            let Some(blob) = from.get(&name, MAX_VARIANT_BYTES).await? else { continue };
            if to.properties(&name).await?.is_none() {
                to.put(&name, blob.content, &blob.content_type).await?;
            }
            from.delete(&name).await?;
        }
        Ok(())
    }

    /// Removes the variants from both shelves.
    pub(crate) async fn remove_variants(&self, id: PhotoId) -> Result<Removed, StorageFailure> {
        let quarantine = remove_variants(&self.quarantine, id).await?;
        let published = remove_variants(&self.published, id).await?;
        Ok(Removed { uploads: 0, quarantine, published })
    }

    /// Removes everything of a photo.
    pub(crate) async fn remove_all(&self, place: Whereabouts) -> Result<Removed, StorageFailure> {
        let uploads = usize::from(self.remove_upload(place).await?);
        Ok(Removed { uploads, ..self.remove_variants(place.id).await? })
    }

    fn shelf(&self, shelf: Shelf) -> &BlobContainer {
        match shelf {
            Shelf::Quarantine => &self.quarantine,
            Shelf::Published => &self.published,
        }
    }
}

fn upload_name(place: Whereabouts) -> String {
    format!("{}/{}", place.profile_id, place.id)
}

fn variant_name(id: PhotoId, variant: Variant) -> String {
    format!("{id}/{variant}")
}

async fn remove_variants(shelf: &BlobContainer, id: PhotoId) -> Result<usize, StorageFailure> {
    let names = Variant::ALL.map(|variant| variant_name(id, variant));
    let removed = try_join_all(names.iter().map(|name| shelf.delete(name))).await?;
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
