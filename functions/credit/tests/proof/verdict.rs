//! What must hold once all is quiet.

use crate::book::{Book, Fate, Told};
use crate::mischief::{POISON, SWEEP};
use crate::platform::{Partner, ask};
use crate::subscribers::Subscriber;
use crate::webhooks;
use app_tests::proof::{Addresses, Platform};
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap};
use std::time::{Duration, SystemTime};

/// A round later; all in all no assessment may be older than half an hour, when it would be given up.
const ROUND: Duration = Duration::from_secs(61);
const MOST_ROUNDS: u32 = 6;
/// Looks between two rounds.
const LOOKS_PER_ROUND: u32 = 8;
const QUEUES: [&str; 8] = [
    "credit-fetch",
    "credit-fetch-poison",
    "credit-webhooks",
    "credit-webhooks-poison",
    "scoring-jobs",
    "scoring-jobs-poison",
    "scoring-results",
    "scoring-results-poison",
];

/// Waits until everything has been made up for, and panics with what has not.
pub(crate) async fn settled(platform: &Platform, book: &Book, subscribers: &[Subscriber]) {
    let look = async |looks: u32| {
        let rounds = looks / LOOKS_PER_ROUND;
        if looks.is_multiple_of(LOOKS_PER_ROUND) && (1..=MOST_ROUNDS).contains(&rounds) {
            platform.pass(ROUND);
        }
        platform.handlers_follow();
        let addresses = platform.addresses();
        addresses.start_timer(SWEEP).await;
        for timer in POISON {
            addresses.start_timer(timer).await;
        }
        let mut wrong = differences(addresses, book).await;
        wrong.extend(webhooks::differences(addresses, subscribers).await);
        if wrong.is_empty() { Ok(()) } else { Err(wrong) }
    };
    platform.settles(look).await;
}

/// What is not as it should be.
async fn differences(addresses: &Addresses, book: &Book) -> Vec<String> {
    let mut wrong = addresses.left_in(&QUEUES).await;
    match addresses.blobs("credit-activity").await {
        Some(blobs) => wrong.extend(blobs.iter().map(|name| format!("the blob {name}"))),
        None => wrong.push("the blobs cannot be read".to_owned()),
    }
    let documents = documents(addresses).await;
    let [Some(assessments), Some(consents)] = documents else {
        wrong.push("the documents cannot be read".to_owned());
        return wrong;
    };
    let told = book.all();
    if assessments.len() != told.len() {
        wrong.push(format!("{} assessments, {} told", assessments.len(), told.len()));
    }
    let by_id: HashMap<_, _> =
        assessments.iter().map(|it| (it["id"].as_str().unwrap(), it)).collect();
    for told in &told {
        match by_id.get(told.id.as_str()) {
            Some(it) => wrong.extend(wrong_with(it, told)),
            None => wrong.push(format!("there is no {}", told.id)),
        }
    }
    for consent in &consents {
        wrong.extend(open(consent));
        take_back(addresses, consent).await;
    }
    wrong
}

async fn documents(addresses: &Addresses) -> [Option<Vec<Value>>; 2] {
    let assessments = addresses.documents(("credit", "assessments")).await;
    [assessments, addresses.documents(("credit", "consents")).await]
}

fn wrong_with(it: &Value, told: &Told) -> Option<String> {
    let is_over = ["ended", "erased"].contains(&it["phase"].as_str().unwrap());
    let is_settled = it["duties"] == json!([]) && it.get("key").is_none();
    let outcome = it["outcome"]["outcome"].as_str();
    let is_right = match told.fate {
        Fate::Kept => it["phase"] == "ended" && outcome != Some("withdrawn"),
        Fate::Withdrawn(at) => outcome == Some("withdrawn") || ended_before(it, at),
        Fate::Erased => it["phase"] == "erased" && it["person"].is_null() && outcome.is_none(),
    };
    (!is_over || !is_settled || !is_right).then(|| format!("{:?}: {it}", told.fate))
}

fn ended_before(it: &Value, at: SystemTime) -> bool {
    let ended = it["endedAt"].as_str().and_then(|text| text.parse::<jiff::Timestamp>().ok());
    ended.is_some_and(|ended| SystemTime::from(ended) <= at)
}

/// What is left to be done of a consent, or with it.
fn open(consent: &Value) -> Option<String> {
    let is_over =
        ["used", "withdrawn", "expired", "refused"].contains(&consent["state"].as_str().unwrap());
    let is_settled = consent["duties"] == json!([])
        && ["token", "asked"].iter().all(|name| consent.get(name).is_none_or(Value::is_null));
    (!is_over || !is_settled).then(|| format!("a consent: {consent}"))
}

/// A consent that was given back can be used again; here nobody will.
async fn take_back(addresses: &Addresses, consent: &Value) {
    if consent["state"] == "granted" {
        let partner = Partner::ALL.into_iter().find(|it| consent["partner"] == it.name()).unwrap();
        let path = format!("consents/{}", consent["id"].as_str().unwrap());
        let answer = ask(addresses, partner, (Method::DELETE, &path), &Value::Null).await;
        assert_eq!(answer.status, 204, "{}", answer.body);
    }
}

/// How all ended, by what they ended with; panics if one has another score than the quiet ones of the same person.
pub(crate) async fn ends(addresses: &Addresses, book: &Book) -> String {
    let [Some(assessments), _] = documents(addresses).await else { panic!("no documents") };
    let outcomes: HashMap<_, _> =
        assessments.iter().map(|it| (it["id"].as_str().unwrap(), &it["outcome"])).collect();
    let told = book.all();
    let mut quiet: HashMap<_, Vec<&Value>> = HashMap::new();
    for it in told.iter().filter(|it| it.is_quiet) {
        quiet.entry((it.customer, it.by_token)).or_default().push(outcomes[it.id.as_str()]);
    }
    let mut counts: BTreeMap<String, u32> = BTreeMap::new();
    for it in &told {
        let outcome = outcomes[it.id.as_str()];
        let word = outcome["code"].as_str().or(outcome["outcome"].as_str()).unwrap_or("erased");
        *counts.entry(word.to_owned()).or_default() += 1;
        if ["scored", "not-scoreable"].contains(&word) {
            let right = &quiet[&(it.customer, it.by_token)];
            assert!(right.contains(&outcome), "{it:?} has {outcome}, and quietly {right:?}");
        }
    }
    format!("{} assessments, {counts:?}", told.len())
}
