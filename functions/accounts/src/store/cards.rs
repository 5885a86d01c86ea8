//! Cards of accounts.

use super::documents::{CardDocument, Document, card_id};
use super::tokens::CardPlace;
use crate::domain::{AccountId, Card, CardId, CardRefusal, Loss};
use azure_data::{
    Attempt, Change, ChangeError, Container, Cosmos, CosmosFailure, Query, WriteError,
    retry_conflicts,
};
use jiff::Timestamp;
use std::num::NonZeroU32;
use values::moment;

/// Most cards of one account that are shown.
pub(crate) const MAX_CARDS: NonZeroU32 = NonZeroU32::new(100).expect("not zero");

#[derive(Debug)]
pub(crate) struct Cards(Container);

impl Cards {
    pub(crate) fn new(cosmos: &Cosmos) -> Self {
        Self(cosmos.container("accounts").saying_writers())
    }

    /// Stores a new card, unless it is there: the card as it is.
    pub(crate) async fn add(&self, card: &Card) -> Result<Card, CosmosFailure> {
        let document = Document::<CardDocument>::from(card);
        match self.0.create(&card.account_id.to_string(), &document.id, &document).await {
            Ok(_) => Ok(card.clone()),
            Err(error) => match (self.read(card.account_id, card.id).await?, error) {
                (Some(there), _) => Ok(there),
                (None, WriteError::Conflict) => {
                    Err(CosmosFailure::no_answer("a card that is and is not there"))
                }
                (None, WriteError::Failed(failure)) => Err(failure),
            },
        }
    }

    pub(crate) async fn read(
        &self,
        account: AccountId,
        id: CardId,
    ) -> Result<Option<Card>, CosmosFailure> {
        let found =
            self.0.read::<Document<CardDocument>>(&account.to_string(), &card_id(id)).await?;
        Ok(found.map(|item| item.value.into()))
    }

    /// Applies `edit` to the card as it is when it is stored. `None`: there is no such card.
    pub(crate) async fn change<E>(
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
        self.0.change(&account.to_string(), &card_id(id), decide).await
    }

    /// Ends a card and orders the one that takes its place, in one batch; asked again, the one that has taken it.
    /// `None`: there is no such card.
    pub(crate) async fn replace(
        &self,
        place: CardPlace,
        (why, by, now): (Loss, CardId, Timestamp),
    ) -> Result<Option<Card>, ChangeError<CardRefusal>> {
        let CardPlace { account_id, card_id: id } = place;
        let what = format!("the card {id}");
        retry_conflicts(&what, async || {
            let (partition, old_id) = (account_id.to_string(), card_id(id));
            let Some(found) = self.0.read::<Document<CardDocument>>(&partition, &old_id).await?
            else {
                return Ok(None);
            };
            let old = Card::from(found.value);
            if let Some(next) = old.replaced_by {
                return Ok(self.read(account_id, next).await?);
            }
            let (ended, next) = old.replaced(why, by, now).map_err(Attempt::Refused)?;
            let (old, new) = (Document::from(&ended), Document::from(&next));
            let batch = self.0.batch(&partition).replace::<Document<CardDocument>>(
                &old_id,
                &old,
                &found.etag,
            );
            batch.create::<Document<CardDocument>>(&new).commit().await?;
            Ok(Some(next))
        })
        .await
    }

    /// The account's, the newest first; at most [`MAX_CARDS`].
    pub(crate) async fn of(&self, account: AccountId) -> Result<Vec<Card>, CosmosFailure> {
        let query = Query::from("SELECT * FROM c WHERE c.kind = 'card' ORDER BY c.id DESC");
        let found: Vec<Document<CardDocument>> =
            self.0.query_in(&account.to_string(), query, MAX_CARDS).await?;
        Ok(found.into_iter().map(Card::from).collect())
    }

    /// Cards of any account that were ordered before a time and that the processor has not answered for.
    pub(crate) async fn waiting_since(
        &self,
        before: Timestamp,
        most: NonZeroU32,
    ) -> Result<Vec<CardPlace>, CosmosFailure> {
        let text = "SELECT * FROM c WHERE c.kind = 'card' AND c.state = 'ordered' AND c.orderedAt < @before";
        let query = Query::from(text)
            .with_parameter("@before", moment::text(before))
            .expect("a string is JSON");
        let found: Vec<Document<CardDocument>> = self.0.query(query, most).await?;
        let place = |document: Document<CardDocument>| {
            let card = Card::from(document);
            CardPlace { account_id: card.account_id, card_id: card.id }
        };
        Ok(found.into_iter().map(place).collect())
    }
}
