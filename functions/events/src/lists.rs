//! Where apps that read hubs say what they gave up: each in a blob of its own that we may read, without what its events say.

use azure_data::{BlobReader, Storage};
use messages::OpenLetters;

/// App and container.
const LISTS: [(&str, &str); 2] =
    [("contacts", "contacts-open-letters"), ("conversions", "conversions-open-letters")];

const NEVER: &str = "it has never said";

#[derive(Debug)]
pub(crate) struct Lists([(&'static str, BlobReader); LISTS.len()]);

impl Lists {
    /// Contacts nobody.
    pub(crate) fn new(storage: &Storage) -> Self {
        Self(LISTS.map(|(app, container)| (app, storage.blob_reader(container))))
    }

    pub(crate) fn names() -> impl Iterator<Item = &'static str> {
        LISTS.iter().map(|(app, _)| *app)
    }

    /// What an app says; else why it cannot be told.
    pub(crate) async fn of(&self, app: &str) -> Result<OpenLetters, String> {
        let Some((_, list)) = self.0.iter().find(|(name, _)| *name == app) else {
            return Err(NEVER.to_owned());
        };
        match list.get(OpenLetters::BLOB, OpenLetters::MAX_BYTES).await {
            Ok(Some(blob)) => OpenLetters::read(&blob.content)
                .map_err(|error| format!("what it says cannot be read: {error}")),
            Ok(None) => Err(NEVER.to_owned()),
            Err(failure) if failure.is_container_missing() => Err(NEVER.to_owned()),
            Err(failure) => Err(failure.to_string()),
        }
    }
}
