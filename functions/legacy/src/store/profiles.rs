//! The container `profiles`, which is another app's: this app may read it as its change feed does, and never writes it
//! (docs/legacy.md says why).

use super::with_text;
use crate::domain::{Change, ChangeDocument, ProfileId};
use azure_data::{ContainerReader, Cosmos, CosmosFailure, Query};
use serde::Deserialize;
use serde_json::Value;
use std::num::NonZeroU32;

#[derive(Debug)]
pub(crate) struct Profiles {
    container: ContainerReader,
}

/// The state of a profile now.
#[derive(Debug)]
pub(crate) enum Current {
    /// There is nothing to send: it never existed, is not registered yet, or its tombstone has expired.
    Nothing,
    Sendable(Box<Change>),
    /// Its document breaks the contract; where, without the value there.
    Broken(String),
}

#[derive(Deserialize)]
struct Id {
    id: String,
}

impl Current {
    /// Reads a document.
    pub(crate) fn of(document: Value) -> Self {
        match ChangeDocument::deserialize(&document) {
            Ok(read) => {
                read.into_change().map_or(Self::Nothing, |change| Self::Sendable(Box::new(change)))
            }
            Err(error) => Self::Broken(without_value(&error.to_string())),
        }
    }
}

/// serde quotes the value that does not fit; reasons go where people who may not see it read them.
fn without_value(problem: &str) -> String {
    let beginnings = ["invalid type", "invalid value", "unknown variant"];
    match beginnings.iter().find(|beginning| problem.starts_with(**beginning)) {
        Some(beginning) => {
            format!("{beginning}{}", problem.rfind(", expected ").map_or("", |at| &problem[at..]))
        }
        None => problem.to_owned(),
    }
}

impl Profiles {
    pub(crate) fn new(cosmos: &Cosmos) -> Self {
        Self { container: cosmos.reader("profiles", "profiles") }
    }

    pub(crate) async fn current(&self, id: &str) -> Result<Current, CosmosFailure> {
        let kept = self.container.read::<Value>(id, id).await?;
        Ok(kept.map_or(Current::Nothing, |kept| Current::of(kept.value)))
    }

    /// Profiles by id, the erased ones included.
    pub(crate) async fn ids(
        &self,
        after: Option<ProfileId>,
        most: NonZeroU32,
    ) -> Result<Vec<ProfileId>, CosmosFailure> {
        let text = format!(
            "SELECT TOP {most} c.id FROM c WHERE c.id > @after AND (c.state = 'active' OR c.state = 'erased') ORDER BY c.id"
        );
        let after = after.map(|id| id.to_string()).unwrap_or_default();
        let found: Vec<Id> =
            self.container.query(with_text(Query::from(text), "@after", &after), most).await?;
        // A document without a proper id is a dead letter already.
        Ok(found.iter().filter_map(|found| found.id.parse().ok()).collect())
    }
}
