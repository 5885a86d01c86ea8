//! How often the bank was asked, for benches and proofs.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard},
};

use jiff::civil::Date;
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::Operation;

/// Tokens whose questions are counted one by one.
const MAX_TOKENS: usize = 100_000;

/// Counts since the start, or since they were set to nothing.
#[derive(Debug, Default)]
pub(crate) struct Counters(Mutex<Counts>);

/// What was counted.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Counts {
    /// Requests by operation. What was slow, down or throttled for the whole network stands in the log only.
    pub(crate) calls: BTreeMap<Operation, u64>,
    /// Answers by status.
    pub(crate) statuses: BTreeMap<u16, u64>,
    /// Requests that are being answered now, and the most that ever were.
    pub(crate) in_flight: u64,
    pub(crate) most_in_flight: u64,
    /// By the first 16 hexadecimal digits of the token's SHA-256.
    pub(crate) tokens: BTreeMap<String, TokenCounts>,
    /// Tokens beyond those that are counted one by one.
    pub(crate) tokens_left_out: u64,
}

/// What was asked with one token.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct TokenCounts {
    pub(crate) customer: String,
    pub(crate) accounts: BTreeMap<String, AccountCounts>,
}

/// How often an account's transactions were asked for.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AccountCounts {
    /// First pages: how often it was begun.
    pub(crate) times: u64,
    /// All pages.
    pub(crate) pages: u64,
    #[serde(skip)]
    days: BTreeMap<Date, u32>,
}

/// A request that is being answered.
pub(crate) struct InFlight<'a>(&'a Counters);

impl Counters {
    pub(crate) fn enter(&self, operation: Operation) -> InFlight<'_> {
        let mut counts = self.lock();
        *counts.calls.entry(operation).or_default() += 1;
        counts.in_flight += 1;
        counts.most_in_flight = counts.most_in_flight.max(counts.in_flight);
        InFlight(self)
    }

    pub(crate) fn answered(&self, status: u16) {
        *self.lock().statuses.entry(status).or_default() += 1;
    }

    /// Counts a page; false if it begins anew more often than `quota` allows on that day.
    pub(crate) fn page(
        &self,
        (token, customer, account): (&str, &str, &str),
        begins: bool,
        (today, quota): (Date, Option<u32>),
    ) -> bool {
        let mut counts = self.lock();
        let name = fingerprint(token);
        if counts.tokens.len() >= MAX_TOKENS && !counts.tokens.contains_key(&name) {
            counts.tokens_left_out += 1;
            return true;
        }
        let of_token = counts.tokens.entry(name).or_insert_with(|| TokenCounts {
            customer: customer.to_owned(),
            accounts: BTreeMap::new(),
        });
        let account = of_token.accounts.entry(account.to_owned()).or_default();
        if begins {
            let times = account.days.entry(today).or_default();
            if quota.is_some_and(|quota| *times >= quota) {
                return false;
            }
            *times += 1;
            account.times += 1;
        }
        account.pages += 1;
        true
    }

    pub(crate) fn counts(&self) -> Counts {
        self.lock().clone()
    }

    /// Counts from nothing; what is being answered now stays counted.
    pub(crate) fn forget(&self) {
        let mut counts = self.lock();
        let in_flight = counts.in_flight;
        *counts = Counts { in_flight, most_in_flight: in_flight, ..Counts::default() };
    }

    fn lock(&self) -> MutexGuard<'_, Counts> {
        self.0.lock().expect("no code panics while it holds the counters")
    }
}

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.0.lock().in_flight -= 1;
    }
}

/// By what a token is known where it must not be shown.
pub(crate) fn fingerprint(token: &str) -> String {
    let hash = Sha256::digest(token);
    hash.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
