//! Writes outputs through the services' protocols.

use bytes::Bytes;
use futures::future::join_all;
use serde_json::Value;

use super::{ConnectionError, Runner, wire::WireError};
use crate::{
    envelope::{BindingData, json_net},
    outputs::{OutputError, Write, resolve},
};

/// Why an output was not written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
enum WriteError {
    #[error(transparent)]
    Value(#[from] OutputError),
    #[error("writing output `{binding}`: {source}")]
    Connection { binding: String, source: ConnectionError },
    #[error("writing output `{binding}`: {source}")]
    Service { binding: String, source: WireError },
    #[error("writing output `{binding}`: its path {path:?} is not `container/name`")]
    Path { binding: String, path: String },
}

/// Writes everything in parallel, as the real host binds its outputs, and returns the first failure.
pub(super) async fn write_all(
    runner: &Runner,
    function: &str,
    data: &BindingData,
    writes: Vec<Result<Write, OutputError>>,
) -> Result<(), String> {
    let each = writes
        .into_iter()
        .map(|write| async { Writer { runner, function, data }.write(write?).await });
    let failed = join_all(each).await.into_iter().find_map(Result::err);
    failed.map_or(Ok(()), |error| Err(error.to_string()))
}

struct Writer<'a> {
    runner: &'a Runner,
    function: &'a str,
    data: &'a BindingData,
}

impl Writer<'_> {
    async fn write(&self, write: Write) -> Result<(), WriteError> {
        match write {
            Write::Queue { binding, connection, queue_name, messages } => {
                let queue_name = self.resolve(&binding, &queue_name)?.to_lowercase();
                self.messages(&connection, &queue_name, &messages)
                    .await
                    .map_err(|failure| failure.of(&binding))
            }
            Write::EventHub { binding, connection, hub, events } => {
                let hub = self.resolve(&binding, &hub)?;
                self.events(&connection, &hub, &events)
                    .await
                    .map_err(|failure| failure.of(&binding))
            }
            Write::CosmosDb {
                binding,
                connection,
                database,
                container,
                create_with,
                documents,
            } => {
                let place = Place {
                    database: self.resolve(&binding, &database)?,
                    container: self.resolve(&binding, &container)?,
                    create_with,
                };
                self.documents(&connection, &place, &documents)
                    .await
                    .map_err(|failure| failure.of(&binding))
            }
            Write::Blob { binding, connection, path, content } => {
                let path = self.resolve(&binding, &path)?;
                let Some((container, name)) =
                    path.split_once('/').filter(|(_, name)| !name.is_empty())
                else {
                    return Err(WriteError::Path { binding, path });
                };
                let written = self.blob(&connection, container, name, content.into()).await;
                written.map_err(|failure| failure.of(&binding))
            }
        }
    }

    fn resolve(&self, binding: &str, text: &str) -> Result<String, WriteError> {
        let resolved = resolve(text, self.function, self.data, self.runner.faults.now());
        resolved.map_err(|token| OutputError::Path { binding: binding.to_owned(), token }.into())
    }

    async fn messages(
        &self,
        connection: &str,
        queue: &str,
        messages: &[Vec<u8>],
    ) -> Result<(), Failure> {
        let service = self.runner.connections.queues(connection)?;
        for message in messages {
            service
                .send_creating(queue, &self.runner.queues.message_encoding.encode(message))
                .await?;
        }
        if !messages.is_empty() {
            self.runner.watch.notify(queue);
        }
        Ok(())
    }

    async fn events(&self, connection: &str, hub: &str, events: &[Vec<u8>]) -> Result<(), Failure> {
        Ok(self.runner.connections.event_hub(connection, hub)?.publish(events).await?)
    }

    async fn documents(
        &self,
        connection: &str,
        place: &Place,
        documents: &[Value],
    ) -> Result<(), Failure> {
        if documents.is_empty() {
            return Ok(());
        }
        let account = self.runner.connections.cosmos_db(connection)?;
        if let Some(partition_key) = &place.create_with {
            account.create_container(&place.database, &place.container, partition_key).await?;
        }
        let container = account.container(&place.database, &place.container);
        let partition_key = container.partition_key_path().await?;
        for document in documents {
            container.upsert(&partition_of(document, &partition_key), document).await?;
        }
        Ok(())
    }

    async fn blob(
        &self,
        connection: &str,
        container: &str,
        name: &str,
        content: Bytes,
    ) -> Result<(), Failure> {
        Ok(self.runner.connections.blobs(connection)?.write(container, name, &content).await?)
    }
}

/// A container, and the partition key to create it with.
struct Place {
    database: String,
    container: String,
    create_with: Option<String>,
}

/// A failure that does not know its binding yet.
enum Failure {
    Connection(ConnectionError),
    Service(WireError),
}

impl Failure {
    fn of(self, binding: &str) -> WriteError {
        let binding = binding.to_owned();
        match self {
            Self::Connection(source) => WriteError::Connection { binding, source },
            Self::Service(source) => WriteError::Service { binding, source },
        }
    }
}

impl From<ConnectionError> for Failure {
    fn from(error: ConnectionError) -> Self {
        Self::Connection(error)
    }
}

impl From<WireError> for Failure {
    fn from(error: WireError) -> Self {
        Self::Service(error)
    }
}

/// A document's partition key as the header wants it: an array, with an object for "not there".
fn partition_of(document: &Value, path: &str) -> String {
    match document.pointer(path) {
        Some(value) => json_net::compact(&Value::Array(vec![value.clone()])),
        None => "[{}]".to_owned(),
    }
}
