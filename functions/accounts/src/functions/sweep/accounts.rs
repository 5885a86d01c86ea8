//! Whether each account is what its holds and entries come to.

use super::page::{PAGE, Seen};
use crate::app::App;
use crate::domain::AccountId;
use azure_data::CosmosFailure;
use futures::{StreamExt, TryStreamExt, stream};

/// How many are looked at the same time.
const MAX_AT_ONCE: usize = 8;

pub(super) async fn page(app: &App, after: Option<String>) -> Result<Seen, CosmosFailure> {
    let after = after.and_then(|id| id.parse().ok());
    let page: Vec<AccountId> =
        app.accounts.owed(after, PAGE).await?.iter().map(|one| one.account_id).collect();
    let found = stream::iter(page.clone())
        .map(|id| look_at(app, id))
        .buffer_unordered(MAX_AT_ONCE)
        .try_fold(0, async |found, fits| Ok(found + u64::from(!fits)))
        .await?;
    Ok(Seen { count: page.len(), last: page.last().map(AccountId::to_string), found })
}

/// Whether it fits.
async fn look_at(app: &App, id: AccountId) -> Result<bool, CosmosFailure> {
    let found = match app.accounts.audit(id).await {
        // It cannot be read, and reading it again helps nobody: the others must not wait for it.
        Err(failure) if failure.retry_after().is_none() => {
            tracing::error!(alarm = "account-unreadable", account = %id, error = %failure, "an account cannot be audited");
            return Ok(false);
        }
        found => found?,
    };
    let differs = found.filter(|found| !found.fits());
    if let Some(found) = differs {
        tracing::error!(
            alarm = "account-differs", account = %id,
            posted = ?found.posted, entries = ?found.entries, held = ?found.held, holds = ?found.holds,
            "an account is not what its documents come to"
        );
    }
    Ok(differs.is_none())
}
