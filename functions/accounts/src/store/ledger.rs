//! The heart: an account, a card, a hold and an entry, changed in one batch of one partition or not at all.

use super::documents::{
    ACCOUNT, AccountDocument, CardDocument, Document, EntryDocument, HoldDocument, Notice, card_id,
    entry_id, hold_id, notice_id,
};
use super::partitions::{Partitions, Write, retry};
use super::tokens::CardPlace;
use super::turns::Turns;
use crate::domain::{
    Account, AccountId, AuthorisationRequest, Books, Card, CardId, Decision, DeclineReason, Entry,
    Hold, NetworkEvent, NetworkId, Taken, decide,
};
use crate::figures;
use azure_data::{Attempt, ChangeError, Container, Cosmos, CosmosFailure, Etag, Exhausted, Item};
use serde::de::DeserializeOwned;
use values::Clock;

/// Why there is no answer. None of these is a decline: whether the money is there is not known.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LedgerError {
    #[error(transparent)]
    Busy(#[from] Exhausted),
    #[error("the decision took too long")]
    TooLate,
    #[error(transparent)]
    Failed(#[from] CosmosFailure),
}

/// What became of a fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Recorded {
    Now,
    /// The same message was taken before.
    Before,
}

#[derive(Debug)]
pub(crate) struct Ledger<C = Container> {
    pub(super) container: C,
    pub(super) turns: Turns,
}

/// Who pays: an account, with a card if there is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Payer {
    pub(crate) account_id: AccountId,
    pub(crate) card_id: Option<CardId>,
}

impl From<CardPlace> for Payer {
    fn from(CardPlace { account_id, card_id }: CardPlace) -> Self {
        Self { account_id, card_id: Some(card_id) }
    }
}

/// Books, and the versions that they are.
pub(super) struct Version {
    pub(super) books: Books,
    account: Etag,
    card: Option<Etag>,
    hold: Option<Etag>,
}

impl Ledger {
    pub(crate) fn new(cosmos: &Cosmos) -> Self {
        Self::of(cosmos.container("accounts").saying_writers())
    }
}

impl<C: Partitions> Ledger<C> {
    pub(crate) fn of(container: C) -> Self {
        Self { container, turns: Turns::new() }
    }

    /// Decides about an authorisation and keeps the decision. Asked again with the same message it gives the same
    /// answer, whatever has happened since.
    pub(crate) async fn decide(
        &self,
        place: CardPlace,
        request: &AuthorisationRequest,
        clock: &Clock,
    ) -> Result<Result<(), DeclineReason>, LedgerError> {
        let _turn = self.turns.take(place.account_id).await;
        let what = format!("the authorisation {}", request.id);
        let decide = async || self.try_deciding(place, request, clock).await;
        match retry(&self.container, &what, decide).await {
            Ok(answer) => Ok(answer),
            Err(ChangeError::Refused(reason)) => Ok(Err(reason)),
            Err(ChangeError::Exhausted(exhausted)) => Err(exhausted.into()),
            Err(ChangeError::Failed(failure)) => Err(failure.into()),
        }
    }

    async fn try_deciding(
        &self,
        place: CardPlace,
        request: &AuthorisationRequest,
        clock: &Clock,
    ) -> Result<Result<(), DeclineReason>, Attempt<DeclineReason>> {
        let authorisation = Some(request.authorisation());
        let Some(version) = self.read(place.into(), authorisation).await? else {
            return Err(Attempt::Refused(DeclineReason::UnknownCard));
        };
        let (answer, books) = match decide(version.books.clone(), request, clock.now()) {
            Decision::AsBefore(answer) => return Ok(answer),
            Decision::Approved { books } => (Ok(()), books),
            Decision::Declined { reason, books } => (Err(reason), books),
        };
        self.write(&version, &books, None, None).await?;
        figures::decided(answer);
        Ok(answer)
    }

    /// Takes a fact: once, however often it comes. `None`: there is no such card any more.
    pub(crate) async fn take(
        &self,
        place: CardPlace,
        event: &NetworkEvent,
        clock: &Clock,
    ) -> Result<Option<Recorded>, ChangeError<std::convert::Infallible>> {
        let _turn = self.turns.take(place.account_id).await;
        let what = format!("the message {}", event.id);
        retry(&self.container, &what, async || self.try_taking(place, event, clock).await).await
    }

