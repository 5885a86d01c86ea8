//! People and their money: the same each time, and the sums are right.

use bank::Options;
use jiff::civil::Date;
use pretty_assertions::assert_eq;
use proptest::{prelude::*, test_runner::TestRunner};
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, HashSet},
    time::Duration,
};

use crate::rig::{Rig, minor};

const KINDS: [&str; 8] =
    ["salaried", "freelancer", "thin-file", "gambler", "overdrawn", "joint", "saver", "abroad"];
const WHOLE: &str = "?from=2000-01-01";

/// ISO 13616: the first four characters go behind, letters are numbers from 10 on, and modulo 97 one is left.
fn is_iban(text: &str) -> bool {
    let (head, tail) = text.split_at(4);
    let digits: String = format!("{tail}{head}")
        .chars()
        .map(|letter| letter.to_digit(36).unwrap().to_string())
        .collect();
    digits.bytes().fold(0, |rest, digit| (rest * 10 + u32::from(digit - b'0')) % 97) == 1
}

async fn whole(rig: &Rig, customer: &str) -> (Value, Vec<Value>) {
    let token = rig.token(customer).await;
    let path = rig.transactions_path(&token).await;
    let account = rig.accounts(&token).await.remove(0);
    (account, rig.transactions(&token, &format!("{path}{WHOLE}")).await)
}

#[tokio::test]
async fn everybody_is_the_same_at_every_bank_with_the_same_seed() {
    let (one, other) = (Rig::start().await, Rig::start().await);
    for kind in KINDS {
        assert_eq!(whole(&one, kind).await, whole(&other, kind).await, "{kind}");
    }
}

#[tokio::test]
async fn a_balance_moves_by_what_is_booked() {
    for kind in KINDS {
        let rig = Rig::start().await;
        let (before, known) = whole(&rig, kind).await;
        let known: HashSet<_> = known.iter().map(|it| it["id"].clone()).collect();
        // Within the days that a thin file has; pending ones are booked in them.
        rig.clock.advance(Duration::from_hours(24 * 25));
        let (after, all) = whole(&rig, kind).await;
        if kind == "thin-file" {
            let booked: i64 = booked(&all).iter().map(|it| minor(&it["amount"])).sum();
            assert_eq!(minor(&after["balance"]["amount"]), booked, "{kind}");
            continue;
        }
        let new = booked(&all).into_iter().filter(|it| !known.contains(&it["id"]));
        let new: i64 = new.map(|it| minor(&it["amount"])).sum();
        assert_ne!(new, 0, "{kind}");
        let balance = |account: &Value| minor(&account["balance"]["amount"]);
        assert_eq!(balance(&after), balance(&before) + new, "{kind}");
        assert_eq!(after["balance"]["on"], "2026-12-23");
    }
}

fn booked(all: &[Value]) -> Vec<&Value> {
    all.iter().filter(|it| it["status"] == "booked").collect()
}

#[tokio::test]
async fn histories_have_what_their_kinds_promise() {
    let rig = Rig::start().await;
    let mut seen = HashSet::new();
    for kind in KINDS {
        let (account, all) = whole(&rig, kind).await;
        let codes: HashSet<_> =
            all.iter().map(|it| it["bankTransactionCode"].as_str().unwrap().to_owned()).collect();
        let first: Date = all[0]["bookedOn"].as_str().unwrap().parse().unwrap();
        let days = "2026-11-28".parse::<Date>().unwrap().since(first).unwrap().get_days();
        if kind == "thin-file" {
            assert!((50..=60).contains(&days), "{kind}: {days}");
        } else {
            assert!(days > 700, "{kind}: {days}");
        }
        if ["gambler", "overdrawn"].contains(&kind) {
            assert!(codes.contains("PMNT-IDDT-UPDD"), "{kind} has no returned debit");
        }
        for transaction in &all {
            well_formed(transaction, &account);
        }
        assert_eq!(
            all.len(),
            all.iter().map(|it| it["id"].clone()).collect::<HashSet<_>>().len(),
            "{kind}"
        );
        seen.extend(codes);
    }
    for code in [
        "PMNT-RCDT-SALA",
        "PMNT-RCDT-ESCT",
        "PMNT-ICDT-ESCT",
        "PMNT-ICDT-STDO",
        "PMNT-IDDT-ESDD",
        "PMNT-CCRD-POSD",
        "PMNT-CCRD-CWDL",
        "ACMT-MDOP-FEES",
        "LDAS-CSLN-PPAY",
        "ACMT-MCOP-INTR",
    ] {
        assert!(seen.contains(code), "{code}");
    }
}

