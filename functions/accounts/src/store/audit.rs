//! What is looked at from time to time: holds that are over, and whether accounts are what their documents come to.

use super::accounts::Accounts;
use super::documents::{ACCOUNT, AccountDocument, Document};
use super::ledger::Payer;
use crate::domain::{Account, AccountId, Amount, CardId, NetworkId};
use azure_data::{CosmosFailure, Query};
use jiff::Timestamp;
use serde::Deserialize;
use std::num::NonZeroU32;
use values::moment;

/// How often an account is read that changes while it is looked at.
const LOOKS: usize = 3;

/// A hold that is over, and of which something is held.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DueHold {
    pub(crate) account_id: AccountId,
    /// None: a merchant of our own holds it.
    #[serde(default)]
    pub(crate) card_id: Option<CardId>,
    pub(crate) authorisation: NetworkId,
    pub(crate) expires_at: Timestamp,
}

impl DueHold {
    pub(crate) fn payer(&self) -> Payer {
        Payer { account_id: self.account_id, card_id: self.card_id }
    }
}

/// What an account says, and what its documents come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Audited {
    pub(crate) posted: Amount,
    pub(crate) entries: Amount,
    pub(crate) held: Amount,
    pub(crate) holds: Amount,
}

impl Audited {
    pub(crate) fn fits(&self) -> bool {
        self.posted == self.entries && self.held == self.holds
    }
}

impl Accounts {
    /// At most `count` holds that are over, the longest first.
    pub(crate) async fn due_holds(
        &self,
        now: Timestamp,
        count: NonZeroU32,
    ) -> Result<Vec<DueHold>, CosmosFailure> {
        let text = format!(
            "SELECT TOP {count} c.accountId, c.cardId, c.authorisation, c.expiresAt FROM c \
             WHERE c.kind = 'hold' AND c.remaining > 0 AND c.expiresAt <= @now ORDER BY c.expiresAt"
        );
        let query =
            Query::from(text).with_parameter("@now", moment::text(now)).expect("a string is JSON");
        self.container().query(query, count).await
    }

    /// Holds an account against its holds and entries, as they are at one moment. `None`: there is no such account, or it
    /// changed each time.
    pub(crate) async fn audit(&self, id: AccountId) -> Result<Option<Audited>, CosmosFailure> {
        let partition = id.to_string();
        for _ in 0..LOOKS {
            let before = self.container().read::<Document<AccountDocument>>(&partition, ACCOUNT);
            let Some(before) = before.await? else { return Ok(None) };
            let holds =
                self.sum(&partition, "SELECT VALUE SUM(c.remaining) FROM c WHERE c.kind = 'hold'");
            let entries = self.sum(
                &partition,
                "SELECT VALUE SUM(part.amount) FROM c JOIN part IN c.postings \
                 WHERE c.kind = 'entry' AND part.ledgerAccount = 'receivables'",
            );
            let (holds, entries) = tokio::try_join!(holds, entries)?;
            let after = self.container().read::<Document<AccountDocument>>(&partition, ACCOUNT);
            // Whatever changes a hold or posts an entry writes the account in the same batch.
            if after.await?.is_some_and(|after| after.etag == before.etag) {
                let Account { posted, held, .. } = before.value.into();
                return Ok(Some(Audited { posted, entries, held, holds }));
            }
        }
        Ok(None)
    }

    async fn sum(&self, partition: &str, query: &'static str) -> Result<Amount, CosmosFailure> {
        let query = Query::from(query);
        // The sum of nothing is null.
        let sums: Vec<Option<Amount>> =
            self.container().query_in(partition, query, NonZeroU32::MIN).await?;
        Ok(sums.into_iter().flatten().sum())
    }
}
