//! Each fault does what it says, to those whom it concerns, and to nobody else.

use bank::Options;
use pretty_assertions::assert_eq;
use serde_json::{Value, json};
use std::{collections::HashSet, time::Duration};

use crate::rig::{CALLBACK, Rig, joined, sent_back, value};

const HALF_YEAR: &str = "?from=2026-06-01";
const OTHER_STATE_LENGTH: usize = 43;

async fn small_pages() -> Rig {
    Rig::with(Options { page_size: 20, ..Options::ephemeral() }).await
}

async fn statement(rig: &Rig, token: &str) -> Vec<Value> {
    let path = rig.transactions_path(token).await;
    rig.transactions(token, &format!("{path}{HALF_YEAR}")).await
}

fn ids(transactions: &[Value]) -> HashSet<&str> {
    transactions.iter().filter_map(|it| it["id"].as_str()).collect()
}

#[tokio::test]
async fn the_third_page_fails_and_all_others_do_not() {
    let rig = small_pages().await;
    let token = rig.token("salaried").await;
    rig.faults("down=internal-error,page=3");
    let path = rig.transactions_path(&token).await;
    let pages = rig.pages(&token, &path, 2).await;
    let next = format!("{path}?cursor={}", pages[1]["next"].as_str().unwrap());
    assert_eq!(rig.get(&token, &next).await.0, 500);
    rig.bank.clear_faults();
    assert_eq!(rig.get(&token, &next).await.0, 200);
}

