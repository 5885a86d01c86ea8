//! Opening, reading and changing accounts.

use super::documents::{ACCOUNT, AccountDocument, Document, EntryDocument, LimitDocument};
use crate::domain::{Account, AccountId, Amount, Entry, LimitChange};
use azure_data::{
    Attempt, Change, ChangeError, Container, Cosmos, CosmosFailure, Query, Remembered, WriteError,
    retry_conflicts,
};
use jiff::Timestamp;
use money::Currency;
use serde::Deserialize;
use std::num::NonZeroU32;
use values::moment;

/// Why an account was not opened.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotOpened {
    /// There is another one under this id.
    #[error("it is there already, and another one")]
    Exists,
    #[error(transparent)]
    Failed(#[from] CosmosFailure),
}

/// What an account owes.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Owed {
    pub(crate) account_id: AccountId,
    pub(crate) currency: Currency,
    pub(crate) posted: Amount,
}

/// Accounts whose currency is remembered; at most twice as many.
const REMEMBERED: usize = 20_000;

#[derive(Debug)]
pub(crate) struct Accounts {
    container: Container,
    /// An account's currency never changes.
    currencies: Remembered<AccountId, Currency>,
}

impl Accounts {
    pub(crate) fn new(cosmos: &Cosmos) -> Self {
        let currencies = Remembered::new(REMEMBERED);
        Self { container: cosmos.container("accounts").saying_writers(), currencies }
    }

    pub(super) fn container(&self) -> &Container {
        &self.container
    }

    /// Asks Cosmos DB for a document that is not there: it answers, or it does not.
    pub(crate) async fn ping(&self) -> Result<(), CosmosFailure> {
        self.container.read::<serde::de::IgnoredAny>("ping", "ping").await.map(drop)
    }

    /// Stores a new account; done again with the same account it does nothing.
    pub(crate) async fn open(&self, account: &Account) -> Result<(), NotOpened> {
        let document = Document::<AccountDocument>::from(account);
        match self.container.create(&account.id.to_string(), ACCOUNT, &document).await {
            Ok(_) => Ok(()),
            Err(error) => match (self.read(account.id).await?, error) {
                (Some(there), _) if there.customer_id == account.customer_id => Ok(()),
                (_, WriteError::Conflict) => Err(NotOpened::Exists),
                (_, WriteError::Failed(failure)) => Err(failure.into()),
            },
        }
    }

    pub(crate) async fn read(&self, id: AccountId) -> Result<Option<Account>, CosmosFailure> {
        let found =
            self.container.read::<Document<AccountDocument>>(&id.to_string(), ACCOUNT).await?;
        Ok(found.map(|item| item.value.into()))
    }

    /// The account's currency. `None`: there is no such account.
    pub(crate) async fn currency(&self, id: AccountId) -> Result<Option<Currency>, CosmosFailure> {
        if let Some(known) = self.currencies.get(id) {
            return Ok(Some(known));
        }
        let currency = self.read(id).await?.map(|account| account.currency);
        if let Some(currency) = currency {
            self.currencies.put(id, currency);
        }
        Ok(currency)
    }

    /// Gives the account another limit, and keeps why: both or neither. `None`: there is no such account.
    pub(crate) async fn set_limit<E>(
        &self,
        id: AccountId,
        decide: impl Fn(&Account) -> Result<(Amount, LimitChange), E>,
    ) -> Result<Option<Account>, ChangeError<E>> {
        let what = format!("the limit of the account {id}");
        retry_conflicts(&what, async || {
            let partition = id.to_string();
            let found =
                self.container.read::<Document<AccountDocument>>(&partition, ACCOUNT).await?;
            let Some(found) = found else { return Ok(None) };
            let account = Account::from(found.value);
            let (limit, change) = decide(&account).map_err(Attempt::Refused)?;
            if limit == account.limit {
                return Ok(Some(account));
            }
            let account = Account { limit, ..account }.revised();
            let (document, why) = (Document::from(&account), Document::limit(&account, &change));
            let batch = self.container.batch(&partition);
            let batch = batch.replace::<Document<AccountDocument>>(ACCOUNT, &document, &found.etag);
            batch.create::<Document<LimitDocument>>(&why).commit().await?;
            Ok(Some(account))
        })
        .await
    }

    /// Applies `edit` to the account as it is when it is stored. `None`: there is no such account.
    pub(crate) async fn change<E>(
        &self,
        id: AccountId,
        edit: impl Fn(Account) -> Result<Account, E>,
    ) -> Result<Option<Account>, ChangeError<E>> {
        let decide = |now: Option<&Document<AccountDocument>>| {
            let Some(now) = now else { return Ok(Change::Keep(None)) };
            let current = Account::from(now.clone());
            let edited = edit(current.clone())?;
            Ok(if edited == current {
                Change::Keep(Some(current))
            } else {
                Change::Write(Document::from(&edited), Some(edited))
            })
        };
        self.container.change(&id.to_string(), ACCOUNT, decide).await
    }

    /// What accounts owe, in the order of their ids: at most `count` after the one given.
    pub(crate) async fn owed(
        &self,
        after: Option<AccountId>,
        count: NonZeroU32,
    ) -> Result<Vec<Owed>, CosmosFailure> {
        let text = format!(
            "SELECT TOP {count} c.accountId, c.currency, c.posted FROM c \
             WHERE c.kind = 'account' AND c.accountId > @after ORDER BY c.accountId"
        );
        let after = after.map(|id| id.to_string()).unwrap_or_default();
        let query = Query::from(text).with_parameter("@after", after).expect("a string is JSON");
        self.container.query(query, count).await
    }

    /// Entries of all accounts that were posted at a time or later, in no order, at most `count` of them.
    pub(crate) async fn entries_since(
        &self,
        since: Timestamp,
        count: NonZeroU32,
    ) -> Result<Vec<Entry>, CosmosFailure> {
        let text = "SELECT * FROM c WHERE c.kind = 'entry' AND c.postedAt >= @since";
        let query = Query::from(text)
            .with_parameter("@since", moment::text(since))
            .expect("a string is JSON");
        let found: Vec<Document<EntryDocument>> = self.container.query(query, count).await?;
        Ok(found.into_iter().map(Entry::from).collect())
    }
}
