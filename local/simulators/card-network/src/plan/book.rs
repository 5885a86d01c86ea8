//! The network's own book: what each card owes and what is held, from what was agreed, with no code of the platform's.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Outcome, Plan, Step, What};

/// What was agreed about a card, or all cards of an account, in the currency's smallest unit. A step counts once the
/// platform has acknowledged it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Line {
    pub(crate) currency: String,
    /// What is owed: captured, less what was given back.
    pub(crate) posted: i64,
    /// What is promised to shops and not taken yet.
    pub(crate) held: i64,
    pub(crate) approved: i64,
    pub(crate) captured: i64,
    pub(crate) refunded: i64,
    pub(crate) charged_back: i64,
    /// How many times money moved.
    pub(crate) entries: u64,
    /// Messages that are to come, or not acknowledged yet.
    pub(crate) open: u64,
}

/// All of it, by card and by account.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Book {
    pub(crate) cards: BTreeMap<String, Line>,
    pub(crate) accounts: BTreeMap<String, Line>,
}

impl Book {
    pub(crate) fn of<'a>(plans: impl Iterator<Item = &'a Plan>) -> Self {
        let mut book = Self::default();
        for plan in plans {
            let line = line(plan);
            if let Some(account) = &plan.card.account {
                book.accounts.entry(account.clone()).or_default().add(&line);
            }
            book.cards.entry(plan.card.token.clone()).or_default().add(&line);
        }
        book
    }
}

impl Line {
    fn add(&mut self, other: &Self) {
        self.currency.clone_from(&other.currency);
        self.posted += other.posted;
        self.held += other.held;
        self.approved += other.approved;
        self.captured += other.captured;
        self.refunded += other.refunded;
        self.charged_back += other.charged_back;
        self.entries += other.entries;
        self.open += other.open;
    }
}

/// What one purchase comes to.
fn line(plan: &Plan) -> Line {
    let mut line = Line { currency: plan.card.currency.clone(), ..Line::default() };
    let (mut reversed, mut is_over) = (0, plan.is_early());
    for step in &plan.steps {
        let Some(outcome) = step.outcome else {
            line.open += 1;
            continue;
        };
        match step.what {
            What::Ask { amount } | What::Increase { amount } if outcome == Outcome::Approved => {
                line.approved += amount;
            }
            What::Advise { amount } => line.approved += amount,
            What::Capture { amount, last } => {
                line.captured += amount;
                is_over |= last;
            }
            What::Refund { amount } => line.refunded += amount,
            What::ChargeBack { amount } => line.charged_back += amount,
            What::Reverse { amount: Some(amount) } => reversed += amount,
            What::Reverse { amount: None } | What::Expire => is_over = true,
            What::Ask { .. } | What::Increase { .. } | What::Activate { .. } => {}
        }
    }
    line.entries =
        plan.steps.iter().filter(|step| moved_money(step)).count().try_into().unwrap_or(u64::MAX);
    line.posted = line.captured - line.refunded - line.charged_back;
    line.held = if is_over { 0 } else { (line.approved - line.captured - reversed).max(0) };
    line
}

fn moved_money(step: &Step) -> bool {
    let moves =
        matches!(step.what, What::Capture { .. } | What::Refund { .. } | What::ChargeBack { .. });
    moves && step.outcome.is_some()
}

#[cfg(test)]
mod tests {
    use super::super::{Shop, UsedCard};
    use super::*;
    use jiff::Timestamp;
    use pretty_assertions::assert_eq;

    fn plan(whats: impl IntoIterator<Item = What>) -> Plan {
        let steps = whats.into_iter().enumerate();
        let step = |(index, what)| Step::new(u16::try_from(index).unwrap(), 0, what);
        Plan {
            number: 1,
            seed: 0,
            card: UsedCard {
                token: "tok_a".into(),
                currency: "DKK".into(),
                account: Some("nordlys".into()),
            },
            shop: Shop { name: "Kiosk".into(), category: 5411, pan: None },
            pan_in_ids: None,
            stand_in: 5_000,
            day_ms: 1,
            since: Timestamp::UNIX_EPOCH,
            steps: steps.map(step).collect(),
        }
    }

    /// Carries out all that comes, questions with this outcome.
    fn carried_out(mut plan: Plan, answer: Outcome, reorders: bool) -> Plan {
        while let Some((_, index)) = { plan.next().next() } {
            let asks = matches!(plan.steps[index].what, What::Ask { .. } | What::Increase { .. });
            let outcome = if asks { answer } else { Outcome::Acknowledged };
            plan.settle(index, outcome, reorders, Timestamp::UNIX_EPOCH);
        }
        plan
    }

    fn stands(plan: &Plan) -> (i64, i64) {
        let line = line(plan);
        (line.posted, line.held)
    }

    #[test]
    fn what_is_captured_is_owed_and_what_is_left_is_held() {
        let asks = || What::Ask { amount: 1_000 };
        let part = |last| What::Capture { amount: 400, last };
        let reversal = What::Reverse { amount: Some(500) };
        let approved =
            |whats: Vec<What>| stands(&carried_out(plan(whats), Outcome::Approved, false));
        assert_eq!(approved(vec![asks(), part(false)]), (400, 600));
        assert_eq!(approved(vec![asks(), part(true)]), (400, 0));
        assert_eq!(approved(vec![asks(), part(false), reversal.clone()]), (400, 100));
        assert_eq!(approved(vec![asks(), reversal, part(false), part(false)]), (800, 0));
        assert_eq!(approved(vec![asks(), What::Increase { amount: 500 }]), (0, 1_500));
        assert_eq!(approved(vec![asks(), What::Expire]), (0, 0));
        assert_eq!(approved(vec![part(false), asks()]), (400, 0));
        assert_eq!(approved(vec![asks(), part(true), What::Refund { amount: 500 }]), (-100, 0));
        assert_eq!(approved(vec![part(true), What::ChargeBack { amount: 400 }]), (0, 0));
    }

    #[test]
    fn who_is_declined_takes_nothing_and_who_is_not_answered_goes_by_the_processors_rule() {
        let buys =
            |amount| vec![What::Ask { amount }, What::Capture { amount: amount / 2, last: false }];
        let done = |amount, answer, reorders| {
            let plan = carried_out(plan(buys(amount)), answer, reorders);
            (stands(&plan), plan.steps.len())
        };
        assert_eq!(done(4_000, Outcome::Declined, false), ((0, 0), 1));
        assert_eq!(done(4_000, Outcome::Unanswered, false), ((2_000, 2_000), 3));
        // Captured before the advice: in full, so that nothing is left whatever was heard first.
        assert_eq!(done(4_000, Outcome::Unanswered, true), ((4_000, 0), 3));
        // Too much for the processor: what the platform may have held is let go.
        assert_eq!(done(9_000, Outcome::Unanswered, false), ((0, 0), 2));
    }

    #[test]
    fn accounts_are_the_sum_of_their_cards_and_what_is_to_come_is_counted() {
        let open = plan([What::Ask { amount: 10 }, What::Capture { amount: 10, last: true }]);
        let done =
            carried_out(plan([What::Capture { amount: 30, last: true }]), Outcome::Approved, false);
        let book = Book::of([&open, &done].into_iter());
        let line = &book.accounts["nordlys"];
        assert_eq!((line.posted, line.entries, line.open), (30, 1, 2));
        assert_eq!(&book.cards["tok_a"], line);
    }
}
