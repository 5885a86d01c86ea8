//! Files of sales: the container `sales-files` says what became of each, the blob container `conversions-sales-files` holds
//! what is in it.

use super::SCHEMA_VERSION;
use crate::domain::{Differs, FileId, FileName, SalesFile};
use azure_data::{
    BlobReader, Change, ChangeError, Container, Cosmos, CosmosFailure, Known, Storage,
    StorageFailure,
};
use custom_handler::{Bytes, ChangeFeed, Rejected};
use serde::{Deserialize, Serialize};
use std::convert::Infallible;

/// The largest file that is taken, in bytes.
const MAX_FILE_BYTES: usize = 4 * 1024 * 1024;

#[derive(Debug)]
pub(crate) struct SalesFiles {
    container: Container,
    blobs: BlobReader,
}

/// Files as a change feed brought them.
#[derive(Debug, Default)]
pub(crate) struct KnownFiles(Known<Document>);

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    #[serde(flatten)]
    file: SalesFile,
    schema_version: u32,
}

impl From<SalesFile> for Document {
    fn from(file: SalesFile) -> Self {
        Self { file, schema_version: SCHEMA_VERSION }
    }
}

impl SalesFiles {
    pub(crate) fn new(cosmos: &Cosmos, storage: &Storage) -> Self {
        let blobs = storage.blob_reader("conversions-sales-files");
        Self { container: cosmos.container("sales-files").saying_writers(), blobs }
    }

    pub(crate) async fn read(&self, name: &FileName) -> Result<Option<SalesFile>, CosmosFailure> {
        let id = FileId::of(name).to_string();
        let found = self.container.read::<Document>(&id, &id).await?;
        Ok(found.map(|item| item.value.file))
    }

    /// What is in the file; none if it is gone.
    ///
    /// # Errors
    /// Storage cannot be asked, or the file has more than 4 MiB ([`StorageFailure::is_too_large`]).
    pub(crate) async fn content(&self, name: &FileName) -> Result<Option<Bytes>, StorageFailure> {
        let found = self.blobs.get(name.as_str(), MAX_FILE_BYTES).await?;
        Ok(found.map(|blob| blob.content))
    }

    /// The file as one that is taken from now on, or as it is if it was begun before.
    pub(crate) async fn begin(
        &self,
        name: &FileName,
        content: &str,
    ) -> Result<SalesFile, ChangeError<Differs>> {
        let id = FileId::of(name).to_string();
        self.container
            .change(&id, &id, |there: Option<&Document>| match there {
                Some(there) => there.file.clone().again(content).map(Change::Keep),
                None => {
                    let begun = SalesFile::begun(name, content);
                    Ok(Change::Write(Document::from(begun.clone()), begun))
                }
            })
            .await
    }

    /// Applies `edit` to the file as it is when it is stored.
    pub(crate) async fn change(
        &self,
        id: FileId,
        edit: impl Fn(SalesFile) -> SalesFile,
    ) -> Result<(), ChangeError<Infallible>> {
        self.change_known(id, &KnownFiles::default(), edit).await
    }

    /// Others know that it was taken.
    pub(crate) async fn told(
        &self,
        id: FileId,
        known: &KnownFiles,
    ) -> Result<(), ChangeError<Infallible>> {
        self.change_known(id, known, SalesFile::told).await
    }

    async fn change_known(
        &self,
        id: FileId,
        known: &KnownFiles,
        edit: impl Fn(SalesFile) -> SalesFile,
    ) -> Result<(), ChangeError<Infallible>> {
        let decide = |there: Option<&Document>| {
            let Some(there) = there else { return Ok(Change::Keep(())) };
            let edited = edit(there.file.clone());
            Ok(match edited == there.file {
                true => Change::Keep(()),
                false => Change::Write(Document::from(edited), ()),
            })
        };
        self.container.change_known(&id.to_string(), &known.0, decide).await
    }

    /// The files that a batch of the change feed holds, and what cannot be read as one.
    pub(crate) fn changed(feed: &ChangeFeed) -> (Vec<SalesFile>, Vec<Rejected>) {
        let (documents, rejected) = feed.parse::<Document>();
        (documents.into_iter().map(|document| document.file).collect(), rejected)
    }

    /// The same files, to be changed as the feed brought them.
    pub(crate) fn known_by(feed: &ChangeFeed) -> KnownFiles {
        KnownFiles(Known::of(&feed.documents))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;
    use serde_json::json;

    #[test]
    fn a_document_is_read_and_written_as_it_always_was() {
        let document = json!({
            "id": "01980c6e-6666-8000-8000-000000000001", "name": "2026-11.csv", "content": "hash",
            "state": "taken", "rows": 2, "refusedRows": 1,
            "refused": [{"row": 2, "why": "soldAt: is missing"}],
            "fact": {"revision": 1, "at": "2026-11-01T08:00:00Z"}, "schemaVersion": 1,
        });
        let read: Document = serde_json::from_value(document.clone()).unwrap();
        assert_eq!(json!(Document::from(read.file)), document);
    }
}
