use super::{
    Account, BlobRefusal, CONTENT_DEADLINE, DEADLINE, StorageFailure,
    content::{self, Blob, Download},
    operation::Operation,
};
use azure_core::http::Etag;
use azure_storage_blob::{
    BlobClient, BlobContainerClient,
    models::{
        BlobClientDeleteOptions, BlobClientGetPropertiesResultHeaders, BlobClientUploadOptions,
        BlobContainerClientListBlobsOptions, DeleteSnapshotsOptionType, ListBlobsIncludeItem,
    },
};
use custom_handler::Bytes;
use futures::{StreamExt, TryStreamExt};
use jiff::Timestamp;
use std::{collections::BTreeMap, fmt, ops::Range, sync::Arc};

/// Most names that one answer of a list holds (List Blobs, `maxresults`).
const MAX_NAMES_PER_ANSWER: usize = 5000;

/// What is known of a blob without reading it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlobProperties {
    /// In bytes.
    pub length: u64,
    /// The media type that it was stored with.
    pub content_type: String,
    /// It changes with every write.
    pub etag: Etag,
    /// To the second.
    pub last_modified: Timestamp,
    /// What was stored beside it, by name; names are in lower case.
    pub metadata: BTreeMap<String, String>,
}

/// A blob container; connects when first used.
///
/// Names may have slashes; they are escaped. Every call has a deadline: 8 s, 30 s when content goes along.
pub struct BlobContainer {
    account: Arc<Account>,
    name: &'static str,
}

impl BlobContainer {
    pub(super) fn new(account: Arc<Account>, name: &'static str) -> Self {
        Self { account, name }
    }

    /// Stores a blob, in the place of another if there is one: for names whose content never changes.
    ///
    /// # Errors
    /// Storage did not do it.
    pub async fn put(
        &self,
        name: &str,
        content: Bytes,
        content_type: &str,
    ) -> Result<(), StorageFailure> {
        self.upload(name, content, typed(content_type)).await
    }

    /// Stores a blob that must not be there yet (`If-None-Match: *`).
    ///
    /// # Errors
    /// [`BlobRefusal::Exists`] if it is there.
    pub async fn create(
        &self,
        name: &str,
        content: Bytes,
        content_type: &str,
    ) -> Result<(), BlobRefusal> {
        let options = typed(content_type).if_not_exists();
        self.upload(name, content, options).await.map_err(StorageFailure::into_refusal)
    }

    async fn upload(
        &self,
        name: &str,
        content: Bytes,
        options: BlobClientUploadOptions<'_>,
    ) -> Result<(), StorageFailure> {
        let blob = self.blob(name).await?;
        let upload = || blob.upload(content.into(), Some(options));
        let put = self.operation("put_blob");
        put.run(CONTENT_DEADLINE, || self.what("writing a blob of"), upload).await?;
        Ok(())
    }

    /// The blob, or `None` if there is none.
    ///
    /// # Errors
    /// Storage cannot be asked; or the blob has more than `most_bytes`
    /// ([`StorageFailure::is_too_large`]), of which then hardly more than the headers was read.
    pub async fn get(&self, name: &str, most_bytes: usize) -> Result<Option<Blob>, StorageFailure> {
        let blob = self.blob(name).await?;
        self.download(most_bytes, || content::whole(&blob, most_bytes)).await
    }

    /// A part of the blob, shorter if the blob ends within it; `None` if there is no blob.
    ///
    /// # Errors
    /// Storage cannot be asked, or the range is empty or starts after the blob's end.
    pub async fn get_range(
        &self,
        name: &str,
        range: Range<u64>,
    ) -> Result<Option<Blob>, StorageFailure> {
        let most_bytes =
            usize::try_from(range.end - range.start.min(range.end)).unwrap_or(usize::MAX);
        let blob = self.blob(name).await?;
        self.download(most_bytes, || content::part(&blob, range)).await
    }

    async fn download<F>(
        &self,
        most_bytes: usize,
        download: impl FnOnce() -> F,
    ) -> Result<Option<Blob>, StorageFailure>
    where
        F: Future<Output = azure_core::Result<Download>> + Send,
    {
        let what = || self.what("reading a blob of");
        match self.operation("get_blob").run(CONTENT_DEADLINE, what, download).await {
            Ok(Download::Done(blob)) => Ok(Some(blob)),
            Ok(Download::TooLarge(bytes)) => {
                Err(StorageFailure::too_large(what(), bytes, most_bytes))
            }
            Err(failure) if failure.is_blob_missing() => Ok(None),
            Err(failure) => Err(failure),
        }
    }

