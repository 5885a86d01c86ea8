//! Taking turns at one account within this process. It decides nothing: the batch's condition does, and other instances
//! are not asked. But fifty who read one version at once would be forty-nine who have read in vain.

use crate::domain::AccountId;
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
use tokio::sync::{Mutex, MutexGuard};

/// Accounts that share a turn are those whose hashes are equal modulo this.
const LANES: usize = 256;

#[derive(Debug)]
pub(super) struct Turns {
    lanes: Vec<Mutex<()>>,
    /// The same in every run, so that a model can be repeated; nobody chooses the ids of accounts.
    hasher: BuildHasherDefault<DefaultHasher>,
}

impl Turns {
    pub(super) fn new() -> Self {
        let lanes = std::iter::repeat_with(|| Mutex::new(())).take(LANES).collect();
        Self { lanes, hasher: BuildHasherDefault::default() }
    }

    /// Waits for the account's turn; the caller's deadline ends the wait.
    pub(super) async fn take(&self, account: AccountId) -> MutexGuard<'_, ()> {
        let hash = self.hasher.hash_one(account);
        let lane = usize::try_from(hash % LANES as u64).unwrap_or_default();
        self.lanes[lane].lock().await
    }
}
