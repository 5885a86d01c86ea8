//! What was posted to an account, and what is held of it: one list, newest first.

use super::documents::{
    Document, EntryDocument, HoldDocument, entry_id, hold_id, order, payment_id,
};
use crate::domain::{AccountId, BANK, CardId, Entry, Hold, NetworkId, Transaction};
use azure_data::{Container, Cosmos, CosmosFailure, Query};
use jiff::Timestamp;
use serde::Deserialize;
use std::num::NonZeroU32;
use values::moment;

/// After every moment there is.
const END_OF_TIME: &str = "9999-12-31T23:59:59.999Z";

/// Which transactions are wanted.
#[derive(Debug, Default)]
pub(crate) struct Wanted {
    /// Not before this.
    pub(crate) from: Option<Timestamp>,
    /// Before this.
    pub(crate) to: Option<Timestamp>,
    pub(crate) card: Option<CardId>,
    pub(crate) state: Option<ListedState>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ListedState {
    Posted,
    Pending,
}

#[derive(Debug)]
pub(crate) struct Transactions(Container);

#[derive(Deserialize)]
#[serde(untagged)]
enum Listed {
    Entry(Document<EntryDocument>),
    Hold(Document<HoldDocument>),
}

impl From<Listed> for Transaction {
    fn from(listed: Listed) -> Self {
        match listed {
            Listed::Entry(document) => Self::Posted(Entry::from(document)),
            Listed::Hold(document) => Self::Pending(Box::new(Hold::from(document))),
        }
    }
}

impl Transactions {
    pub(crate) fn new(cosmos: &Cosmos) -> Self {
        Self(cosmos.container("accounts"))
    }

    /// At most `count` of those that stand after `after`, which is a [`position`](Self::position).
    pub(crate) async fn list(
        &self,
        account: AccountId,
        wanted: &Wanted,
        after: Option<&str>,
        count: NonZeroU32,
    ) -> Result<Vec<Transaction>, CosmosFailure> {
        let query = Query::from(text(wanted))
            .with_parameter("@from", wanted.from.map(moment::text).unwrap_or_default())
            .and_then(|query| {
                query.with_parameter("@to", wanted.to.map_or(END_OF_TIME.to_owned(), moment::text))
            })
            .and_then(|query| query.with_parameter("@after", after.unwrap_or(END_OF_TIME)))
            .and_then(|query| {
                query.with_parameter("@card", wanted.card.map(|card| card.to_string()))
            })
            .expect("a string is JSON");
        let found: Vec<Listed> = self.0.query_in(&account.to_string(), query, count).await?;
        Ok(found.into_iter().map(Transaction::from).collect())
    }

    /// Where a transaction stands in the list.
    pub(crate) fn position(transaction: &Transaction) -> String {
        let id = match transaction {
            Transaction::Posted(entry) => &entry.id,
            Transaction::Pending(hold) => &hold.id,
        };
        order(transaction.at(), id.as_str())
    }

    /// What was posted under an id, or else what was held under it.
    pub(crate) async fn find(
        &self,
        account: AccountId,
        id: &NetworkId,
    ) -> Result<Option<Transaction>, CosmosFailure> {
        let (partition, entry, hold) = (account.to_string(), posted_id(id), hold_id(id));
        let entry = self.0.read::<Document<EntryDocument>>(&partition, &entry);
        let hold = self.0.read::<Document<HoldDocument>>(&partition, &hold);
        let (entry, hold) = tokio::try_join!(entry, hold)?;
        let posted = entry.map(|item| Transaction::Posted(item.value.into()));
        Ok(posted.or_else(|| hold.map(|item| Transaction::Pending(Box::new(item.value.into())))))
    }
}

fn posted_id(id: &NetworkId) -> String {
    if id.as_str().starts_with(BANK) { payment_id(id) } else { entry_id(id) }
}

fn text(wanted: &Wanted) -> String {
    let state = match wanted.state {
        Some(ListedState::Posted) => "c.kind = 'entry'",
        Some(ListedState::Pending) => "c.kind = 'hold' AND c.remaining > 0",
        None => "(c.kind = 'entry' OR (c.kind = 'hold' AND c.remaining > 0))",
    };
    let card = if wanted.card.is_some() { "AND c.cardId = @card" } else { "" };
    format!(
        "SELECT * FROM c WHERE {state} AND c[\"order\"] < @after AND c[\"order\"] >= @from \
         AND c[\"order\"] < @to {card} ORDER BY c[\"order\"] DESC"
    )
}
