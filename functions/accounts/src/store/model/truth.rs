//! What must hold: of every batch at the moment it happens, and of everything in the end.

use super::documents::Written;
use super::messages::Message;
use crate::domain::{
    Account, Amount, Answer, AuthorisationRequest, ChargeOrder, DeclineReason, Entry, Fact, Hold,
    NetworkId, Part,
};
use crate::store::charges::Charged;
use crate::store::documents::{AccountDocument, Document, EntryDocument, HoldDocument};
use serde_json::Value;
use std::collections::BTreeMap;

/// Fails if a batch is none that may happen.
pub(super) fn check_batch(asked: &BTreeMap<String, AuthorisationRequest>, written: &[Written]) {
    let find = |kind: &str| {
        let of = |one: &&Written| one.after.as_ref().is_some_and(|value| value["kind"] == kind);
        written.iter().find(of)
    };
    if find("balance").is_some() {
        return check_balance(written);
    }
    let Some(account) = find("account") else { return };
    let (before, after) = (account_of(&account.before), account_of(&account.after));
    let (before, after) = (before.unwrap(), after.unwrap());
    let entry = find("entry").map(|one| entry_of(one.after.as_ref().unwrap()));
    let owed = entry.as_ref().map_or(Amount::ZERO, Entry::owed);
    assert_eq!(after.posted - before.posted, owed, "posted is the sum of the entries");
    assert!(entry.as_ref().is_none_or(Entry::balances), "{entry:?}");
    let Some(hold) = find("hold") else {
        return assert_eq!(before.held, after.held, "held is the sum of the holds");
    };
    let (was, is) = (hold_of(&hold.before), hold_of(&hold.after).unwrap());
    let remained = was.as_ref().map_or(Amount::ZERO, Hold::remaining);
    assert_eq!(after.held - before.held, is.remaining() - remained, "held is the sum of the holds");
    assert!(is.remaining() >= Amount::ZERO && after.held >= Amount::ZERO, "{is:?}");
    let is_decision = entry.is_none() && find("notice").is_none();
    let grew = is.not_taken() - was.as_ref().map_or(Amount::ZERO, Hold::not_taken);
    if is_decision && grew > Amount::ZERO {
        assert!(grew <= before.remaining(), "approved over the limit: {was:?} {is:?} {before:?}");
    }
    check_decline(asked, &before, was.as_ref(), &is);
}

/// Who is told that the limit is reached is told the truth: a conflict is no decline.
fn check_decline(
    asked: &BTreeMap<String, AuthorisationRequest>,
    account: &Account,
    was: Option<&Hold>,
    is: &Hold,
) {
    let limit = Some(Answer(Some(DeclineReason::AccountLimit)));
    let is_new = was.is_none_or(|was| was.answer.is_none());
    if is_new && is.answer == limit {
        let amount = match is.charge {
            Some(charge) => Amount::asked(charge, account.currency).unwrap(),
            None => amount(&asked[is.id.as_str()], account),
        };
        assert!(amount > account.remaining() || amount > account.limit, "{is:?} {account:?}");
    }
}

fn amount(request: &AuthorisationRequest, account: &Account) -> Amount {
    Amount::asked(request.amount, account.currency).unwrap()
}

/// A balance changes by what is noted in the same batch.
fn check_balance(written: &[Written]) {
    let number = |value: &Option<Value>, name: &str| {
        value.as_ref().map_or(0, |value| value[name].as_i64().unwrap())
    };
    let balance = |value: &Option<Value>| number(value, "debits") - number(value, "credits");
    let notes = &written[1..];
    let noted: i64 = notes.iter().map(|note| number(&note.after, "amount")).sum();
    let Written { before, after } = &written[0];
    assert_eq!(balance(after) - balance(before), noted, "a balance is the sum of its notes");
    assert_eq!(number(after, "entries") - number(before, "entries"), notes.len() as i64);
}

/// Fails unless everything that was said is in the books, once.
pub(super) fn check_end(said: &[Message], accounts: &[Value], ledger: &[Value]) {
    let account = accounts.iter().find(|value| value["kind"] == "account");
    let account = account_of(&account.cloned()).unwrap();
    let entries: BTreeMap<NetworkId, Entry> =
        of_kind(accounts, "entry").map(entry_of).map(|entry| (entry.id.clone(), entry)).collect();
    let holds: BTreeMap<NetworkId, Hold> = of_kind(accounts, "hold")
        .filter_map(|value| hold_of(&Some(value.clone())))
        .map(|hold| (hold.id.clone(), hold))
        .collect();
    assert_eq!(account.posted, entries.values().map(Entry::owed).sum());
    assert_eq!(account.entries, entries.len() as u64);
    assert_eq!(account.held, holds.values().map(Hold::remaining).sum());
    check_said(said, &entries, &holds);
    check_charges(&entries, &holds);
    check_ledger(&account, &entries, ledger);
}

