//! Statements of accounts: closed in one batch with the account, which every posting writes too. So what is posted is in
//! the statement or after it, whoever comes first.

use super::documents::{
    ACCOUNT, AccountDocument, Document, EntryDocument, StatementDocument, statement_id,
};
use super::ledger::Ledger;
use crate::domain::{Account, AccountId, Entry, Period, Statement, Tally};
use azure_data::{
    Attempt, ChangeError, Container, Cosmos, CosmosFailure, Item, Query, retry_conflicts,
};
use jiff::Timestamp;
use serde::Deserialize;
use std::convert::Infallible;
use std::num::NonZeroU32;
use values::moment;

/// Entries that are read at a time.
const ENTRIES_AT_A_TIME: NonZeroU32 = NonZeroU32::new(1_000).expect("not zero");

#[derive(Debug)]
pub(crate) struct Statements(Container);

/// An account whose period has ended.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DueStatement {
    pub(crate) account_id: AccountId,
    /// None: an older release wrote the account.
    #[serde(default)]
    pub(crate) closes_at: Option<Timestamp>,
}

impl Statements {
    pub(crate) fn new(cosmos: &Cosmos) -> Self {
        Self(cosmos.container("accounts").saying_writers())
    }

    /// At most so many accounts whose periods have ended.
    pub(crate) async fn due(
        &self,
        now: Timestamp,
        most: NonZeroU32,
    ) -> Result<Vec<DueStatement>, CosmosFailure> {
        let text = "SELECT c.accountId, c.closesAt FROM c WHERE c.kind = 'account' \
                    AND (c.closesAt <= @now OR NOT IS_DEFINED(c.closesAt))";
        let query =
            Query::from(text).with_parameter("@now", moment::text(now)).expect("a string is JSON");
        self.0.query(query, most).await
    }

    pub(crate) async fn read(
        &self,
        account: AccountId,
        period: Period,
    ) -> Result<Option<Statement>, CosmosFailure> {
        let id = statement_id(period);
        let found = self.0.read::<Document<StatementDocument>>(&account.to_string(), &id).await?;
        Ok(found.map(|item| item.value.into()))
    }

    /// The account's newest: what its invoice is.
    pub(crate) async fn latest(
        &self,
        account: &Account,
    ) -> Result<Option<Statement>, CosmosFailure> {
        match account.cycle.last() {
            Some(period) => self.read(account.id, period).await,
            None => Ok(None),
        }
    }

    /// At most `count` before the period given, newest first.
    pub(crate) async fn list(
        &self,
        account: AccountId,
        before: Option<Period>,
        count: NonZeroU32,
    ) -> Result<Vec<Statement>, CosmosFailure> {
        let text =
            "SELECT * FROM c WHERE c.kind = 'statement' AND c.id < @before ORDER BY c.id DESC";
        // Behind all periods there are.
        let before = before.map_or_else(|| "statement:~".to_owned(), statement_id);
        let query = Query::from(text).with_parameter("@before", before).expect("a string is JSON");
        let found: Vec<Document<StatementDocument>> =
            self.0.query_in(&account.to_string(), query, count).await?;
        Ok(found.into_iter().map(Statement::from).collect())
    }
}

impl Ledger {
    /// Closes the account's period, if that has ended. `None`: it has not, or needs no statement.
    pub(crate) async fn close(
        &self,
        id: AccountId,
        now: Timestamp,
    ) -> Result<Option<Statement>, ChangeError<Infallible>> {
        let _turn = self.turns.take(id).await;
        retry_conflicts(&format!("closing a period of the account {id}"), async || {
            self.try_closing(id, now).await
        })
        .await
    }

    async fn try_closing(
        &self,
        id: AccountId,
        now: Timestamp,
    ) -> Result<Option<Statement>, Attempt<Infallible>> {
        let partition = id.to_string();
        let found = self.container.read::<Document<AccountDocument>>(&partition, ACCOUNT).await?;
        let Some(Item { value, etag }) = found else { return Ok(None) };
        let account = Account::from(value);
        if account.cycle.ends_at > now || !account.has_statements() {
            return Ok(None);
        }
        // An old read is no conflict that passes by itself, but a newer read is had the same way.
        let tally = self.tally(&account).await?;
        let (account, statement) = tally.close(&account, now).ok_or(Attempt::Conflict)?;
        let document = Document::<AccountDocument>::from(&account);
        let batch = self.container.batch(&partition).replace(ACCOUNT, &document, &etag);
        batch.create(&Document::<StatementDocument>::from(&statement)).commit().await?;
        Ok(Some(statement))
    }

    /// All entries that no statement has.
    async fn tally(&self, account: &Account) -> Result<Tally, CosmosFailure> {
        let text = "SELECT * FROM c WHERE c.kind = 'entry' AND c[\"order\"] > @after ORDER BY c[\"order\"]";
        let mut tally = Tally::default();
        let mut after = moment::text(account.cycle.since);
        loop {
            let query =
                Query::from(text).with_parameter("@after", &after).expect("a string is JSON");
            let page: Vec<Document<EntryDocument>> =
                self.container.query_in(&account.id.to_string(), query, ENTRIES_AT_A_TIME).await?;
            let is_last = page.len() < ENTRIES_AT_A_TIME.get() as usize;
            if let Some(last) = page.last() {
                after.clone_from(last.content.order());
            }
            for entry in page.into_iter().map(Entry::from) {
                tally.add(&account.cycle, &entry);
            }
            if is_last {
                return Ok(tally);
            }
        }
    }
}
