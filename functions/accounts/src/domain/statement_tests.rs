//! Whatever is posted and whenever periods are closed: every entry is in one statement, and the sums add up.

use super::*;
use crate::domain::{AccountState, NetworkId, Zone};
use jiff::SignedDuration;
use proptest::prelude::*;
use uuid::Uuid;
use values::{Line, Revision};

fn account(now: Timestamp) -> Account {
    Account {
        id: Uuid::from_u128(1).into(),
        customer_id: Uuid::from_u128(2).into(),
        name: Line::parse("Nordlys ApS").unwrap(),
        currency: "DKK".parse().unwrap(),
        limit: 1_000_000.into(),
        posted: Amount::ZERO,
        held: Amount::ZERO,
        entries: 0,
        credited: Amount::ZERO,
        statement_day: 1,
        cycle: Cycle::begin(now, 1, Zone::default()),
        state: AccountState::Open,
        revision: Revision::FIRST,
        opened_at: now,
    }
}

fn entry(account: &Account, (kind, amount): (EntryKind, i64), now: Timestamp) -> Entry {
    let id: NetworkId = format!("e{}", account.entries).parse().unwrap();
    Entry {
        id,
        account_id: account.id,
        kind,
        currency: account.currency,
        postings: kind.postings(amount.into()),
        card_id: None,
        authorisation: None,
        merchant: None,
        posted_at: account.posting_time(now),
        needs_review: false,
    }
}

/// Closes what has ended, as the store does: of all entries that no statement has.
fn close(account: &mut Account, entries: &[Entry], now: Timestamp) -> Option<Statement> {
    if account.cycle.ends_at > now || !account.has_statements() {
        return None;
    }
    let mut tally = Tally::default();
    let since = account.cycle.since;
    entries
        .iter()
        .filter(|entry| entry.posted_at >= since)
        .for_each(|entry| tally.add(&account.cycle, entry));
    let (closed, statement) = tally.close(account, now).unwrap();
    *account = closed;
    Some(statement)
}

#[derive(Debug, Clone)]
enum Step {
    Post(EntryKind, i64),
    /// As somebody does whose clock is so many seconds behind.
    PostLate(EntryKind, i64, i64),
    Wait(i64),
    Close,
    Day(u8),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let kind = prop_oneof![
        4 => Just(EntryKind::Purchase),
        1 => Just(EntryKind::Refund),
        1 => Just(EntryKind::Chargeback),
        2 => Just(EntryKind::Payment),
    ];
    let step = prop_oneof![
        6 => (kind.clone(), 1_i64..100_000).prop_map(|(kind, amount)| Step::Post(kind, amount)),
        2 => (kind, 1_i64..100_000, 0_i64..100).prop_map(|(kind, amount, late)| Step::PostLate(kind, amount, late)),
        3 => (0_i64..60).prop_map(|days| Step::Wait(days * 86_400 + 7)),
        4 => Just(Step::Close),
        1 => (1_u8..=28).prop_map(Step::Day),
    ];
    proptest::collection::vec(step, 1..80)
}

proptest! {
    #[test]
    fn no_entry_is_lost_and_none_is_in_two_statements(steps in steps()) {
        let mut now: Timestamp = "2026-03-14T09:00:00Z".parse().unwrap();
        let mut account = account(now);
        let (mut entries, mut statements) = (Vec::new(), Vec::<Statement>::new());
        for step in steps {
            let posted = match step {
                Step::Post(kind, amount) => Some(entry(&account, (kind, amount), now)),
                Step::PostLate(kind, amount, late) => {
                    Some(entry(&account, (kind, amount), now - SignedDuration::from_secs(late)))
                }
                Step::Wait(seconds) => { now += SignedDuration::from_secs(seconds); None }
                Step::Close => { statements.extend(close(&mut account, &entries, now)); None }
                Step::Day(day) => {
                    account.statement_day = day;
                    account.cycle = account.cycle.on(day);
                    None
                }
            };
            if let Some(entry) = posted {
                account.post(&entry);
                entries.push(entry);
            }
        }
        let mut at = (account.opened_at, Amount::ZERO, 0);
        for statement in &statements {
            prop_assert_eq!((statement.from, statement.opening, statement.number), (at.0, at.1, at.2 + 1));
            let inside = entries.iter().filter(|e| (statement.from..statement.to).contains(&e.posted_at));
            let owed: Amount = inside.clone().map(Entry::owed).sum();
            prop_assert_eq!(statement.entries, inside.count() as u64);
            prop_assert_eq!(statement.closing(), statement.opening + owed);
            at = (statement.to, statement.closing(), statement.number);
        }
        let in_statements: u64 = statements.iter().map(|statement| statement.entries).sum();
        let later = entries.iter().filter(|entry| entry.posted_at >= at.0);
        prop_assert_eq!(in_statements + later.clone().count() as u64, entries.len() as u64);
        prop_assert_eq!(at.1 + later.map(Entry::owed).sum(), account.posted);
        prop_assert!(statements.is_sorted_by(|one, next| one.period < next.period));
    }

    /// What comes back pays the oldest first: a newer statement, which has the older one in it, is never paid before.
    #[test]
    fn the_oldest_is_paid_first(amounts in proptest::collection::vec((1_i64..1_000, 0_i64..1_500), 1..8)) {
        let mut now: Timestamp = "2026-03-14T09:00:00Z".parse().unwrap();
        let mut account = account(now);
        let (mut entries, mut statements) = (Vec::new(), Vec::new());
        for (bought, paid) in amounts {
            for (kind, amount) in [(EntryKind::Purchase, bought), (EntryKind::Payment, paid)] {
                if amount > 0 {
                    let entry = entry(&account, (kind, amount), now);
                    account.post(&entry);
                    entries.push(entry);
                }
                now += SignedDuration::from_secs(20 * 86_400);
                statements.extend(close(&mut account, &entries, now));
            }
        }
        let open = |statement: &Statement| statement.paid(&account) < statement.due();
        prop_assert!(statements.iter().map(open).is_sorted());
        if let Some(last) = statements.last() {
            let owed_still = last.due() - last.paid(&account);
            prop_assert!(owed_still <= account.posted.or_zero());
        }
    }
}

#[test]
fn an_old_read_closes_nothing() {
    let now: Timestamp = "2026-03-14T09:00:00Z".parse().unwrap();
    let mut account = account(now);
    let one = entry(&account, (EntryKind::Purchase, 500), now);
    account.post(&one);
    let later = account.cycle.ends_at;
    assert_eq!(Tally::default().close(&account, later), None);
    let mut all = Tally::default();
    all.add(&account.cycle, &one);
    let (closed, statement) = all.close(&account, later).unwrap();
    assert_eq!((statement.closing(), statement.number), (500.into(), 1));
    assert_eq!(statement.due_on.to_string(), "2026-05-01");
    assert_eq!(statement.payment(&closed, later), PaymentState::Open);
    let overdue = later + SignedDuration::from_hours(31 * 24);
    assert_eq!(statement.payment(&closed, overdue), PaymentState::Overdue);
}
