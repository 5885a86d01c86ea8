//! Posting payments: a payment and its account in one batch.

use super::documents::{ACCOUNT, AccountDocument, Document, EntryDocument, payment_id};
use super::ledger::{Ledger, Recorded};
use crate::domain::{Account, AccountId, Entry, NetworkId, Payment};
use azure_data::{Attempt, ChangeError, Item, retry_conflicts};
use values::Clock;

/// Why a payment is not posted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NotPosted<E> {
    #[error("there is no such account")]
    NoAccount,
    #[error("the line came before with another amount: ask the bank which one is right")]
    OtherAmount,
    #[error("{0}")]
    Refused(E),
}

impl Ledger {
    /// Posts a payment, once for each id. `of` reads the line in the account's currency.
    pub(crate) async fn pay<E>(
        &self,
        (account, id): (AccountId, &NetworkId),
        of: impl Fn(&Account) -> Result<Payment, E>,
        clock: &Clock,
    ) -> Result<Recorded, ChangeError<NotPosted<E>>> {
        let _turn = self.turns.take(account).await;
        let what = format!("a payment of the account {account}");
        retry_conflicts(&what, async || self.try_paying((account, id), &of, clock).await).await
    }

    async fn try_paying<E>(
        &self,
        (account, id): (AccountId, &NetworkId),
        of: &impl Fn(&Account) -> Result<Payment, E>,
        clock: &Clock,
    ) -> Result<Recorded, Attempt<NotPosted<E>>> {
        let (partition, id) = (account.to_string(), payment_id(id));
        let found = self.container.read::<Document<AccountDocument>>(&partition, ACCOUNT);
        let before = self.container.read::<Document<EntryDocument>>(&partition, &id);
        let (found, before) = tokio::try_join!(found, before)?;
        let Some(Item { value, etag }) = found else {
            return Err(Attempt::Refused(NotPosted::NoAccount));
        };
        let account = Account::from(value);
        let payment = of(&account).map_err(|error| Attempt::Refused(NotPosted::Refused(error)))?;
        if let Some(before) = before {
            let is_same = Entry::from(before.value).owed() == -payment.amount;
            return if is_same {
                Ok(Recorded::Before)
            } else {
                Err(Attempt::Refused(NotPosted::OtherAmount))
            };
        }
        let (account, entry) = payment.post(account, clock.now());
        let document = Document::<AccountDocument>::from(&account);
        let batch = self.container.batch(&partition).replace(ACCOUNT, &document, &etag);
        batch.create(&Document::<EntryDocument>::from(&entry)).commit().await?;
        Ok(Recorded::Now)
    }
}
