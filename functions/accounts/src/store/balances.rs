//! The general ledger: the container `ledger-balances`, partitioned by ledger account, currency and month. A balance and
//! a note for each entry that it has lie in one partition and are written in one batch, so that an entry is added once
//! however often it comes, and whoever brings it.

use super::documents::{AppliedDocument, BALANCE, BalanceDocument, applied_id};
use super::partitions::{Partitions, Write, retry};
use crate::domain::{Balance, BalanceKey, Entry, Part, parts};
use azure_data::{
    Attempt, ChangeError, Container, Cosmos, CosmosFailure, Item, MAX_BATCH_OPERATIONS, Query,
};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::num::NonZeroU32;

/// Entries that are added at a time: with the balance that is a whole batch, so that the one balance that every
/// purchase of a currency is part of is written once for so many of them.
pub(crate) const MAX_AT_ONCE: usize = MAX_BATCH_OPERATIONS - 1;
/// Most balances: ledger accounts, currencies and months.
const MAX_BALANCES: NonZeroU32 = NonZeroU32::new(20_000).expect("not zero");

/// Why entries were not added. Some of them may have been; doing it again adds the rest.
pub(crate) type NotApplied = ChangeError<Infallible>;

#[derive(Debug)]
pub(crate) struct Balances<C = Container>(C);

impl Balances {
    pub(crate) fn new(cosmos: &Cosmos) -> Self {
        Self(cosmos.container("ledger-balances"))
    }

    /// Every balance of every month.
    pub(crate) async fn all(&self) -> Result<Vec<Balance>, CosmosFailure> {
        let query = Query::from("SELECT * FROM c WHERE c.kind = 'balance'");
        let found: Vec<BalanceDocument> = self.0.query(query, MAX_BALANCES).await?;
        Ok(found.into_iter().map(Balance::from).collect())
    }
}

impl<C: Partitions> Balances<C> {
    #[cfg(test)]
    pub(crate) fn of(container: C) -> Self {
        Self(container)
    }

    /// Adds entries to the balances that they are part of, unless they have been; how many parts were new. What customers
    /// owe first.
    pub(crate) async fn apply(&self, entries: &[Entry]) -> Result<usize, NotApplied> {
        let mut added = 0;
        for (key, parts) in parts(entries) {
            for parts in parts.chunks(MAX_AT_ONCE) {
                added += self.add(&key, parts).await?;
            }
        }
        Ok(added)
    }

    async fn add(&self, key: &BalanceKey, parts: &[Part]) -> Result<usize, NotApplied> {
        let what = format!("the balance {key}");
        retry(&self.0, &what, async || self.try_adding(key, parts).await).await
    }

    async fn try_adding<E>(&self, key: &BalanceKey, parts: &[Part]) -> Result<usize, Attempt<E>> {
        let partition = key.to_string();
        // A note that an old read misses is in the way of the batch, and so is a balance that is not the newest.
        let balance = self.0.read::<BalanceDocument>(&partition, BALANCE).await?;
        let fresh = self.not_applied(key, parts).await?;
        if fresh.is_empty() {
            return Ok(0);
        }
        let mut sum = balance.as_ref().map_or_else(
            || Balance::new(key.clone()),
            |Item { value, .. }| Balance::from(value.clone()),
        );
        fresh.iter().for_each(|part| sum.add(part));
        let document = BalanceDocument::from(&sum);
        let mut writes = vec![match &balance {
            Some(item) => Write::replace(BALANCE, &document, &item.etag),
            None => Write::create(&document),
        }];
        writes.extend(fresh.iter().map(|part| Write::create(&AppliedDocument::new(key, part))));
        self.0.commit(&partition, writes).await?;
        Ok(fresh.len())
    }

    /// Those of the parts, at most [`MAX_AT_ONCE`], that the balance does not have.
    pub(crate) async fn not_applied(
        &self,
        key: &BalanceKey,
        parts: &[Part],
    ) -> Result<Vec<Part>, CosmosFailure> {
        let ids: Vec<String> = parts.iter().map(applied_id).collect();
        let found = self.0.read_many(&key.to_string(), &ids).await?;
        // What is there under the id counts, whether it can be read or not.
        let known: BTreeMap<&str, &Value> =
            found.iter().filter_map(|note| Some((note["id"].as_str()?, &note["amount"]))).collect();
        let mut fresh = Vec::new();
        for (id, part) in ids.iter().zip(parts) {
            match known.get(id.as_str()) {
                None => fresh.push(part.clone()),
                Some(amount) if **amount == json!(part.amount) => {}
                Some(_) => tracing::error!(
                    alarm = "ledger-differs", balance = %key, account = %part.account_id,
                    entry = %part.entry_id, "an entry is not what was added to the ledger"
                ),
            }
        }
        Ok(fresh)
    }
}
