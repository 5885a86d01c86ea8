//! What a bank shows of an account: the movements of some days, those that are not booked yet among them.

use jiff::{ToSpan as _, civil::Date};
use serde::Serialize;

use crate::people::{Entry, Life, Minor, Person, Pocket, live};

/// The furthest that a history is shown, in days.
pub(crate) const MAX_HISTORY_DAYS: i32 = 730;
/// For so many days a booked movement may still be there as a pending one too.
const TWIN_DAYS: i32 = 2;
/// And for so many by the fault.
const FAULTY_TWIN_DAYS: i32 = 14;

/// One of a person's accounts on a day.
#[derive(Debug)]
pub(crate) struct Account<'a> {
    person: &'a Person,
    pocket: Pocket,
    today: Date,
    life: Life,
}

/// As the API shows an account.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AccountView {
    pub(crate) id: String,
    iban: String,
    owner_name: String,
    currency: &'static str,
    kind: &'static str,
    joint: bool,
    balance: Balance,
    opened_on: Date,
}

#[derive(Debug, Serialize)]
struct Balance {
    amount: String,
    on: Date,
}

/// As the API shows a movement.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TransactionView {
    id: String,
    status: &'static str,
    booked_on: Option<Date>,
    value_on: Date,
    amount: String,
    currency: &'static str,
    bank_transaction_code: &'static str,
    pub(crate) counterparty: CounterpartyView,
    pub(crate) remittance: String,
}

#[derive(Debug, Serialize)]
pub(crate) struct CounterpartyView {
    pub(crate) name: String,
    pub(crate) iban: Option<String>,
}

/// A movement, booked or pending.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line {
    entry: Entry,
    is_pending: bool,
}

impl Line {
    fn on(&self) -> Date {
        if self.is_pending { self.entry.value_on } else { self.entry.booked_on }
    }
}

impl<'a> Account<'a> {
    /// All accounts of a person.
    pub(crate) fn all(person: &'a Person, today: Date) -> Vec<Self> {
        let of =
            |pocket: &Pocket| Self { person, pocket: *pocket, today, life: live(person, today) };
        person.pockets().iter().map(of).collect()
    }

    /// The account of a person with this id.
    pub(crate) fn with_id(person: &'a Person, id: &str, today: Date) -> Option<Self> {
        let pocket = person.pockets().iter().find(|pocket| person.account_id(**pocket) == id)?;
        Some(Self { person, pocket: *pocket, today, life: live(person, today) })
    }

    pub(crate) fn view(&self) -> AccountView {
        let (currency, places, _) = self.person.kind.currency();
        AccountView {
            id: self.person.account_id(self.pocket),
            iban: self.person.iban(self.pocket),
            owner_name: self.person.name(),
            currency,
            kind: if self.pocket == Pocket::Savings { "savings" } else { "current" },
            joint: self.person.kind == crate::people::Kind::Joint,
            balance: Balance {
                amount: Minor { minor: self.balance(), places }.to_string(),
                on: self.today,
            },
            opened_on: self.person.opened_on(self.today),
        }
    }

    fn entries(&self) -> (&[Entry], i64) {
        match self.pocket {
            Pocket::Current => (&self.life.current, self.life.current_opening),
            Pocket::Savings => (&self.life.savings, self.life.savings_opening),
        }
    }

    /// What is booked.
    fn balance(&self) -> i64 {
        let (entries, opening) = self.entries();
        let booked = entries.iter().filter(|entry| entry.booked_on <= self.today);
        opening + booked.map(|entry| entry.minor).sum::<i64>()
    }

    /// The movements of these days, the oldest first; with many pending copies of booked ones if that is the fault.
    pub(crate) fn lines(&self, from: Date, to: Date, many_twins: bool) -> Vec<Line> {
        let days = if many_twins { FAULTY_TWIN_DAYS } else { TWIN_DAYS };
        let twins_since = self.today.saturating_sub(days.days());
        let mut lines = Vec::new();
        for entry in self.entries().0 {
            let is_booked = entry.booked_on <= self.today;
            let was_pending = entry.booked_on > entry.value_on && entry.leaves_a_twin();
            let has_twin = is_booked
                && entry.booked_on >= twins_since
                && (was_pending || many_twins && entry.what.is_by_card());
            if !is_booked || has_twin {
                lines.push(Line { entry: *entry, is_pending: true });
            }
            if is_booked {
                lines.push(Line { entry: *entry, is_pending: false });
            }
        }
        lines.retain(|line| (from..=to).contains(&line.on()));
        lines.sort_by_key(|line| (line.on(), line.is_pending));
        lines
    }

    pub(crate) fn transaction(&self, line: &Line) -> TransactionView {
        let Line { entry, is_pending } = line;
        let (currency, places, _) = self.person.kind.currency();
        let words = self.person.wording(entry);
        TransactionView {
            id: if *is_pending { entry.pending_id() } else { entry.id() },
            status: if *is_pending { "pending" } else { "booked" },
            booked_on: (!is_pending).then_some(entry.booked_on),
            value_on: entry.value_on,
            amount: Minor { minor: entry.minor, places }.to_string(),
            currency,
            bank_transaction_code: entry.what.code(),
            counterparty: CounterpartyView {
                name: words.counterparty.name,
                iban: words.counterparty.iban,
            },
            remittance: words.remittance,
        }
    }
}
