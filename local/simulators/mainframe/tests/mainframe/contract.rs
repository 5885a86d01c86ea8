//! Claim checks, and messages that break the contract.

use std::time::Duration;

use mainframe::Pace;
use pretty_assertions::assert_eq;
use serde_json::{Value, json};

use crate::support::{Account, Console, base64, changed};

#[tokio::test]
async fn a_claim_check_is_redeemed() {
    let account = Account::start().await;
    let mainframe = mainframe::start(account.options()).await.unwrap();
    let state =
        json!({"id": "p1", "revision": 4, "givenName": "a \u{1f600} \u{5e9}".repeat(20_000)});
    account.store("p1/4.json", &state).await;
    let mut event = changed("p1", 4);
    event["data"] = Value::Null;
    event["dataref"] = json!("legacy-payloads/p1/4.json");
    account.send(&event).await;
    assert_eq!(account.answers(1).await[0]["data"]["outcome"], "applied");
    let record = Console::of(&mainframe).get("records/p1").await.1;
    assert_eq!(record["state"], state);

    // The payload of an old revision is not asked for.
    event["revision"] = json!(3);
    event["dataref"] = json!("legacy-payloads/p1/3.json");
    account.send(&event).await;
    assert_eq!(account.answers(1).await[0]["data"]["outcome"], "superseded");
}

#[tokio::test]
async fn what_cannot_be_read_five_times_goes_to_the_poison_queue_as_it_was() {
    let account = Account::start().await;
    let pace = Pace { visibility_seconds: 1, ..Pace::unlimited() };
    let mainframe =
        mainframe::start(mainframe::Options { pace, ..account.options() }).await.unwrap();
    let mut other = changed("p1", 1);
    other["data"]["id"] = json!("p2");
    let mut missing = changed("p3", 1);
    missing["data"] = Value::Null;
    missing["dataref"] = json!("legacy-payloads/p3/1.json");
    let texts = [
        "no base64!".to_owned(),
        base64("no JSON"),
        base64(&other.to_string()),
        base64(&missing.to_string()),
    ];
    for text in &texts {
        account.send_text(text).await;
    }
    account.send(&changed("p1", 1)).await;
    assert_eq!(
        account.answers(1).await[0]["data"]["outcome"],
        "applied",
        "the good one is not held up"
    );
    let console = Console::of(&mainframe);
    for round in 1..=4 {
        let unreadable = 4 * round;
        console
            .status_shows("a round", |status| status["totals"]["unreadable"] == unreadable)
            .await;
        assert_eq!(account.count("legacy-outbox-poison").await, 0);
        account.services.clock().advance(Duration::from_secs(2));
    }
    let mut poison = account.take("legacy-outbox-poison", 4).await;
    poison.sort();
    let mut sent = texts.to_vec();
    sent.sort();
    assert_eq!(poison, sent);
    account.emptied().await;
}

#[tokio::test]
async fn a_payload_that_cannot_be_had_now_is_not_poison() {
    let account = Account::start().await;
    let state = json!({"id": "p1", "revision": 1});
    account.store("p1/1.json", &state).await;
    let rule = local_data::Rule {
        service: local_data::Service::Blob,
        only: local_data::Requests::default(),
        fault: local_data::Fault::Unavailable,
        when: local_data::When::Next(6),
    };
    account.services.faults().add(rule);
    let mainframe = mainframe::start(account.options()).await.unwrap();
    let mut event = changed("p1", 1);
    event["data"] = Value::Null;
    event["dataref"] = json!("legacy-payloads/p1/1.json");
    account.send(&event).await;
    let console = Console::of(&mainframe);
    for times in 1..=6 {
        console.status_shows("taken", |status| status["totals"]["taken"] == times).await;
        account.services.clock().advance(Duration::from_secs(31));
    }
    assert_eq!(account.answers(1).await[0]["data"]["outcome"], "applied");
    assert_eq!(account.count("legacy-outbox-poison").await, 0);
}