    /// What is known of the blob without reading it, or `None` if there is none.
    ///
    /// # Errors
    /// Storage cannot be asked.
    pub async fn properties(&self, name: &str) -> Result<Option<BlobProperties>, StorageFailure> {
        let blob = self.blob(name).await?;
        let what = || self.what("looking at a blob of");
        let look = self.operation("get_blob_properties");
        let answer = match look.run(DEADLINE, what, || blob.get_properties(None)).await {
            Err(failure) if failure.is_blob_missing() => return Ok(None),
            answer => answer?,
        };
        let read = || {
            let modified = answer.last_modified()?.map(|time| time.unix_timestamp());
            let known =
                (answer.content_length()?, answer.content_type()?, answer.etag()?, modified);
            Ok((known, answer.metadata()?))
        };
        let read = read().map_err(|error| StorageFailure::new(what(), &error))?;
        let ((Some(length), Some(content_type), Some(etag), Some(modified)), metadata) = read
        else {
            return Err(StorageFailure::unusable(what(), "the answer lacks a header"));
        };
        let last_modified = Timestamp::from_second(modified)
            .map_err(|error| StorageFailure::unusable(what(), error.to_string()))?;
        let lower = |(name, value): (String, String)| (name.to_ascii_lowercase(), value);
        let metadata = metadata.into_iter().map(lower).collect();
        Ok(Some(BlobProperties { length, content_type, etag, last_modified, metadata }))
    }

    /// Deletes the blob with its snapshots, whatever somebody else is copying into it; `false` if it was not there.
    ///
    /// # Errors
    /// Storage did not do it.
    pub async fn delete(&self, name: &str) -> Result<bool, StorageFailure> {
        let blob = self.blob(name).await?;
        match self.delete_whole(&blob).await {
            Err(failure) if failure.is_copy_pending() => {
                self.abort_copy(&blob).await?;
                self.delete_whole(&blob).await
            }
            deleted => deleted,
        }
    }

    /// A blob that has snapshots cannot be deleted without them (409 `SnapshotsPresent`).
    async fn delete_whole(&self, blob: &BlobClient) -> Result<bool, StorageFailure> {
        let options = BlobClientDeleteOptions {
            delete_snapshots: Some(DeleteSnapshotsOptionType::Include),
            ..Default::default()
        };
        let deleted = || blob.delete(Some(options));
        let delete = self.operation("delete_blob");
        match delete.run(DEADLINE, || self.what("deleting a blob of"), deleted).await {
            Ok(_) => Ok(true),
            Err(failure) if failure.is_blob_missing() => Ok(false),
            Err(failure) => Err(failure),
        }
    }

    /// Ends the copy that keeps the blob from being deleted (409 `PendingCopyOperation`), unless it has ended by itself.
    async fn abort_copy(&self, blob: &BlobClient) -> Result<(), StorageFailure> {
        let what = || self.what("ending a copy to a blob of");
        let look = self.operation("get_blob_properties");
        let properties = match look.run(DEADLINE, what, || blob.get_properties(None)).await {
            Err(failure) if failure.is_blob_missing() => return Ok(()),
            properties => properties?,
        };
        let copy = properties.copy_id().map_err(|error| StorageFailure::new(what(), &error))?;
        let Some(copy) = copy else { return Ok(()) };
        let abort = self.operation("abort_copy");
        match abort.run(DEADLINE, what, || blob.abort_copy(&copy, None)).await {
            Err(failure) if !failure.is_no_copy_pending() && !failure.is_blob_missing() => {
                Err(failure)
            }
            _ => Ok(()),
        }
    }

    /// The names of the first blobs that start with `prefix`, in the order of their names: at most `most`, fewer if
    /// some have snapshots.
    ///
    /// # Errors
    /// Storage cannot be asked.
    pub async fn list(&self, prefix: &str, most: usize) -> Result<Vec<String>, StorageFailure> {
        let options = BlobContainerClientListBlobsOptions {
            prefix: Some(prefix.to_owned()),
            maxresults: i32::try_from(most.clamp(1, MAX_NAMES_PER_ANSWER)).ok(),
            include: Some(vec![ListBlobsIncludeItem::Snapshots]),
            ..Default::default()
        };
        let container = self.container().await?;
        let names = || async move {
            let blobs = container.list_blobs(Some(options))?;
            blobs.take(most).map_ok(|blob| blob.name.unwrap_or_default()).try_collect().await
        };
        let list = self.operation("list_blobs");
        let mut names: Vec<String> =
            list.run(DEADLINE, || self.what("listing blobs of"), names).await?;
        names.dedup();
        Ok(names)
    }

    async fn container(&self) -> Result<BlobContainerClient, StorageFailure> {
        Ok(self.account.blob_service().await?.blob_container_client(self.name))
    }

    async fn blob(&self, name: &str) -> Result<BlobClient, StorageFailure> {
        Ok(self.account.blob_service().await?.blob_client(self.name, name))
    }

    fn operation(&self, name: &'static str) -> Operation {
        Operation::blob(name, self.name)
    }

    /// The container alone: who uploads chooses names.
    fn what(&self, doing: &str) -> String {
        format!("{doing} {}", self.name)
    }
}

fn typed(content_type: &str) -> BlobClientUploadOptions<'static> {
    BlobClientUploadOptions {
        blob_content_type: Some(content_type.to_owned()),
        ..Default::default()
    }
}

impl fmt::Debug for BlobContainer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("BlobContainer").field(&self.name).finish()
    }
}
