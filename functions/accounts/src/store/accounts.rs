//! Opening, reading and changing accounts and cards.

use super::documents::{ACCOUNT, AccountDocument, CardDocument, Document, EntryDocument, entry_id};
use crate::domain::{Account, AccountId, Card, CardId, Entry};
use azure_data::{Change, ChangeError, Container, Cosmos, CosmosFailure, Query, WriteError};
use serde::{Deserialize, Serialize};
use std::num::NonZeroU32;
use values::moment;

/// Most cards of one account.
pub(crate) const MAX_CARDS: NonZeroU32 = NonZeroU32::new(100).expect("not zero");

/// Why an account was not opened, or a card not added.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotOpened {
    /// There is another one under this id.
    #[error("it is there already, and another one")]
    Exists,
    #[error(transparent)]
    Failed(#[from] CosmosFailure),
}

/// Where a page of transactions ends: newest first, by time and id.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Position(String, String);

impl Position {
    pub(crate) fn of(entry: &Entry) -> Self {
        Self(moment::text(entry.posted_at), entry_id(&entry.id))
    }
}

#[derive(Debug)]
pub(crate) struct Accounts(Container);

impl Accounts {
    pub(crate) fn new(cosmos: &Cosmos) -> Self {
        Self(cosmos.container("accounts"))
    }

    /// Asks Cosmos DB for a document that is not there: it answers, or it does not.
    pub(crate) async fn ping(&self) -> Result<(), CosmosFailure> {
        self.0.read::<serde::de::IgnoredAny>("ping", "ping").await.map(drop)
    }

    /// Stores a new account; done again with the same account it does nothing.
    pub(crate) async fn open(&self, account: &Account) -> Result<(), NotOpened> {
        let document = Document::<AccountDocument>::from(account);
        match self.0.create(&account.id.to_string(), ACCOUNT, &document).await {
            Ok(_) => Ok(()),
            Err(error) => match (self.read(account.id).await?, error) {
                (Some(there), _) if there.customer_id == account.customer_id => Ok(()),
                (_, WriteError::Conflict) => Err(NotOpened::Exists),
                (_, WriteError::Failed(failure)) => Err(failure.into()),
            },
        }
    }

    pub(crate) async fn read(&self, id: AccountId) -> Result<Option<Account>, CosmosFailure> {
        let found = self.0.read::<Document<AccountDocument>>(&id.to_string(), ACCOUNT).await?;
        Ok(found.map(|item| item.value.into()))
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
        self.0.change(&id.to_string(), ACCOUNT, decide).await
    }

    /// Stores a new card, unless it is there: the card as it is.
    pub(crate) async fn add_card(&self, card: &Card) -> Result<Card, CosmosFailure> {
        let document = Document::<CardDocument>::from(card);
        match self.0.create(&card.account_id.to_string(), &document.id, &document).await {
            Ok(_) => Ok(card.clone()),
            Err(error) => match (self.card(card.account_id, card.id).await?, error) {
                (Some(there), _) => Ok(there),
                (None, WriteError::Conflict) => Ok(card.clone()),
                (None, WriteError::Failed(failure)) => Err(failure),
            },
        }
    }

    pub(crate) async fn card(
        &self,
        account: AccountId,
        id: CardId,
    ) -> Result<Option<Card>, CosmosFailure> {
        let id = super::documents::card_id(id);
        let found = self.0.read::<Document<CardDocument>>(&account.to_string(), &id).await?;
        Ok(found.map(|item| item.value.into()))
    }

    /// Applies `edit` to the card as it is when it is stored. `None`: there is no such card.
    pub(crate) async fn change_card<E>(
        &self,
        account: AccountId,
        id: CardId,
        edit: impl Fn(Card) -> Result<Card, E>,
    ) -> Result<Option<Card>, ChangeError<E>> {
        let decide = |now: Option<&Document<CardDocument>>| {
            let Some(now) = now else { return Ok(Change::Keep(None)) };
            let current = Card::from(now.clone());
            let edited = edit(current.clone())?;
            Ok(if edited == current {
                Change::Keep(Some(current))
            } else {
                Change::Write(Document::from(&edited), Some(edited))
            })
        };
        self.0.change(&account.to_string(), &super::documents::card_id(id), decide).await
    }

    /// The account's cards, in the order in which they were added.
    pub(crate) async fn cards(&self, id: AccountId) -> Result<Vec<Card>, CosmosFailure> {
        let query = Query::from("SELECT * FROM c WHERE c.kind = 'card' ORDER BY c.id");
        let found: Vec<Document<CardDocument>> =
            self.0.query_in(&id.to_string(), query, MAX_CARDS).await?;
        Ok(found.into_iter().map(Card::from).collect())
    }

    /// At most `count` entries that were posted before the one given, newest first.
    pub(crate) async fn entries(
        &self,
        id: AccountId,
        before: Option<&Position>,
        count: NonZeroU32,
    ) -> Result<Vec<Entry>, CosmosFailure> {
        let text = "SELECT * FROM c WHERE c.kind = 'entry' AND \
                    (@at = '' OR c.postedAt < @at OR (c.postedAt = @at AND c.id < @id)) \
                    ORDER BY c.postedAt DESC, c.id DESC";
        let Position(at, last) = before.cloned().unwrap_or_default();
        let query = Query::from(text)
            .with_parameter("@at", at)
            .and_then(|query| query.with_parameter("@id", last))
            .expect("a string is JSON");
        let found: Vec<Document<EntryDocument>> =
            self.0.query_in(&id.to_string(), query, count).await?;
        Ok(found.into_iter().map(Entry::from).collect())
    }
}
