//! Charges of merchants of our own: the account, the hold and the entry in one batch, as for cards, but without a card.

use super::documents::{Document, EntryDocument, entry_id};
use super::ledger::{Ledger, Payer};
use super::partitions::{Partitions, retry};
use crate::domain::{AccountId, ChargeOrder, ChargeRefusal, Entry, Hold, NetworkId, Taken};
use azure_data::{Attempt, ChangeError, CosmosFailure};
use money::Currency;
use values::Clock;

/// A charge as it is, and the currency of its account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Charged {
    pub(crate) hold: Hold,
    pub(crate) currency: Currency,
    /// Whether this has changed it.
    pub(crate) is_new: bool,
}

impl<C: Partitions> Ledger<C> {
    /// Does what is to be done about a charge: once, however often it is asked for. `None`: there is no such account.
    pub(crate) async fn charge(
        &self,
        (account, id): (AccountId, &NetworkId),
        order: &ChargeOrder,
        clock: &Clock,
    ) -> Result<Option<Charged>, ChangeError<ChargeRefusal>> {
        let _turn = self.turns.take(account).await;
        let what = format!("the charge {id}");
        let attempt = async || self.try_charging((account, id), order, clock).await;
        retry(&self.container, &what, attempt).await
    }

    async fn try_charging(
        &self,
        (account, id): (AccountId, &NetworkId),
        order: &ChargeOrder,
        clock: &Clock,
    ) -> Result<Option<Charged>, Attempt<ChargeRefusal>> {
        let before = self.refunded_before(account, order).await?;
        let payer = Payer { account_id: account, card_id: None };
        let Some(version) = self.read(payer, Some(id)).await? else { return Ok(None) };
        let currency = version.books.account.currency;
        let done = version.books.clone().charged(id, order, before.as_ref(), clock.now());
        let Some(Taken { books, entry }) = done.map_err(Attempt::Refused)? else {
            let hold = version.books.hold.ok_or(Attempt::Refused(ChargeRefusal::NoSuchCharge))?;
            return Ok(Some(Charged { hold, currency, is_new: false }));
        };
        self.write(&version, &books, entry.as_ref(), None).await?;
        let hold = books.hold.ok_or(Attempt::Refused(ChargeRefusal::NoSuchCharge))?;
        Ok(Some(Charged { hold, currency, is_new: true }))
    }

    /// The charge as it is. `None`: there is no such account, or none that was asked for or given up.
    pub(crate) async fn charge_now(
        &self,
        account: AccountId,
        id: &NetworkId,
    ) -> Result<Option<Charged>, CosmosFailure> {
        let payer = Payer { account_id: account, card_id: None };
        let found = self.read(payer, Some(id)).await?;
        Ok(found.and_then(|version| {
            let currency = version.books.account.currency;
            let hold = version.books.hold?;
            Some(Charged { hold, currency, is_new: false })
        }))
    }

    async fn refunded_before(
        &self,
        account: AccountId,
        order: &ChargeOrder,
    ) -> Result<Option<Entry>, CosmosFailure> {
        let ChargeOrder::Refund { id, .. } = order else { return Ok(None) };
        let partition = account.to_string();
        let found =
            self.container.read::<Document<EntryDocument>>(&partition, &entry_id(id)).await?;
        Ok(found.map(|item| Entry::from(item.value)))
    }
}
