//! Statistics: the container `statistics`. What is told there is nobody's; beside it lies the working paper of the month
//! that is being counted.

use crate::domain::{Cell, Tally};
use azure_data::{Change, ChangeError, Container, Cosmos, CosmosFailure, WriteError};
use serde::{Deserialize, Serialize};
use std::convert::Infallible;

/// How long the mark lies that a month was told.
const MARK_TTL_S: u32 = 400 * 24 * 60 * 60;

/// How far the counting of a month has come. Its counts and where it goes on are written together, so that nothing is
/// counted twice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Paper {
    id: String,
    cell: String,
    /// The id of the last assessment that was counted.
    pub(crate) after: Option<String>,
    pub(crate) tally: Tally,
    /// All of the month is told; nothing of the paper is left.
    pub(crate) told: bool,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    ttl: Option<u32>,
}

/// A cell that may be told, for ever.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct CellDocument {
    id: String,
    cell: String,
    #[serde(flatten)]
    of: Cell,
    results: u64,
}

#[derive(Debug)]
pub(crate) struct Statistics(Container);

impl Statistics {
    pub(crate) fn new(cosmos: &Cosmos) -> Self {
        Self(cosmos.container("statistics"))
    }

    /// The paper of a month.
    pub(crate) async fn paper(&self, month: &str) -> Result<Paper, CosmosFailure> {
        let id = paper_id(month);
        let found = self.0.read::<Paper>(&id, &id).await?;
        Ok(found.map_or_else(|| Paper::new(month), |item| item.value))
    }

    /// Writes how far it has come, if nobody else did meanwhile; `false` if somebody did.
    pub(crate) async fn keep(
        &self,
        before: &Paper,
        now: &Paper,
    ) -> Result<bool, ChangeError<Infallible>> {
        let keep = |current: Option<&Paper>| {
            let fresh =
                Paper { tally: Tally::default(), after: None, told: false, ..before.clone() };
            Ok(if current.unwrap_or(&fresh) == before {
                Change::Write(now.clone(), true)
            } else {
                // One's own write whose answer was lost is no other's.
                Change::Keep(current == Some(now))
            })
        };
        self.0.change(&before.id, &before.id, keep).await
    }

    /// Writes a cell that may be told; one that is there stays.
    pub(crate) async fn tell(&self, cell: &Cell, results: u64) -> Result<(), CosmosFailure> {
        let name = cell.name();
        let document =
            CellDocument { id: name.clone(), cell: name.clone(), of: cell.clone(), results };
        match self.0.create(&name, &name, &document).await {
            Ok(_) | Err(WriteError::Conflict) => Ok(()),
            Err(WriteError::Failed(failure)) => Err(failure),
        }
    }
}

impl Paper {
    fn new(month: &str) -> Self {
        let id = paper_id(month);
        let (after, tally) = (None, Tally::default());
        Self { id: id.clone(), cell: id, after, tally, told: false, ttl: None }
    }

    /// The month is told: only that is left.
    pub(crate) fn done(self) -> Self {
        Self { after: None, tally: Tally::default(), told: true, ttl: Some(MARK_TTL_S), ..self }
    }
}

fn paper_id(month: &str) -> String {
    format!("paper.{month}")
}
