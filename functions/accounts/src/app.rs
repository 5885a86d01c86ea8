//! What the functions of this app share: read once from the settings, alive as long as the process.

use crate::domain::AccountId;
use crate::network::{NETWORK_KEYS, NetworkKeys};
use crate::store::{Accounts, Ledger, Tokens};
use azure_data::{Cosmos, Storage, clock};
use custom_handler::{Settings, SettingsError};
use jiff::Timestamp;
use messages::{DeadLetterApp, DeadLetters};
use public_api::{
    HealthChecks, health::Dependency, idempotency::IdempotentRequests, lists::Continuation,
};
use serde::{Deserialize, Serialize};
use values::Clock;

pub(crate) struct App {
    pub(crate) clock: Clock,
    pub(crate) accounts: Accounts,
    pub(crate) ledger: Ledger,
    pub(crate) tokens: Tokens,
    pub(crate) opened: IdempotentRequests<Opened>,
    pub(crate) network_keys: NetworkKeys,
    pub(crate) continuation: Continuation,
    dead_letters: DeadLetters,
}

/// All that the answer to a new account depends on besides its body.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Opened {
    pub(crate) account_id: AccountId,
    pub(crate) opened_at: Timestamp,
}

impl App {
    /// Reads all settings; contacts nobody.
    pub(crate) fn from_settings(settings: &Settings) -> Result<Self, SettingsError> {
        let (cosmos, storage) = (Cosmos::read(settings, "accounts"), Storage::read(settings));
        let (clock, continuation) = (clock(settings), Continuation::read(settings));
        let network_keys = settings.value(&NETWORK_KEYS);
        settings.check()?;
        let (cosmos, storage, clock) = (cosmos?, storage?, clock?);
        let dead_letters = DeadLetters::read(settings, &cosmos, &storage, clock.clone(), &[])?;
        Ok(Self {
            clock,
            accounts: Accounts::new(&cosmos),
            ledger: Ledger::new(&cosmos),
            tokens: Tokens::new(&cosmos),
            opened: IdempotentRequests::new(cosmos.container("requests"), "open"),
            network_keys: network_keys?,
            continuation: continuation?,
            dead_letters,
        })
    }
}

impl DeadLetterApp for App {
    const NAME: &'static str = "accounts";

    fn dead_letters(&self) -> &DeadLetters {
        &self.dead_letters
    }
}

impl HealthChecks for App {
    async fn dependencies(&self) -> Vec<Dependency> {
        vec![Dependency::ask("cosmosDb", self.accounts.ping()).await]
    }
}
