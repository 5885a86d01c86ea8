//! How fast mails go, for all instances together: one document of the container `pace`.

use crate::domain::MailPace;
use azure_data::{Change, ChangeError, Container, Cosmos};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::convert::Infallible;

const MAILS: &str = "mails";

#[derive(Debug)]
pub(crate) struct PaceStore(Container);

/// Until when the bucket is spent, exactly: at a fast pace a token is worth less than a millisecond.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct PaceDocument {
    id: String,
    schema_version: u32,
    spent_until: Timestamp,
}

impl PaceStore {
    pub(crate) fn new(cosmos: &Cosmos) -> Self {
        Self(cosmos.container("pace"))
    }

    /// Takes the slots of so many mails, in one write. What was taken by a write whose answer was lost is lost.
    pub(crate) async fn take(
        &self,
        pace: MailPace,
        count: usize,
        now: Timestamp,
    ) -> Result<Vec<Timestamp>, ChangeError<Infallible>> {
        let decide = |document: Option<&PaceDocument>| {
            let spent = document.map(|document| document.spent_until);
            let (slots, spent_until) = pace.take(spent, count, now);
            let document = PaceDocument { id: MAILS.to_owned(), schema_version: 1, spent_until };
            Ok(Change::Write(document, slots))
        };
        self.0.change(MAILS, MAILS, decide).await
    }
}
