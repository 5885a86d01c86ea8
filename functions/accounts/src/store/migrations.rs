//! What is brought into the form of today: the containers `accounts` and `migrations`, and the queue `accounts-migrate`.

use super::accounts::Accounts;
use super::documents::{in_todays_form, versions};
use crate::domain::Migration;
use azure_data::{
    Change, ChangeError, Container, Cosmos, CosmosFailure, Etag, Query, QueueSender, Storage,
    StorageFailure, WriteError,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::convert::Infallible;
use std::num::NonZeroU32;
use std::time::Duration;
use values::moment;

/// The form that documents get.
pub(crate) const TODAY: u32 = versions::TODAY;
/// The pause between two steps: with the documents of one it is the pace.
const PAUSE: Duration = Duration::from_secs(1);
/// What Cosmos DB adds to a document.
const SYSTEM: [&str; 5] = ["_rid", "_self", "_etag", "_attachments", "_ts"];

/// A message of the queue.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Step {
    pub(crate) migration: String,
    pub(crate) step: u64,
}

/// What became of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rewritten {
    Now,
    /// Somebody else wrote it meanwhile: it is looked at again if it needs to be.
    ByOthers,
    Unreadable,
}

#[derive(Debug)]
pub(crate) struct Migrations {
    container: Container,
    steps: QueueSender,
}

impl Migrations {
    pub(crate) fn new(cosmos: &Cosmos, storage: &Storage) -> Self {
        let steps = storage.queue_sender("accounts-migrate");
        Self { container: cosmos.container("migrations"), steps }
    }

    pub(crate) async fn create(&self, migration: &Migration) -> Result<(), WriteError> {
        self.container.create(&migration.id, &migration.id, migration).await.map(drop)
    }

    pub(crate) async fn read(&self, id: &str) -> Result<Option<Migration>, CosmosFailure> {
        Ok(self.container.read(id, id).await?.map(|kept| kept.value))
    }

    /// Stores what `next` makes of it, and answers with that; nothing is stored if it makes nothing of it.
    pub(crate) async fn change(
        &self,
        id: &str,
        next: impl Fn(&Migration) -> Option<Migration>,
    ) -> Result<Option<Migration>, ChangeError<Infallible>> {
        let decide = |kept: Option<&Migration>| {
            Ok(match kept.and_then(&next) {
                Some(next) => Change::Write(next.clone(), Some(next)),
                None => Change::Keep(None),
            })
        };
        self.container.change(id, id, decide).await
    }

    /// Asks for the next step.
    pub(crate) async fn ask(&self, migration: &Migration) -> Result<(), StorageFailure> {
        let step = Step { migration: migration.id.clone(), step: migration.step };
        self.steps.send_json_later(&step, PAUSE).await
    }

    /// Those that run and whose step counts as lost.
    pub(crate) async fn stuck(
        &self,
        now: Timestamp,
        most: NonZeroU32,
    ) -> Result<Vec<Migration>, CosmosFailure> {
        let text = "SELECT * FROM c WHERE c.state = 'running' AND c.dueAt <= @now";
        let query =
            Query::from(text).with_parameter("@now", moment::text(now)).expect("a string is JSON");
        self.container.query(query, most).await
    }
}

impl Accounts {
    /// At most `count` documents that have an older form, in no order.
    pub(crate) async fn outdated(&self, count: NonZeroU32) -> Result<Vec<Value>, CosmosFailure> {
        let text = format!(
            "SELECT TOP {count} * FROM c WHERE NOT IS_DEFINED(c.schemaVersion) \
             OR IS_NULL(c.schemaVersion) OR c.schemaVersion < {TODAY}"
        );
        self.container().query(Query::from(text), count).await
    }

    /// Writes a document in the form of today, if it is still the one that was read. What this release does not know stays
    /// in it.
    pub(crate) async fn rewrite(&self, document: &Value) -> Result<Rewritten, CosmosFailure> {
        let (partition, id) = name(document);
        let etag = document["_etag"].as_str().map(|etag| Etag::from(etag.to_owned()));
        let known = in_todays_form(document);
        let (Ok(mut today), Some(etag)) = (
            known.and_then(|_| versions::upcast(document.clone()).map_err(|e| e.to_string())),
            etag,
        ) else {
            return Ok(Rewritten::Unreadable);
        };
        if let Some(members) = today.as_object_mut() {
            members.retain(|name, _| !SYSTEM.contains(&name.as_str()));
        }
        match self.container().replace(partition, id, &today, &etag).await {
            Ok(_) => Ok(Rewritten::Now),
            Err(WriteError::Conflict) => Ok(Rewritten::ByOthers),
            Err(WriteError::Failed(failure)) => Err(failure),
        }
    }
}

fn name(document: &Value) -> (&str, &str) {
    let text = |name: &str| document[name].as_str().unwrap_or_default();
    (text("accountId"), text("id"))
}

/// How a document is named that cannot be read: its partition and its id.
pub(crate) fn named(document: &Value) -> String {
    let (partition, id) = name(document);
    format!("{partition}/{id}")
}
