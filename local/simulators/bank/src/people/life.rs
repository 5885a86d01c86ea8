//! A life, day by day: what comes in, what goes out, and what the balances come to.

use jiff::civil::{Date, Weekday};

use super::{
    Kind, Person,
    draw::Draw,
    entry::{Entry, What},
    kind::Habits,
};

/// Above this, in cents, money goes to an account elsewhere once a month.
const TOO_MUCH: i64 = 600_000;
/// What then stays.
const ENOUGH: i64 = 250_000;
/// Below this, in cents, a saver takes from the savings.
const TOO_LITTLE: i64 = 40_000;
const FIRST_DEPOSIT: i64 = 90_000;
const RETURN_FEE: i64 = 500;
const QUARTERLY_FEE: i64 = 1_490;
/// Days of the month on which things happen; the next Monday if it is a weekend.
const RENT_DAY: i8 = 1;
const SAVING_DAY: i8 = 2;
const TAX_DAY: i8 = 10;
const LOAN_DAY: i8 = 15;
const ELSEWHERE_DAY: i8 = 20;
const CLOSING_DAY: i8 = 28;

/// All that happened to a person's accounts until a day.
#[derive(Debug, Default)]
pub(crate) struct Life {
    /// In the order in which it was made.
    pub(crate) current: Vec<Entry>,
    pub(crate) savings: Vec<Entry>,
    /// What the accounts held when the history began.
    pub(crate) current_opening: i64,
    pub(crate) savings_opening: i64,
}

/// Lives a person's life from the beginning of the history until `today`.
pub(crate) fn live(person: &Person, today: Date) -> Life {
    let first = person.history_from(today);
    let mut living = Living::of(person, first);
    let mut day = first;
    while day <= today {
        living.day(day);
        let Ok(next) = day.tomorrow() else { break };
        day = next;
    }
    living.life
}

struct Living {
    habits: Habits,
    draw: Draw,
    /// How much larger this person's amounts are, in thousandths.
    scale: i64,
    life: Life,
    /// What is in the accounts, with what is not booked yet.
    balance: i64,
    savings: i64,
    /// Debits that are on their way back: when, which and how much.
    coming_back: Vec<(Date, u8, i64)>,
    today: Date,
    today_draw: Draw,
    happened: u64,
    /// Nothing was ever on the account.
    is_new: bool,
}

impl Living {
    fn of(person: &Person, first: Date) -> Self {
        let (habits, draw) = (person.kind.habits(), person.draw.then(50));
        let (.., unit) = person.kind.currency();
        let scale = draw.then(0).between(800, 1_300) * unit / 1_000;
        let balance = habits.opening * scale / 1_000;
        let savings = if habits.saves > 0 { draw.then(1).between(200_000, 900_000) } else { 0 };
        let life = Life { current_opening: balance, savings_opening: savings, ..Life::default() };
        let coming_back = Vec::new();
        Self {
            habits,
            draw,
            scale,
            life,
            balance,
            savings,
            coming_back,
            today: first,
            today_draw: draw,
            happened: 0,
            is_new: person.kind == Kind::ThinFile,
        }
    }

    fn begin(&mut self, day: Date) {
        let number =
            i64::from(day.year()) * 10_000 + i64::from(day.month()) * 100 + i64::from(day.day());
        self.today = day;
        self.today_draw = self.draw.then(number.unsigned_abs());
        self.happened = 0;
    }

    fn day(&mut self, day: Date) {
        self.begin(day);
        if std::mem::take(&mut self.is_new) {
            self.happens(What::FirstDeposit, FIRST_DEPOSIT);
        }
        self.bring_back();
        self.monthly();
        self.occasionally();
        self.shopping();
    }

    /// A draw of today's, one for each purpose.
    fn today(&self, what: u64) -> Draw {
        self.today_draw.then(what)
    }

    /// Something of so many cents, on this person's scale.
    fn happens(&mut self, what: What, cents: i64) {
        self.exactly(what, cents * self.scale / 1_000);
    }

    fn exactly(&mut self, what: What, minor: i64) {
        self.happened += 1;
        let detail = self.today(1_000 + self.happened);
        self.balance += minor;
        let booked_on = match what {
            What::Card | What::Bet => later(self.today, detail.then(9).below(4)),
            _ => self.today,
        };
        self.life.current.push(Entry { value_on: self.today, booked_on, minor, what, detail });
    }

    fn save(&mut self, what: What, minor: i64) {
        self.happened += 1;
        let detail = self.today(1_000 + self.happened);
        self.savings += minor;
        let (value_on, booked_on) = (self.today, self.today);
        self.life.savings.push(Entry { value_on, booked_on, minor, what, detail });
    }

    fn may_spend(&self, cents: i64) -> bool {
        self.balance - cents * self.scale / 1_000 >= -self.habits.overdraft * self.scale / 1_000
    }

    fn bring_back(&mut self) {
        let today = self.today;
        let (due, later) = self.coming_back.iter().partition(|(on, ..)| *on <= today);
        self.coming_back = later;
        let due: Vec<(Date, u8, i64)> = due;
        for (_, slot, minor) in due {
            self.exactly(What::ReturnedDebit(slot), minor);
            self.happens(What::ReturnFee, -RETURN_FEE);
        }
    }

