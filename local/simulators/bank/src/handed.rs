//! What was handed out, so that it can be searched for: the accounts and days are remembered, the words are made again.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Mutex, MutexGuard},
};

use jiff::civil::Date;
use serde::Serialize;

use crate::{
    data::Account,
    people::{Person, word},
};

/// Accounts that are remembered.
const MAX_ACCOUNTS: usize = 100_000;
/// Accounts whose words are made at once.
pub(crate) const MAX_SHOWN: usize = 2_000;

/// Customers and days, by account.
#[derive(Debug, Default)]
pub(crate) struct Handed(Mutex<BTreeMap<(String, String), Days>>);

#[derive(Clone, Copy, Debug)]
struct Days {
    from: Date,
    to: Date,
    today: Date,
}

/// What must not be found where it must not be kept.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Markers {
    /// In every free text.
    word: String,
    names: BTreeSet<String>,
    ibans: BTreeSet<String>,
    texts: BTreeSet<String>,
    account_ids: BTreeSet<String>,
    /// Of all customers, whichever are asked for.
    pub(crate) codes: BTreeSet<String>,
    pub(crate) tokens: BTreeSet<String>,
    /// Accounts that are not in these lists: ask for some customers only.
    left_out: usize,
}

impl Handed {
    /// An account was shown, without transactions.
    pub(crate) fn account(&self, customer: &str, account: &str, today: Date) {
        self.transactions(customer, account, (Date::MAX, Date::MIN), today);
    }

    /// The transactions of these days were shown.
    pub(crate) fn transactions(
        &self,
        customer: &str,
        account: &str,
        (from, to): (Date, Date),
        today: Date,
    ) {
        let mut handed = self.lock();
        let key = (customer.to_owned(), account.to_owned());
        if handed.len() >= MAX_ACCOUNTS && !handed.contains_key(&key) {
            return;
        }
        let days = handed.entry(key).or_insert(Days { from, to, today });
        *days =
            Days { from: days.from.min(from), to: days.to.max(to), today: days.today.max(today) };
    }

    /// The words of these customers' accounts, or of all, the first ones.
    pub(crate) fn markers(&self, customers: &[String], limit: usize, seed: u64) -> Markers {
        let handed: Vec<((String, String), Days)> = {
            let all = self.lock();
            let meant = all
                .iter()
                .filter(|((customer, _), _)| customers.is_empty() || customers.contains(customer));
            meant.map(|(key, days)| (key.clone(), *days)).collect()
        };
        let mut markers = Markers { word: word(seed), ..Markers::default() };
        markers.left_out = handed.len().saturating_sub(limit);
        for ((customer, account), days) in handed.into_iter().take(limit) {
            if let Some(person) = Person::called(&customer, seed) {
                markers.add(&person, &account, days);
            }
        }
        markers
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<(String, String), Days>> {
        self.0.lock().expect("no code panics while it holds what was handed out")
    }
}

impl Markers {
    fn add(&mut self, person: &Person, account: &str, days: Days) {
        self.account_ids.insert(account.to_owned());
        self.names.insert(person.name());
        self.ibans.extend(person.pockets().iter().map(|pocket| person.iban(*pocket)));
        let Some(account) = Account::with_id(person, account, days.today) else { return };
        for line in account.lines(days.from, days.to, false) {
            let shown = account.transaction(&line);
            self.names.insert(shown.counterparty.name);
            self.ibans.extend(shown.counterparty.iban);
            self.texts.insert(shown.remittance);
        }
    }
}
