//! People whose activity is the same for ever: made by a pinned generator from their name. Used by the tests of the domain,
//! of the app, and by `bench/credit`.

use jiff::civil::Date;
use jiff::{Span, ToSpan};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use scorecard::Activity;
use scorecard::activity::{Account, AccountKind, Kind, Transaction, VERSION};

/// Those with a golden result.
pub(crate) const NAMES: [&str; 7] =
    ["salaried", "freelancer", "overdrawn", "saver", "borrower", "thin", "abroad"];

const TO: &str = "2026-11-28";

struct Life {
    activity: Activity,
    random: ChaCha8Rng,
}

/// An activity by the person's name; any other name than [`NAMES`] is somebody salaried with other habits.
pub(crate) fn person(name: &str) -> Activity {
    let mut seed = [0; 32];
    name.bytes().take(32).enumerate().for_each(|(place, byte)| seed[place] = byte);
    let months = if name == "thin" { 2 } else { 6 };
    let to: Date = TO.parse().unwrap();
    let from = to.checked_sub(Span::new().months(months)).unwrap().tomorrow().unwrap();
    let activity =
        Activity { version: VERSION, from, to, accounts: Vec::new(), transactions: Vec::new() };
    let mut life = Life { activity, random: ChaCha8Rng::from_seed(seed) };
    let currency = if name == "abroad" { "USD" } else { "EUR" };
    let (balance, opened) = match name {
        "overdrawn" => (21_250, "2023-09-04"),
        "borrower" => (240_000, "2025-12-01"),
        "thin" => (90_000, "2026-09-20"),
        _ => (480_000, "2021-03-01"),
    };
    life.account(currency, AccountKind::Current, balance, opened);
    match name {
        "freelancer" => life.freelance(),
        "overdrawn" => life.overdraw(),
        "saver" => life.save(),
        "borrower" => life.borrow(),
        _ => life.work(255_000),
    }
    life.activity.checked().unwrap()
}

impl Life {
    fn account(&mut self, currency: &str, kind: AccountKind, balance: i64, opened: &str) {
        let (currency, balance_on) = (currency.parse().unwrap(), self.activity.to);
        let opened_on = Some(opened.parse().unwrap());
        self.activity.accounts.push(Account { currency, kind, balance, balance_on, opened_on });
    }

    fn add(&mut self, account: usize, on: Date, amount: i64, kind: Kind) {
        if on >= self.activity.from && on <= self.activity.to {
            self.activity.transactions.push(Transaction {
                account,
                on,
                amount,
                kind,
                pending: false,
            });
        }
    }

    fn below(&mut self, limit: u32) -> i64 {
        i64::from(self.random.next_u32() % limit)
    }

    /// Once a month, on a day of it, or on the Friday before a weekend.
    fn monthly(&mut self, day: i8, amount: i64, kind: Kind) {
        let days: Vec<Date> =
            self.activity.from.series(1.day()).take_while(|on| *on <= self.activity.to).collect();
        for on in days.into_iter().filter(|on| on.day() == day) {
            let on = match on.weekday().to_monday_zero_offset() {
                5 => on.yesterday().unwrap(),
                6 => on.checked_sub(2.days()).unwrap(),
                _ => on,
            };
            self.add(0, on, amount, kind);
        }
    }

    /// Groceries and the like: more at the weekend.
    fn spend(&mut self, mean: u32, one_in: u32) {
        let days: Vec<Date> =
            self.activity.from.series(1.day()).take_while(|on| *on <= self.activity.to).collect();
        for on in days {
            let is_weekend = on.weekday().to_monday_zero_offset() >= 4;
            if self.below(one_in) == 0 || is_weekend {
                let amount = -(300 + self.below(2 * mean));
                self.add(0, on, amount, Kind::Card);
            }
        }
    }

    fn work(&mut self, wages: i64) {
        self.monthly(27, wages, Kind::Salary);
        self.monthly(1, -98_000, Kind::StandingOrder);
        self.monthly(5, -12_990, Kind::DirectDebit);
        self.monthly(15, -4_499, Kind::DirectDebit);
        self.spend(2_600, 2);
    }

    fn freelance(&mut self) {
        for _ in 0..9 {
            let days = self.below(180);
            let on = self.activity.from.checked_add(days.days()).unwrap();
            let amount = 60_000 + self.below(240_000);
            self.add(0, on, amount, Kind::Income);
        }
        self.monthly(3, -85_000, Kind::StandingOrder);
        self.spend(2_200, 2);
    }

    fn overdraw(&mut self) {
        self.monthly(28, 151_000, Kind::Salary);
        self.monthly(2, -79_000, Kind::StandingOrder);
        self.monthly(8, -18_900, Kind::DirectDebit);
        self.monthly(20, -6_900, Kind::DirectDebit);
        self.monthly(21, 6_900, Kind::ReturnedDebit);
        self.monthly(30, -1_250, Kind::Fee);
        self.spend(2_000, 2);
    }

    fn save(&mut self) {
        self.account("EUR", AccountKind::Savings, 1_400_000, "2019-01-15");
        self.work(390_000);
        self.monthly(28, -50_000, Kind::StandingOrder);
        let out: Vec<Date> = self
            .activity
            .transactions
            .iter()
            .filter(|one| one.amount == -50_000)
            .map(|one| one.on)
            .collect();
        for on in out {
            self.add(1, on.tomorrow().unwrap(), 50_000, Kind::Income);
        }
    }

    fn borrow(&mut self) {
        self.work(231_000);
        self.monthly(10, -38_500, Kind::Loan);
        self.monthly(17, -12_000, Kind::Loan);
        let to = self.activity.to;
        self.activity.transactions.push(Transaction {
            account: 0,
            on: to,
            amount: -7_500,
            kind: Kind::Card,
            pending: true,
        });
    }
}