fn well_formed(transaction: &Value, account: &Value) {
    let is_pending = transaction["status"] == "pending";
    assert_eq!(transaction["bookedOn"].is_null(), is_pending, "{transaction}");
    assert_eq!(transaction["currency"], account["currency"]);
    let amount = transaction["amount"].as_str().unwrap();
    assert_eq!(amount.contains('.'), account["currency"] != "JPY", "{amount}");
    if let Some(iban) = transaction["counterparty"]["iban"].as_str() {
        assert!(is_iban(iban), "{iban}");
    }
    assert!(is_iban(account["iban"].as_str().unwrap()));
}

#[tokio::test]
async fn the_overdrawn_are_below_zero_and_savers_have_two_accounts_and_a_loan() {
    let rig = Rig::start().await;
    let (account, all) = whole(&rig, "overdrawn").await;
    let mut balance = minor(&account["balance"]["amount"]);
    let mut by_day = BTreeMap::new();
    for it in booked(&all).into_iter().rev() {
        by_day.entry(it["bookedOn"].as_str().unwrap()).or_insert(balance);
        balance -= minor(&it["amount"]);
    }
    let below = by_day.values().filter(|balance| **balance < 0).count();
    assert!(below > by_day.len() / 2, "below zero on {below} of {} days", by_day.len());
    let accounts = rig.accounts(&rig.token("saver").await).await;
    let kinds: Vec<_> = accounts.iter().map(|account| account["kind"].clone()).collect();
    assert_eq!(kinds, [json!("current"), json!("savings")]);
    assert!(accounts[1]["balance"]["amount"].as_str().unwrap().len() >= 7, "{accounts:?}");
}

#[tokio::test]
async fn a_payment_that_is_not_booked_has_its_twin_for_a_while() {
    let rig = Rig::start().await;
    let (mut pending, mut twins) = (0, 0);
    for number in 0..20 {
        let (_, all) = whole(&rig, &format!("joint-{number}")).await;
        for it in all.iter().filter(|it| it["status"] == "pending") {
            pending += 1;
            let is_twin = |other: &&Value| {
                other["status"] == "booked"
                    && other["amount"] == it["amount"]
                    && other["valueOn"] == it["valueOn"]
            };
            twins += all.iter().filter(is_twin).count();
        }
    }
    assert!(pending > twins && twins > 5, "{pending} pending, {twins} twins");
}

#[tokio::test]
async fn the_markers_are_all_that_was_handed_out() {
    let rig = Rig::start().await;
    let (account, all) = whole(&rig, "gambler").await;
    let (_, markers) = rig.get("", "v1/simulation/markers?customer=gambler").await;
    let list = |name: &str| -> HashSet<String> {
        markers[name].as_array().unwrap().iter().map(|it| it.as_str().unwrap().to_owned()).collect()
    };
    let (names, ibans, texts) = (list("names"), list("ibans"), list("texts"));
    assert!(names.contains(account["ownerName"].as_str().unwrap()));
    assert!(ibans.contains(account["iban"].as_str().unwrap()));
    let word = markers["word"].as_str().unwrap();
    for it in &all {
        let text = it["remittance"].as_str().unwrap();
        assert!(texts.contains(text) && text.contains(word), "{text}");
        assert!(names.contains(it["counterparty"]["name"].as_str().unwrap()));
    }
    let inside =
        |marks: &HashSet<String>| texts.iter().any(|text| marks.iter().any(|it| text.contains(it)));
    assert!(inside(&names) && inside(&ibans));
    assert_eq!((list("codes").len(), list("tokens").len()), (0, 1), "it was asked with one token");
    let (_, others) = rig.get("", "v1/simulation/markers?customer=saver").await;
    assert_eq!(others["texts"], json!([]));
}

#[test]
fn pages_of_any_size_and_days_joined_are_the_whole() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let big = runtime.block_on(Rig::with(Options { page_size: 1_000, ..Options::ephemeral() }));
    let cases = proptest::test_runner::Config { cases: 12, ..Default::default() };
    let any = (0..KINDS.len(), 1_u32..120, 0_i32..200, 0_i32..200);
    let checked = TestRunner::new(cases).run(&any, |(kind, page_size, from, days)| {
        let customer = format!("{}-{page_size}", KINDS[kind]);
        runtime.block_on(async {
            let today: Date = "2026-11-28".parse().unwrap();
            let from = today.checked_sub(jiff::Span::new().days(from)).unwrap();
            let to = from.checked_add(jiff::Span::new().days(days)).unwrap();
            let small = Rig::with(Options { page_size, ..Options::ephemeral() }).await;
            let all = async |rig: &Rig| {
                let token = rig.token(&customer).await;
                let path = rig.transactions_path(&token).await;
                rig.transactions(&token, &format!("{path}?from={from}&to={to}")).await
            };
            let (whole, joined) = (all(&big).await, all(&small).await);
            prop_assert_eq!(&whole, &joined);
            for it in &whole {
                let on = it["bookedOn"].as_str().or(it["valueOn"].as_str()).unwrap();
                prop_assert!((from..=to).contains(&on.parse().unwrap()));
            }
            Ok(())
        })
    });
    checked.unwrap();
}