    /// Whether what is to happen on this day of the month happens today: on a weekend it waits for Monday.
    fn is_due(&self, day: i8) -> bool {
        let today = self.today.day();
        match self.today.weekday() {
            Weekday::Saturday | Weekday::Sunday => false,
            Weekday::Monday => {
                let before = |date: Date| date.yesterday().unwrap_or(date);
                let (sunday, saturday) = (before(self.today), before(before(self.today)));
                [today, sunday.day(), saturday.day()].contains(&day)
            }
            _ => today == day,
        }
    }

    fn monthly(&mut self) {
        for (nth, (cents, day)) in (0_u8..).zip(self.habits.salaries) {
            if self.is_due(*day) {
                self.happens(What::Salary(nth), *cents);
            }
        }
        if self.is_due(RENT_DAY) {
            self.happens(What::Rent, -self.habits.rent);
        }
        for (slot, (day, cents)) in (0_u8..).zip(self.habits.debits) {
            if self.is_due(*day) {
                self.debit(slot, *cents);
            }
        }
        if self.habits.loan > 0 && self.is_due(LOAN_DAY) {
            self.happens(What::Loan, -self.habits.loan);
        }
        self.saving();
        if self.is_due(CLOSING_DAY) && self.today.month() % 3 == 0 {
            self.close_quarter();
        }
        if self.habits.invoices_permille > 0 && self.is_due(TAX_DAY) && self.today.month() % 3 == 0
        {
            self.happens(What::Tax, -self.today(1).between(90_000, 180_000));
        }
        if self.is_due(ELSEWHERE_DAY) && self.balance > TOO_MUCH * self.scale / 1_000 {
            self.exactly(What::ToElsewhere, ENOUGH * self.scale / 1_000 - self.balance);
        }
    }

    /// A direct debit, which comes back when there is no money, or when somebody says so.
    fn debit(&mut self, slot: u8, cents: i64) {
        let draw = self.today(20 + u64::from(slot));
        let returned = !self.may_spend(cents) || draw.happens(self.habits.returns_permille);
        let minor = -cents * self.scale / 1_000;
        self.exactly(What::Debit(slot), minor);
        if returned {
            let back_on = later(self.today, 1 + draw.then(1).below(3));
            self.coming_back.push((back_on, slot, -minor));
        }
    }

    fn saving(&mut self) {
        if self.habits.saves == 0 {
            return;
        }
        if self.is_due(SAVING_DAY) {
            let minor = self.habits.saves * self.scale / 1_000;
            self.exactly(What::ToSavings, -minor);
            self.save(What::Saved, minor);
        }
        let lacking = TOO_LITTLE * self.scale / 1_000;
        if self.balance < lacking && self.savings > 3 * lacking {
            self.exactly(What::FromSavings, 2 * lacking);
            self.save(What::TakenBack, -2 * lacking);
        }
    }

    fn close_quarter(&mut self) {
        self.happens(What::Fee, -QUARTERLY_FEE);
        if self.balance < 0 {
            self.exactly(What::Interest, self.balance * 3 / 100);
        }
        if self.savings > 0 {
            self.save(What::Interest, self.savings * 5 / 1_000);
        }
    }

    fn occasionally(&mut self) {
        let is_weekend = matches!(self.today.weekday(), Weekday::Saturday | Weekday::Sunday);
        if !is_weekend && self.today(2).happens(self.habits.invoices_permille) {
            self.happens(What::Invoice, self.today(3).between(45_000, 420_000));
        }
        let gift = self.today(5).between(500, 9_000);
        if self.today(4).happens(self.habits.friends_permille) && self.may_spend(gift) {
            self.happens(What::ToFriend, -gift);
        }
        if self.today(6).happens(self.habits.friends_permille / 2) {
            self.happens(What::FromFriend, self.today(7).between(400, 12_000));
        }
    }

    fn shopping(&mut self) {
        for nth in 0..3 {
            let draw = self.today(100 + nth);
            let cents = price(draw.then(1));
            if draw.happens(self.habits.cards_permille / 3) && self.may_spend(cents) {
                self.happens(What::Card, -cents);
            }
        }
        let notes = 1_000 * self.today(9).between(2, 20);
        if self.today(8).happens(self.habits.cash_permille) && self.may_spend(notes) {
            // Machines have whole notes, whatever the scale.
            let (minor, note) = (notes * self.scale / 1_000, 1_000);
            self.exactly(What::Cash, -(minor - minor % note).max(note));
        }
        let stake = 500 * self.today(11).between(2, 24);
        if self.today(10).happens(self.habits.bets_permille) && self.may_spend(stake) {
            self.happens(What::Bet, -stake);
            if self.today(12).happens(120) {
                self.happens(What::Win, self.today(13).between(1_000, 40_000));
            }
        }
    }
}

/// What is paid by card: mostly little, now and then much.
fn price(draw: Draw) -> i64 {
    match draw.then(1).below(10) {
        0..=3 => draw.between(180, 1_200),
        4..=7 => draw.between(900, 6_500),
        8 => draw.between(3_000, 9_000),
        _ => draw.between(4_000, 15_000),
    }
}

fn later(day: Date, days: u64) -> Date {
    (0..days).fold(day, |day, _| day.tomorrow().unwrap_or(day))
}