    async fn try_taking<E>(
        &self,
        place: CardPlace,
        event: &NetworkEvent,
        clock: &Clock,
    ) -> Result<Option<Recorded>, Attempt<E>> {
        if self.was_taken(place, &event.id).await? {
            return Ok(Some(Recorded::Before));
        }
        let Some(version) = self.read(place.into(), event.fact.authorisation()).await? else {
            return Ok(None);
        };
        let Taken { books, entry } = version.books.clone().take(event, clock.now());
        let notice = entry.is_none().then(|| Document::notice(place.account_id, &event.id));
        self.write(&version, &books, entry.as_ref(), notice.as_ref()).await?;
        Ok(Some(Recorded::Now))
    }

    /// Releases what is left of a hold that is over; whether there was anything.
    pub(crate) async fn release(
        &self,
        payer: Payer,
        hold: &NetworkId,
        clock: &Clock,
    ) -> Result<bool, ChangeError<std::convert::Infallible>> {
        let _turn = self.turns.take(payer.account_id).await;
        let what = format!("the hold {hold}");
        let release = async || self.try_releasing(payer, hold, clock).await;
        retry(&self.container, &what, release).await
    }

    async fn try_releasing<E>(
        &self,
        payer: Payer,
        hold: &NetworkId,
        clock: &Clock,
    ) -> Result<bool, Attempt<E>> {
        let Some(version) = self.read(payer, Some(hold)).await? else { return Ok(false) };
        let Some(books) = version.books.clone().release(clock.now()) else { return Ok(false) };
        self.write(&version, &books, None, None).await?;
        Ok(true)
    }

    /// By the document that the message makes, of either kind.
    async fn was_taken(
        &self,
        place: CardPlace,
        message: &NetworkId,
    ) -> Result<bool, CosmosFailure> {
        let (account, ids) = (place.account_id, (entry_id(message), notice_id(message)));
        let entry = self.document::<Document<EntryDocument>>(account, Some(ids.0));
        let notice = self.document::<Document<Notice>>(account, Some(ids.1));
        let (entry, notice) = tokio::try_join!(entry, notice)?;
        Ok(entry.is_some() || notice.is_some())
    }

    /// `None`: there is no such account, or no such card.
    pub(super) async fn read(
        &self,
        payer: Payer,
        authorisation: Option<&NetworkId>,
    ) -> Result<Option<Version>, CosmosFailure> {
        let Payer { account_id, card_id: card } = payer;
        let (account, card, hold) = tokio::try_join!(
            self.document::<Document<AccountDocument>>(account_id, Some(ACCOUNT.to_owned())),
            self.document::<Document<CardDocument>>(account_id, card.map(card_id)),
            self.document::<Document<HoldDocument>>(account_id, authorisation.map(hold_id)),
        )?;
        let Some(account) = account else { return Ok(None) };
        let (card, card_etag) = card.map(|item| (Card::from(item.value), item.etag)).unzip();
        if card.is_none() && payer.card_id.is_some() {
            return Ok(None);
        }
        let (hold, hold_etag) = hold.map(|item| (Hold::from(item.value), item.etag)).unzip();
        let books = Books { account: Account::from(account.value), card, hold };
        Ok(Some(Version { books, account: account.etag, card: card_etag, hold: hold_etag }))
    }

    /// `None` also of no id.
    async fn document<T: DeserializeOwned>(
        &self,
        account: AccountId,
        id: Option<String>,
    ) -> Result<Option<Item<T>>, CosmosFailure> {
        let Some(id) = id else { return Ok(None) };
        self.container.read(&account.to_string(), &id).await
    }

    /// At most four operations, each on condition of the version that was read.
    pub(super) async fn write<E>(
        &self,
        version: &Version,
        books: &Books,
        entry: Option<&Entry>,
        notice: Option<&Document<Notice>>,
    ) -> Result<(), Attempt<E>> {
        let Books { account, card, hold } = books;
        let partition = account.id.to_string();
        let account_document = Document::<AccountDocument>::from(account);
        let mut writes = vec![Write::replace(ACCOUNT, &account_document, &version.account)];
        if let (Some(card), Some(etag)) = (card, &version.card) {
            let document = Document::<CardDocument>::from(card);
            writes.push(Write::replace(&document.id, &document, etag));
        }
        if let Some(hold) = hold {
            let document = Document::<HoldDocument>::of(account.id, hold);
            writes.push(match &version.hold {
                Some(etag) => Write::replace(&document.id, &document, etag),
                None => Write::create(&document),
            });
        }
        writes.extend(entry.map(|entry| Write::create(&Document::<EntryDocument>::from(entry))));
        writes.extend(notice.map(Write::create));
        // What is refused as a whole is decided anew; also what this very call wrote, and was not told of.
        self.container.commit(&partition, writes).await?;
        Ok(())
    }
}