#[tokio::test]
async fn named_operations_are_struck_and_no_others() {
    let rig = Rig::start().await;
    rig.faults(r#"{"down": "server-busy", "operations": ["token", "accounts"]}"#);
    let code = rig.code("salaried").await;
    assert_eq!(rig.exchange(&code, &[]).await.0, 503);
    let token = rig.token("salaried").await;
    assert_eq!(rig.get(&token, "accounts").await.0, 503);
    assert_eq!(rig.as_credit("revoke", &[("token", "made-up")]).await.0, 200);
    rig.bank.clear_faults();
    assert_eq!(rig.exchange(&code, &[]).await.0, 200, "a struck request spends nothing");
}

#[tokio::test]
async fn a_throttled_client_is_told_when_to_come_again_or_not() {
    let rig = Rig::start().await;
    let token = rig.token("salaried").await;
    for (line, seconds) in [
        ("throttle.every=1,throttle.retryAfterSeconds=7,times=1", Some("7")),
        ("throttle.every=1,times=1", None),
    ] {
        rig.faults(line);
        let answer = rig.ask(&token, "accounts").send().await.unwrap();
        assert_eq!(answer.status(), 429);
        let told = answer.headers().get("retry-after").map(|it| it.to_str().unwrap().to_owned());
        assert_eq!(told.as_deref(), seconds, "{line}");
        assert_eq!(rig.get(&token, "accounts").await.0, 200);
    }
}

#[tokio::test]
async fn a_hanging_request_is_held_and_let_go_when_its_caller_leaves() {
    let rig = Rig::start().await;
    let token = rig.token("salaried").await;
    rig.faults(r#"{"hang": true, "operations": ["accounts"]}"#);
    let waits = rig.ask(&token, "accounts").timeout(Duration::from_millis(200)).send().await;
    assert!(waits.unwrap_err().is_timeout());
    assert_eq!(rig.push(&[]).await.0, 201);
    rig.until_in_flight(0).await;
}

#[tokio::test]
async fn json_ends_in_the_middle_or_is_a_page_of_html() {
    let rig = Rig::start().await;
    let token = rig.token("salaried").await;
    let right = rig.ask(&token, "accounts").send().await.unwrap().text().await.unwrap();
    rig.faults("wrong=malformed-json");
    let answer = rig.ask(&token, "accounts").send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let text = answer.bytes().await.unwrap();
    assert_eq!(*text, right.as_bytes()[..right.len() / 2]);
    assert!(serde_json::from_slice::<Value>(&text).is_err());
    rig.faults("wrong=html");
    let answer = rig.ask(&token, "accounts").send().await.unwrap();
    assert_eq!(
        (answer.status().as_u16(), &answer.headers()["content-type"]),
        (200, &"text/html; charset=utf-8".parse().unwrap())
    );
    assert!(answer.text().await.unwrap().contains("Maintenance"));
    assert_eq!(rig.get("made-up", "accounts").await.0, 401, "only right answers are spoiled");
}

#[tokio::test]
async fn an_answer_goes_on_without_an_end() {
    const MUCH: usize = 128 << 10;
    let rig = Rig::start().await;
    let token = rig.token("salaried").await;
    let right = rig.ask(&token, "accounts").send().await.unwrap().bytes().await.unwrap();
    rig.faults("wrong=endless");
    let mut answer = rig.ask(&token, "accounts").send().await.unwrap();
    let mut read = Vec::new();
    while read.len() < MUCH {
        read.extend_from_slice(&answer.chunk().await.unwrap().unwrap());
    }
    let (begin, rest) = read.split_at(right.len() - 1);
    assert_eq!(begin, &right[..right.len() - 1]);
    assert!(rest.iter().all(|byte| *byte == b' '));
}

#[tokio::test]
async fn an_answer_trickles() {
    let rig = Rig::start().await;
    let token = rig.token("salaried").await;
    let right = rig.accounts(&token).await;
    rig.faults("wrong=trickle");
    let begun = std::time::Instant::now();
    let first = rig.ask(&token, "accounts").send().await.unwrap().chunk().await.unwrap().unwrap();
    assert!(first.len() < 100, "{} bytes at once", first.len());
    assert_eq!(rig.accounts(&token).await, right);
    assert!(begun.elapsed() > Duration::from_secs(1));
}

#[tokio::test]
async fn a_connection_is_cut_after_so_many_bytes() {
    let rig = Rig::start().await;
    let token = rig.token("salaried").await;
    let right = rig.ask(&token, "accounts").send().await.unwrap().bytes().await.unwrap();
    for at in [0, 1, 100, right.len() + 10] {
        rig.faults(&format!("cutAtByte={at}"));
        let mut answer = rig.ask(&token, "accounts").send().await.unwrap();
        assert!(answer.content_length().unwrap() > u64::try_from(at).unwrap());
        let mut read = Vec::new();
        let ended = loop {
            match answer.chunk().await {
                Ok(Some(piece)) => read.extend_from_slice(&piece),
                Ok(None) => break Ok(()),
                Err(error) => break Err(error),
            }
        };
        assert!(ended.is_err(), "cut at {at}");
        assert_eq!(read, right[..at.min(right.len())], "cut at {at}");
    }
    rig.faults(r#"{"cutAtByte": 5, "operations": ["token"]}"#);
    assert_eq!(rig.exchange(&rig.code("salaried").await, &[]).await, (200, Value::Null));
}

#[tokio::test]
async fn the_quota_is_of_a_day_a_token_and_an_account() {
    let lifetime = jiff::SignedDuration::from_hours(72);
    let options = Options { page_size: 20, token_lifetime: lifetime, ..Options::ephemeral() };
    let rig = Rig::with(options).await;
    let (token, other) = (rig.token("saver").await, rig.token("saver").await);
    let accounts = rig.accounts(&token).await;
    let path =
        |nth: usize| format!("accounts/{}/transactions", accounts[nth]["id"].as_str().unwrap());
    rig.faults("quotaPerDay=4");
    for _ in 0..3 {
        assert_eq!(rig.get(&token, &path(0)).await.0, 200);
    }
    assert!(rig.pages(&token, &path(0), 9).await.len() > 4, "only first pages count");
    let answer = rig.ask(&token, &path(0)).send().await.unwrap();
    let until_midnight = (14 * 3_600).to_string();
    assert_eq!(answer.headers()["retry-after"], *until_midnight);
    assert_eq!(
        (answer.status().as_u16(), answer.json().await.unwrap()),
        (429, json!({"error": "quota_exceeded"}))
    );
    assert_eq!(rig.get(&token, &path(1)).await.0, 200);
    assert_eq!(rig.get(&other, &path(0)).await.0, 200);
    rig.clock.advance(Duration::from_hours(14));
    assert_eq!(rig.get(&token, &path(0)).await.0, 200);
}

#[tokio::test]
async fn a_page_comes_twice() {
    let rig = small_pages().await;
    let token = rig.token("salaried").await;
    let right = statement(&rig, &token).await;
    rig.faults("duplicatePage");
    let path = rig.transactions_path(&token).await;
    let pages = rig.pages(&token, &format!("{path}{HALF_YEAR}"), 1_000).await;
    for twice in pages.chunks(2) {
        assert_eq!(twice[0]["transactions"], twice[1]["transactions"]);
    }
    let all = joined(&pages);
    assert_eq!((all.len(), ids(&all)), (2 * right.len(), ids(&right)));
}

#[tokio::test]
async fn card_payments_of_fourteen_days_are_pending_too() {
    let rig = small_pages().await;
    let token = rig.token("joint").await;
    let right = statement(&rig, &token).await;
    rig.faults("pendingTwins,page=1");
    let all = statement(&rig, &token).await;
    let is_pending = |it: &&Value| it["status"] == "pending";
    let cards = right.iter().filter(|it| {
        let by_card = it["bankTransactionCode"] == "PMNT-CCRD-POSD";
        by_card && it["bookedOn"].as_str().is_some_and(|day| day >= "2026-11-14")
    });
    let mut twins = 0;
    for card in cards {
        let is_twin = |it: &&Value| {
            is_pending(it) && it["amount"] == card["amount"] && it["valueOn"] == card["valueOn"]
        };
        let twin = all.iter().find(is_twin).unwrap_or_else(|| panic!("{card} has no twin"));
        assert_ne!(twin["id"], card["id"]);
        twins += 1;
    }
    assert!(twins > 5, "{twins}");
    assert_eq!(ids(&all).len(), all.len());
    assert!(ids(&all).is_superset(&ids(&right)));
    assert!(all.len() > right.len(), "what is right has a few twins already");
}

#[tokio::test]
async fn a_history_is_short_without_a_word() {
    let rig = small_pages().await;
    let token = rig.token("salaried").await;
    let right = statement(&rig, &token).await;
    rig.faults("shortHistoryDays=30,page=1");
    let path = rig.transactions_path(&token).await;
    let pages = rig.pages(&token, &format!("{path}{HALF_YEAR}"), 1_000).await;
    assert_eq!(pages[0]["from"], "2026-06-01");
    let late = |it: &&Value| {
        it["bookedOn"].as_str().or(it["valueOn"].as_str()).is_some_and(|day| day >= "2026-10-29")
    };
    let expected: Vec<_> = right.iter().filter(late).cloned().collect();
    assert!(expected.len() > 20 && expected.len() < right.len());
    assert_eq!(joined(&pages), expected, "the pages after the first fit to it");
}

#[tokio::test]
async fn a_cursor_leads_to_the_same_page() {
    let rig = small_pages().await;
    let token = rig.token("salaried").await;
    rig.faults("cursorLoops,page=2");
    let path = rig.transactions_path(&token).await;
    let pages = rig.pages(&token, &path, 6).await;
    assert_ne!(pages[0], pages[1]);
    assert!(pages[1..].iter().all(|page| *page == pages[1]) && pages[1]["next"].is_string());
}

#[tokio::test]
async fn a_token_expires_and_a_consent_is_withdrawn_in_the_middle_for_good() {
    for (fault, answer) in [
        ("tokenExpires", (401, json!({"error": "invalid_token"}))),
        ("consentWithdrawn", (403, json!({"error": "consent_gone"}))),
    ] {
        let rig = small_pages().await;
        let (token, other) = (rig.token("salaried").await, rig.token("salaried").await);
        let path = rig.transactions_path(&token).await;
        rig.faults(&format!("{fault},page=2"));
        let first = rig.pages(&token, &path, 1).await.remove(0);
        let next = format!("{path}?cursor={}", first["next"].as_str().unwrap());
        assert_eq!(rig.get(&token, &next).await, answer, "{fault}");
        rig.bank.clear_faults();
        assert_eq!(rig.get(&token, "accounts").await, answer, "{fault}");
        assert_eq!(rig.get(&other, "accounts").await.0, 200, "{fault}");
    }
}

#[tokio::test]
async fn a_used_code_is_taken_again() {
    let rig = Rig::start().await;
    let code = rig.code("salaried").await;
    rig.faults("codeReplayAccepted");
    let mut tokens = HashSet::new();
    for _ in 0..3 {
        let (status, token) = rig.exchange(&code, &[]).await;
        assert_eq!(status, 200, "{token}");
        tokens.insert(token["access_token"].as_str().unwrap().to_owned());
    }
    assert_eq!(tokens.len(), 3);
    for token in &tokens {
        assert_eq!(rig.get(token, "accounts").await.0, 200);
    }
}

#[tokio::test]
async fn who_sends_a_person_back_lies_about_itself_or_about_the_question() {
    let rig = Rig::start().await;
    let right = rig.approved("salaried").await;
    for (name, other) in [("iss", "state"), ("state", "iss")] {
        rig.faults(&format!("{name}=missing"));
        let back = rig.approved("salaried").await;
        assert_eq!((value(&back, name), value(&back, other)), (None, value(&right, other)));
        rig.faults(&format!("{name}=wrong"));
        let (_, answer) = rig.decide(&rig.request_uri().await, "salaried", "refuse").await;
        let refused = sent_back(answer["location"].as_str().unwrap());
        for back in [rig.approved("salaried").await, refused] {
            let wrong = value(&back, name).unwrap();
            assert!(Some(&wrong) != value(&right, name).as_ref() && !wrong.is_empty(), "{name}");
            assert_eq!(value(&back, other), value(&right, other));
        }
    }
    rig.faults("state=wrong");
    let request_uri = rig.request_uri().await;
    let form = [("request_uri", &*request_uri), ("customer", "salaried"), ("decision", "approve")];
    let answer = rig.form("authorize", &form).send().await.unwrap();
    let location = answer.headers()["location"].to_str().unwrap().to_owned();
    assert!(location.starts_with(CALLBACK), "{location}");
    let state = value(&sent_back(&location), "state").unwrap();
    assert_eq!(state.len(), OTHER_STATE_LENGTH);
}

#[tokio::test]
async fn the_clock_of_the_bank_is_off() {
    let rig = Rig::start().await;
    let token = rig.token_by_consent("salaried").await;
    let answer = rig.ask(&token, "accounts").send().await.unwrap();
    assert_eq!(answer.headers()["date"], "Sat, 28 Nov 2026 10:00:00 GMT");
    rig.faults("clockOffSeconds=-86400");
    let answer = rig.ask(&token, "accounts").send().await.unwrap();
    assert_eq!(answer.headers()["date"], "Fri, 27 Nov 2026 10:00:00 GMT");
    let accounts: Value = answer.json().await.unwrap();
    assert_eq!(accounts["accounts"][0]["balance"]["on"], "2026-11-27");
    rig.faults("clockOffSeconds=3600");
    assert_eq!(rig.get(&token, "accounts").await.0, 401);
}
