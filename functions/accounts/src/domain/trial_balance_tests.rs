use super::*;
use crate::domain::{Entry, EntryKind, parts};
use pretty_assertions::assert_eq;
use uuid::Uuid;

fn entry(id: &str, kind: EntryKind, amount: i64) -> Entry {
    Entry {
        id: id.parse().unwrap(),
        account_id: Uuid::from_u128(1).into(),
        kind,
        currency: currency(),
        postings: kind.postings(Amount::from(amount)),
        card_id: None,
        authorisation: None,
        merchant: None,
        posted_at: "2026-11-30T10:00:00Z".parse().unwrap(),
        needs_review: false,
    }
}

fn currency() -> Currency {
    "DKK".parse().unwrap()
}

/// The balances once the parts that `applies` chooses have arrived.
fn balances(entries: &[&Entry], applies: impl Fn(LedgerAccount) -> bool) -> Vec<Balance> {
    let parts = parts(entries.iter().copied());
    let chosen = parts.into_iter().filter(|(key, _)| applies(key.ledger_account));
    let balance = |(key, parts): (_, Vec<Part>)| {
        let mut balance = Balance::new(key);
        parts.iter().for_each(|part| balance.add(part));
        balance
    };
    chosen.map(balance).collect()
}

fn stands(truth: &Truth) -> Standing {
    TrialBalance::of(truth).currencies[0].standing
}

/// All of an entry as on its way.
fn arriving(entry: &Entry) -> Vec<(BalanceKey, Part)> {
    let of = |(key, parts): (BalanceKey, Vec<Part>)| (key, parts[0].clone());
    parts([entry]).into_iter().map(of).collect()
}

fn truth(balances: Vec<Balance>, owed: i64) -> Truth {
    Truth { balances, owed: vec![(currency(), Amount::from(owed))], ..Truth::default() }
}

#[test]
fn nothing_at_all_balances() {
    assert_eq!(TrialBalance::of(&Truth::default()).currencies, []);
    assert_eq!(stands(&truth(Vec::new(), 0)), Standing::Balanced);
}

#[test]
fn what_is_applied_on_both_sides_balances_and_equals_what_accounts_owe() {
    let (bought, paid) =
        (entry("a", EntryKind::Purchase, 500), entry("b", EntryKind::Payment, 200));
    let all = balances(&[&bought, &paid], |_| true);
    let found = TrialBalance::of(&truth(all.clone(), 300)).currencies.remove(0);
    assert_eq!(
        (found.standing, found.sum, found.difference),
        (Standing::Balanced, Amount::ZERO, Amount::ZERO)
    );
    assert_eq!(found.lines[&LedgerAccount::Receivables].balance(), Amount::from(300));
    assert_eq!(found.lines[&LedgerAccount::Bank].balance(), Amount::from(200));
    assert_eq!(stands(&truth(all, 299)), Standing::Unbalanced);
}

#[test]
fn what_is_on_its_way_explains_what_does_not_fit_and_nothing_else_does() {
    let bought = entry("a", EntryKind::Purchase, 500);
    let half = balances(&[&bought], |account| account == LedgerAccount::Receivables);
    assert_eq!(stands(&truth(half.clone(), 500)), Standing::Unbalanced);
    let mut other = arriving(&bought);
    other.retain(|(key, _)| key.ledger_account == LedgerAccount::Clearing);
    let explained = Truth { pending: other, ..truth(half.clone(), 500) };
    let found = TrialBalance::of(&explained).currencies.remove(0);
    assert_eq!(
        (found.standing, found.pending, found.sum),
        (Standing::Pending, 1, Amount::from(500))
    );
    // The whole entry is said to be on its way, and half of it has arrived: that fits nothing.
    let too_much = Truth { pending: arriving(&bought), ..truth(half.clone(), 500) };
    assert_eq!(stands(&too_much), Standing::Unbalanced);
    assert_eq!(stands(&Truth { moving: true, ..truth(half, 500) }), Standing::Pending);
}
