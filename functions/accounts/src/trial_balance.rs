//! Taking the trial balance: the general ledger is held against the accounts themselves, while both go on.

use crate::app::App;
use crate::domain::{
    AccountId, Amount, BalanceKey, Entry, Part, Standing, TrialBalance, Truth, parts,
};
use crate::store::MAX_AT_ONCE;
use azure_data::CosmosFailure;
use jiff::{SignedDuration, Timestamp};
use money::Currency;
use std::num::NonZeroU32;

/// How often it is looked, if what was seen does not fit and things moved meanwhile.
const LOOKS: usize = 3;
/// Accounts that are read at a time.
const PAGE: NonZeroU32 = NonZeroU32::new(1_000).expect("not zero");
/// Entries that the ledger may lack without being wrong are younger than this.
const RECENT: SignedDuration = SignedDuration::from_mins(15);
/// Most of them that are looked for.
const MAX_RECENT: NonZeroU32 = NonZeroU32::new(10_000).expect("not zero");
/// How far the clocks of two instances may be apart.
const CLOCKS_DIFFER: SignedDuration = SignedDuration::from_secs(5);

/// The trial balance of now. What is posted while it is taken makes figures that do not fit for a moment, which is
/// recognised and called pending: `Unbalanced` is what stood still and did not fit.
pub(crate) async fn take(app: &App) -> Result<TrialBalance, CosmosFailure> {
    let mut found = TrialBalance::of(&look(app).await?);
    for _ in 1..LOOKS {
        if !found.is(Standing::Unbalanced) && !found.is(Standing::Pending) {
            break;
        }
        found = TrialBalance::of(&look(app).await?);
    }
    Ok(found)
}

async fn look(app: &App) -> Result<Truth, CosmosFailure> {
    let begun = app.clock.now();
    let balances = app.balances.all().await?;
    let mut truth = Truth { owed: owed(app).await?, ..Truth::default() };
    let since = begun.saturating_sub(RECENT).unwrap_or(Timestamp::MIN);
    let recent = app.accounts.entries_since(since, MAX_RECENT).await?;
    let settled = begun.saturating_sub(CLOCKS_DIFFER).unwrap_or(Timestamp::MIN);
    truth.moving = recent.len() >= MAX_RECENT.get() as usize
        || recent.iter().any(|entry| entry.posted_at >= settled);
    truth.pending = pending(app, &recent).await?;
    truth.balances = app.balances.all().await?;
    truth.moving |= truth.balances != balances;
    Ok(truth)
}

async fn owed(app: &App) -> Result<Vec<(Currency, Amount)>, CosmosFailure> {
    let mut owed = Vec::new();
    let mut after: Option<AccountId> = None;
    loop {
        let page = app.accounts.owed(after, PAGE).await?;
        owed.extend(page.iter().map(|one| (one.currency, one.posted)));
        after = page.last().map(|one| one.account_id);
        if page.len() < PAGE.get() as usize {
            return Ok(owed);
        }
    }
}

/// The parts of entries that no balance has.
async fn pending(app: &App, entries: &[Entry]) -> Result<Vec<(BalanceKey, Part)>, CosmosFailure> {
    let mut pending = Vec::new();
    for (key, parts) in parts(entries) {
        for parts in parts.chunks(MAX_AT_ONCE) {
            let missing = app.balances.not_applied(&key, parts).await?;
            pending.extend(missing.into_iter().map(|part| (key.clone(), part)));
        }
    }
    Ok(pending)
}
