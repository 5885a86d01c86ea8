use super::connection::Connection;
use super::saying::Saying;
use super::{ContainerReader, CosmosFailure, WriteError};
use azure_core::http::Etag;
use azure_data_cosmos::options::{ItemWriteOptions, Precondition};
use serde::Serialize;
use std::{fmt, ops::Deref};

/// A container of the app's own; connects when first used. It reads as a [`ContainerReader`] does; every write is
/// conditional, so nothing relies on a read being new.
pub struct Container {
    pub(super) reader: ContainerReader,
    pub(super) saying: Saying,
}

/// What can be read can be read here too.
impl Deref for Container {
    type Target = ContainerReader;
    fn deref(&self) -> &ContainerReader {
        &self.reader
    }
}

impl Container {
    pub(super) fn new(connection: Connection) -> Self {
        Self { reader: ContainerReader::new(connection), saying: Saying::Nothing }
    }

    /// Stores a document that must not be there yet.
    ///
    /// # Errors
    /// [`WriteError::Conflict`] if it is there.
    pub async fn create<T: Serialize + Sync>(
        &self,
        partition: &str,
        id: &str,
        value: &T,
    ) -> Result<Etag, WriteError> {
        let what = || format!("creating a document of {}", self.name());
        let client = self.connection.client().await?;
        let said = self.saying.of(value);
        let create = || client.create_item(partition.to_owned(), id, said, None);
        let create = self.connection.operation("create_item").run(what, create);
        let response = create.await.map_err(CosmosFailure::into_write_error)?;
        let etag = response.headers().etag().cloned();
        Ok(etag.ok_or_else(|| CosmosFailure::no_etag(what()))?)
    }

    /// Stores a document in the place of the one that `etag` names.
    ///
    /// # Errors
    /// [`WriteError::Conflict`] if it is another one by now, or gone.
    pub async fn replace<T: Serialize + Sync>(
        &self,
        partition: &str,
        id: &str,
        value: &T,
        etag: &Etag,
    ) -> Result<Etag, WriteError> {
        let what = || format!("replacing a document of {}", self.name());
        let client = self.connection.client().await?;
        let said = self.saying.of(value);
        let replace = || client.replace_item(partition.to_owned(), id, said, Some(only_if(etag)));
        let replace = self.connection.operation("replace_item").run(what, replace);
        let response = replace.await.map_err(CosmosFailure::into_write_error)?;
        let etag = response.headers().etag().cloned();
        Ok(etag.ok_or_else(|| CosmosFailure::no_etag(what()))?)
    }

    /// Removes the document that `etag` names.
    ///
    /// # Errors
    /// [`WriteError::Conflict`] if it is another one by now, or gone.
    pub async fn delete(&self, partition: &str, id: &str, etag: &Etag) -> Result<(), WriteError> {
        let what = || format!("deleting a document of {}", self.name());
        let client = self.connection.client().await?;
        let delete = || client.delete_item(partition.to_owned(), id, Some(only_if(etag)));
        let delete = self.connection.operation("delete_item").run(what, delete);
        delete.await.map_err(CosmosFailure::into_write_error)?;
        Ok(())
    }
}

impl fmt::Debug for Container {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Container").field(&self.name()).finish()
    }
}

fn only_if(etag: &Etag) -> ItemWriteOptions {
    ItemWriteOptions::default().with_precondition(Precondition::if_match(etag.clone()))
}
