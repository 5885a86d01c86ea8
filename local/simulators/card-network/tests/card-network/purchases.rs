//! Purchases: whatever goes wrong on the way, the book is what the platform was told.

use card_network::Faults;
use pretty_assertions::assert_eq;
use serde_json::{Value, json};

use crate::{platform::Kept, rig::Rig};

fn run(messages: u32) -> Value {
    let card = |number: u32| json!({"token": format!("tok_card_{number}"), "currency": "DKK", "account": format!("a{}", number / 2)});
    let cards: Vec<_> = (0..4).map(card).collect();
    json!({"cards": cards, "messages": messages, "seed": 11, "dayMs": 1})
}

/// What the platform was told that a card owes, in hundredths.
fn owed(kept: &Kept, token: &str) -> i64 {
    let of_card = kept.facts.values().filter(|fact| fact["card"] == token);
    let signed = of_card.map(|fact| {
        let amount = fact["amount"]["amount"]
            .as_str()
            .map_or(0, |text| text.replace('.', "").parse().unwrap());
        match fact["kind"].as_str().unwrap() {
            "capture" => amount,
            "refund" | "chargeback" => -amount,
            _ => 0,
        }
    });
    signed.sum()
}

async fn agrees(rig: &Rig) {
    let book = rig.get("v1/book").await;
    let mut total = 0;
    for number in 0..4 {
        let token = format!("tok_card_{number}");
        let line = &book["cards"][&token];
        assert_eq!(line["posted"], json!(owed(&rig.kept(), &token)), "{token}");
        total += line["posted"].as_i64().unwrap();
    }
    let accounts = book["accounts"].as_object().unwrap().values();
    assert_eq!(accounts.map(|line| line["posted"].as_i64().unwrap()).sum::<i64>(), total);
}

#[tokio::test]
async fn every_fault_at_once_and_the_book_is_what_the_platform_was_told() {
    let faults = Faults {
        duplicate: 0.3,
        reorder: 0.2,
        lose: 0.2,
        late: 0.2,
        over_capture: 0.2,
        no_authorisation: 0.1,
        unknown_token: 0.1,
        wrong_signature: 0.1,
        replayed_signature: 0.1,
        pan: 0.3,
        ..Faults::default()
    };
    let rig = Rig::start(faults).await;
    let (status, _) = rig.post("v1/simulation/run", run(300)).await;
    assert_eq!(status, 202);
    let state = rig.drained().await;
    assert_eq!(
        (&state["totals"]["violations"], &state["totals"]["refused"]),
        (&json!(0), &json!(0))
    );
    agrees(&rig).await;
    let kept = rig.kept();
    let names = kept.facts.values().filter_map(|fact| fact["merchant"]["name"].as_str());
    assert!(names.clone().any(|name| name.contains("4111 1111 1111 1111")));
    assert!(kept.refused > 10 && !kept.facts.keys().any(|id| id.ends_with("-forged")));
}

#[tokio::test]
async fn what_was_not_acknowledged_is_sent_again_by_the_next_process() {
    let dir = tempfile::tempdir().unwrap();
    let rig = Rig::start(Faults::default()).await.restarted(dir.path()).await;
    rig.platform_is(&json!({"down": "server-busy", "probability": 0.5})).await;
    rig.post("v1/simulation/run", run(60)).await;
    let rig = rig.restarted(dir.path()).await;
    rig.platform_is(&json!({})).await;
    rig.drained().await;
    agrees(&rig).await;
}

#[tokio::test]
async fn who_is_not_answered_in_time_goes_by_the_processors_rule_and_the_platform_is_advised() {
    let rig = Rig::start(Faults { ignore_answer: 1.0, ..Faults::default() }).await;
    let tap = async |amount: &str| {
        let body = json!({"token": "tok_by_hand", "amount": {"amount": amount, "currency": "DKK"}});
        rig.post("v1/simulation/tap", body).await.1
    };
    let (small, large) = (tap("49.00").await, tap("51.00").await);
    assert_eq!((&small["approved"], &small["by"]), (&json!(true), &json!("processor")));
    assert_eq!((&large["approved"], &large["by"]), (&json!(false), &json!("processor")));
    rig.drained().await;
    let book = rig.get("v1/book?card=tok_by_hand").await;
    assert_eq!(book["cards"]["tok_by_hand"]["held"], json!(4_900));
    let kinds: Vec<_> = rig.kept().facts.values().map(|fact| fact["kind"].clone()).collect();
    assert_eq!(kinds, [json!("advice"), json!("reversal")]);
}

#[tokio::test]
async fn somebody_taps_and_pays_by_hand() {
    let rig = Rig::start(Faults::default()).await;
    let price = json!({"amount": "100.00", "currency": "DKK"});
    let (_, tapped) =
        rig.post("v1/simulation/tap", json!({"token": "tok_by_hand", "amount": price})).await;
    assert_eq!((&tapped["approved"], &tapped["by"]), (&json!(true), &json!("platform")));
    let capture = json!({"authorisation": tapped["authorisation"], "kind": "capture", "amount": price, "last": true});
    assert_eq!(rig.post("v1/simulation/fact", capture).await.0, 202);
    let refund = json!({"token": "tok_by_hand", "kind": "refund", "amount": {"amount": "30.00", "currency": "DKK"}});
    assert_eq!(rig.post("v1/simulation/fact", refund).await.0, 202);
    rig.drained().await;
    let book = rig.get("v1/book").await;
    assert_eq!(book["cards"]["tok_by_hand"]["posted"], json!(7_000));
    let wrong = json!({"token": "tok_by_hand", "amount": {"amount": "1.001", "currency": "DKK"}});
    assert_eq!(rig.post("v1/simulation/tap", wrong).await.0, 400);
    let page = http_text(rig.network.url()).await;
    assert!(page.contains("Letters with codes") && page.contains("A till"), "{page}");
}

async fn http_text(url: &str) -> String {
    crate::rig::http().get(url).send().await.unwrap().text().await.unwrap()
}