/// In whatever order it was said: what was captured, given back and posted is the sum of what was said.
fn check_said(
    said: &[Message],
    entries: &BTreeMap<NetworkId, Entry>,
    holds: &BTreeMap<NetworkId, Hold>,
) {
    let mut money = 0;
    let mut sums: BTreeMap<&NetworkId, [Amount; 3]> = BTreeMap::new();
    for message in said {
        let Message::Tell(event) = message else { continue };
        let (owed, at) = match &event.fact {
            Fact::Capture { amount, .. } => (*amount, Some((0, *amount))),
            Fact::Refund { amount, .. } | Fact::Chargeback { amount, .. } => {
                (-*amount, Some((2, *amount)))
            }
            Fact::Reversal { amount: Some(amount), .. } => (Amount::ZERO, Some((1, *amount))),
            _ => (Amount::ZERO, None),
        };
        if let (Some(authorisation), Some((which, amount))) = (event.fact.authorisation(), at) {
            sums.entry(authorisation).or_default()[which] += amount;
        }
        if !owed.is_zero() {
            money += 1;
            assert_eq!(entries[&event.id].owed(), owed, "{event:?}");
        }
        let ends = matches!(
            &event.fact,
            Fact::Expiry { .. }
                | Fact::Reversal { amount: None, .. }
                | Fact::Capture { is_last: true, .. }
        );
        if let Some(authorisation) = event.fact.authorisation().filter(|_| ends) {
            assert!(holds[authorisation].remaining().is_zero(), "{event:?}");
        }
    }
    let of_the_network = entries.keys().filter(|id| !id.is_of_a_charge());
    assert_eq!(of_the_network.count(), money, "nobody posts what nobody said");
    for (authorisation, sums) in sums {
        let hold = &holds[authorisation];
        assert_eq!([hold.captured, hold.reversed, hold.refunded], sums, "{hold:?}");
    }
}

/// Whoever is told that it is done is told the truth.
pub(super) fn check_wanted(order: &ChargeOrder, charged: &Charged) {
    let hold = &charged.hold;
    match order {
        ChargeOrder::Hold(_) => assert!(hold.remaining() <= hold.authorised, "{hold:?}"),
        ChargeOrder::Capture(amount) => assert_eq!(hold.captured, *amount, "{hold:?}"),
        ChargeOrder::Reverse => {
            assert!(hold.captured.is_zero() && hold.remaining().is_zero(), "{hold:?}");
        }
        // Who asks again may be shown the charge as it was a while ago.
        ChargeOrder::Refund { amount, .. } => {
            assert!(!charged.is_new || hold.refunded >= *amount, "{hold:?}");
        }
    }
}

/// A charge is taken once or not at all, and never given back more than was taken.
fn check_charges(entries: &BTreeMap<NetworkId, Entry>, holds: &BTreeMap<NetworkId, Hold>) {
    let charges = holds.values().filter(|hold| hold.id.is_of_a_charge());
    for hold in charges {
        let is_taken = hold.captured > Amount::ZERO;
        assert!(!(is_taken && hold.reversed > Amount::ZERO), "taken and given up: {hold:?}");
        let taken = entries.get(&hold.id).map_or(Amount::ZERO, Entry::owed);
        assert_eq!(taken, hold.captured, "{hold:?}");
        let is_refund =
            |entry: &&Entry| entry.id != hold.id && entry.authorisation.as_ref() == Some(&hold.id);
        let given_back: Amount =
            entries.values().filter(is_refund).map(|entry| -entry.owed()).sum();
        assert_eq!(given_back, hold.refunded, "{hold:?}");
        assert!(hold.refunded <= hold.captured, "more given back than was taken: {hold:?}");
    }
}

/// The trial balance: every balance is the sum of its entries, and all of them come to nothing.
fn check_ledger(account: &Account, entries: &BTreeMap<NetworkId, Entry>, ledger: &[Value]) {
    let balances: BTreeMap<String, i64> = of_kind(ledger, "balance")
        .map(|value| {
            let sum = value["debits"].as_i64().unwrap() - value["credits"].as_i64().unwrap();
            (value["ledgerAccount"].as_str().unwrap().to_owned(), sum)
        })
        .collect();
    let mut expected: BTreeMap<String, i64> = BTreeMap::new();
    for (key, parts) in crate::domain::parts(entries.values()) {
        let sum: Amount = parts.iter().map(|part: &Part| part.amount).sum();
        expected.insert(key.to_string(), serde_json::to_value(sum).unwrap().as_i64().unwrap());
    }
    assert_eq!(balances, expected);
    assert_eq!(balances.values().sum::<i64>(), 0, "the trial balance");
    let receivables = balances.iter().filter(|(name, _)| name.starts_with("receivables"));
    assert_eq!(Amount::from(receivables.map(|(_, sum)| sum).sum::<i64>()), account.posted);
}

fn of_kind<'a>(documents: &'a [Value], kind: &'a str) -> impl Iterator<Item = &'a Value> {
    documents.iter().filter(move |value| value["kind"] == kind)
}

fn account_of(value: &Option<Value>) -> Option<Account> {
    let document: Document<AccountDocument> = serde_json::from_value(value.clone()?).unwrap();
    Some(document.into())
}

fn hold_of(value: &Option<Value>) -> Option<Hold> {
    let document: Document<HoldDocument> = serde_json::from_value(value.clone()?).unwrap();
    Some(document.into())
}

pub(super) fn entry_of(value: &Value) -> Entry {
    let document: Document<EntryDocument> = serde_json::from_value(value.clone()).unwrap();
    document.into()
}
