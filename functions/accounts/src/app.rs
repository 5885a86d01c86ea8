//! What the functions of this app share: read once from the settings, alive as long as the process.

use crate::domain::{AccountId, CaseId, CustomerId};
use crate::events;
use crate::network::{NETWORK_KEYS, NetworkKeys};
use crate::processor::Processor;
use crate::received::{BANK_PAYMENT, PROFILE_ERASED};
use crate::screens::LastScreens;
use crate::store::{
    Accounts, Balances, CardOrders, CardPictures, CardPlace, Cards, Customers, Ledger, Migrations,
    Places, References, Statements, SupportCases, Tokens, Transactions,
};
use azure_data::{Cosmos, Storage, clock};
use custom_handler::{Settings, SettingsError};
use jiff::Timestamp;
use messages::{DeadLetterApp, DeadLetters, EventReader, EventSender};
use public_api::{
    HealthChecks, health::Dependency, idempotency::IdempotentRequests, lists::Continuation,
};
use serde::{Deserialize, Serialize};
use std::time::Duration;
use values::Clock;

/// The queues whose messages may be given up.
const QUEUES: [&str; 4] =
    ["accounts-card-orders", "accounts-erasures", "accounts-migrate", "accounts-payments"];
/// How long an event waits for somebody who wants it.
const EVENTS_KEPT_FOR: Duration = Duration::from_secs(7 * 24 * 60 * 60);

pub(crate) struct App {
    pub(crate) clock: Clock,
    pub(crate) accounts: Accounts,
    pub(crate) cards: Cards,
    pub(crate) customers: Customers,
    pub(crate) ledger: Ledger,
    pub(crate) orders: CardOrders,
    pub(crate) pictures: CardPictures,
    pub(crate) processor: Processor,
    pub(crate) screens: LastScreens,
    pub(crate) balances: Balances,
    pub(crate) migrations: Migrations,
    pub(crate) events: EventSender,
    pub(crate) places: Places,
    pub(crate) references: References,
    pub(crate) statements: Statements,
    pub(crate) support_cases: SupportCases,
    pub(crate) tokens: Tokens,
    pub(crate) transactions: Transactions,
    pub(crate) opened: IdempotentRequests<Opened>,
    pub(crate) ordered: IdempotentRequests<CardPlace>,
    pub(crate) added: IdempotentRequests<Added>,
    pub(crate) written: IdempotentRequests<Written>,
    pub(crate) bank_payments: EventReader,
    pub(crate) erased_profiles: EventReader,
    pub(crate) network_keys: NetworkKeys,
    pub(crate) continuation: Continuation,
    pub(crate) dead_letters: DeadLetters,
}

/// All that the answer to a new account depends on besides its body.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Opened {
    pub(crate) account_id: AccountId,
    pub(crate) opened_at: Timestamp,
}

/// All that the answer to a new customer depends on besides its body.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Added {
    pub(crate) customer_id: CustomerId,
    pub(crate) added_at: Timestamp,
}

/// All that the answer to what a customer wrote depends on besides its body.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Written {
    pub(crate) case_id: CaseId,
    pub(crate) written_at: Timestamp,
}

impl App {
    /// Reads all settings; contacts nobody.
    pub(crate) fn from_settings(settings: &Settings) -> Result<Self, SettingsError> {
        let (cosmos, storage) = (Cosmos::read(settings, "accounts"), Storage::read(settings));
        let (clock, continuation) = (clock(settings), Continuation::read(settings));
        let network_keys = settings.value(&NETWORK_KEYS);
        let processor = Processor::read(settings);
        settings.check()?;
        let (cosmos, storage, clock) = (cosmos?, storage?, clock?);
        let events = storage.queue_sender("accounts-events").keeping_for(EVENTS_KEPT_FOR);
        let dead_letters = DeadLetters::read(settings, &cosmos, &storage, clock.clone(), &QUEUES)?;
        Ok(Self {
            clock,
            accounts: Accounts::new(&cosmos),
            cards: Cards::new(&cosmos),
            customers: Customers::new(&cosmos),
            ledger: Ledger::new(&cosmos),
            orders: CardOrders::new(&storage),
            pictures: CardPictures::new(&storage),
            processor: processor?,
            screens: LastScreens::new(),
            balances: Balances::new(&cosmos),
            migrations: Migrations::new(&cosmos, &storage),
            events: EventSender::new(settings, events, events::TYPES),
            places: Places::new(&cosmos),
            references: References::new(&cosmos),
            statements: Statements::new(&cosmos),
            support_cases: SupportCases::new(&cosmos),
            tokens: Tokens::new(&cosmos),
            transactions: Transactions::new(&cosmos),
            opened: IdempotentRequests::new(cosmos.container("requests"), "open"),
            ordered: IdempotentRequests::new(cosmos.container("requests"), "order"),
            added: IdempotentRequests::new(cosmos.container("requests"), "customer"),
            written: IdempotentRequests::new(cosmos.container("requests"), "contact"),
            bank_payments: EventReader::new(settings, &[BANK_PAYMENT]),
            erased_profiles: EventReader::new(settings, &[PROFILE_ERASED]),
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
