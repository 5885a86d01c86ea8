//! What it says, and how it misbehaves on request.

use mainframe::{Faults, Pace, Rule};
use pretty_assertions::assert_eq;

use crate::support::{Account, Console, changed, erased, said};

fn told(
    id: &str,
    revision: u64,
    outcome: &str,
    applied: Option<u64>,
) -> (String, u64, String, Option<u64>) {
    (id.into(), revision, outcome.into(), applied)
}

#[tokio::test]
async fn a_newer_revision_is_applied_and_an_older_one_superseded() {
    let account = Account::start().await;
    let mainframe = mainframe::start(account.options()).await.unwrap();
    account.send(&changed("p1", 2)).await;
    assert_eq!(said(&account.answers(1).await), [told("p1", 2, "applied", Some(2))]);
    account.send(&changed("p1", 1)).await;
    assert_eq!(said(&account.answers(1).await), [told("p1", 1, "superseded", Some(2))]);
    account.send(&erased("p1", 3)).await;
    let [answer] = <[_; 1]>::try_from(account.answers(1).await).unwrap();
    assert_eq!(said(std::slice::from_ref(&answer)), [told("p1", 3, "applied", Some(3))]);
    assert_eq!(answer["type"], "com.iommi.mainframe.answered.v1");
    assert_eq!(answer["traceparent"], changed("p1", 3)["traceparent"]);
    assert_eq!((&answer["source"], &answer["subject"]), (&"/mainframe".into(), &"p1".into()));
    account.emptied().await;
    mainframe.stop().await;
}

#[tokio::test]
async fn a_busy_mainframe_applies_nothing_and_says_so() {
    let account = Account::start().await;
    let faults = Faults { busy: 1.0, ..Faults::default() };
    let mainframe =
        mainframe::start(mainframe::Options { faults, ..account.options() }).await.unwrap();
    account.send(&changed("p1", 1)).await;
    assert_eq!(said(&account.answers(1).await), [told("p1", 1, "busy", None)]);
    account.emptied().await;
    let console = Console::of(&mainframe);
    assert_eq!(console.put("faults", &serde_json::json!({})).await.0, 200);
    account.send(&changed("p1", 1)).await;
    assert_eq!(said(&account.answers(1).await), [told("p1", 1, "applied", Some(1))]);
}

#[tokio::test]
async fn what_breaks_a_rule_is_refused_with_its_code_and_an_erasure_never_is() {
    let account = Account::start().await;
    let faults = Faults { refuse: vec![Rule::LongName], ..Faults::default() };
    let _mainframe =
        mainframe::start(mainframe::Options { faults, ..account.options() }).await.unwrap();
    let mut long = changed("p1", 1);
    long["data"]["givenName"] = "x".repeat(41).into();
    account.send(&long).await;
    let [answer] = <[_; 1]>::try_from(account.answers(1).await).unwrap();
    assert_eq!(answer["data"]["outcome"], "refused");
    assert_eq!(answer["data"]["code"], "MF-1043");
    assert!(answer["data"]["reason"].as_str().unwrap().contains("40 EBCDIC characters"));
    account.send(&erased("p1", 2)).await;
    assert_eq!(said(&account.answers(1).await), [told("p1", 2, "applied", Some(2))]);
}

#[tokio::test]
async fn it_answers_twice_late_or_never() {
    let account = Account::start().await;
    let twice = Faults { twice: 1.0, ..Faults::default() };
    let mainframe =
        mainframe::start(mainframe::Options { faults: twice, ..account.options() }).await.unwrap();
    account.send(&changed("p1", 1)).await;
    let answers = account.answers(2).await;
    assert_eq!(answers[0], answers[1]);
    account.emptied().await;

    let console = Console::of(&mainframe);
    let put = async |faults| console.put("faults", &faults).await;
    assert_eq!(put(serde_json::json!({"late": 1, "lateSeconds": 3600})).await.0, 200);
    account.send(&changed("p2", 1)).await;
    account.emptied().await;
    assert_eq!(account.count("legacy-inbox").await, 3, "the late answer is there already");
    account.services.clock().advance(std::time::Duration::from_secs(3601));
    assert!(account.answers(1).await.iter().any(|answer| answer["subject"] == "p2"));

    assert_eq!(put(serde_json::json!({"never": 1})).await.0, 200);
    account.send(&changed("p3", 1)).await;
    account.emptied().await;
    assert_eq!(account.count("legacy-inbox").await, 3);
    assert_eq!(console.get("records/p3").await.1["revision"], 1);
}

#[tokio::test]
async fn a_message_that_is_taken_twice_is_superseded_the_second_time() {
    let account = Account::start().await;
    let faults = Faults { take_twice: 1.0, ..Faults::default() };
    let mainframe =
        mainframe::start(mainframe::Options { faults, ..account.options() }).await.unwrap();
    account.send(&changed("p1", 1)).await;
    assert_eq!(said(&account.answers(1).await), [told("p1", 1, "applied", Some(1))]);
    Console::of(&mainframe).put("faults", &serde_json::json!({})).await;
    account.services.clock().advance(std::time::Duration::from_secs(31));
    assert_eq!(said(&account.answers(1).await), [told("p1", 1, "superseded", Some(1))]);
    account.emptied().await;
}

#[tokio::test]
async fn answers_out_of_order_all_come_and_records_are_right() {
    let account = Account::start().await;
    let faults = Faults { out_of_order: 0.5, ..Faults::default() };
    for revision in 1..=20 {
        account.send(&changed("p1", revision)).await;
    }
    let mainframe =
        mainframe::start(mainframe::Options { faults, ..account.options() }).await.unwrap();
    let answers = account.answers(20).await;
    let revisions: Vec<_> =
        answers.iter().map(|answer| answer["data"]["revision"].as_u64().unwrap()).collect();
    assert!(!revisions.is_sorted(), "{revisions:?}");
    assert_eq!(Console::of(&mainframe).get("records/p1").await.1["revision"], 20);
}

#[tokio::test]
async fn nothing_is_taken_while_it_is_down_or_closed_or_faster_than_its_pace() {
    let account = Account::start().await;
    for number in 0..10 {
        account.send(&changed(&format!("p{number}"), 1)).await;
    }
    let faults = Faults { down: true, ..Faults::default() };
    let mainframe =
        mainframe::start(mainframe::Options { faults, ..account.options() }).await.unwrap();
    let console = Console::of(&mainframe);
    let status = console.get("status").await.1;
    assert_eq!(
        (&status["state"], &status["waiting"], &status["totals"]["taken"]),
        (&"down".into(), &10.into(), &0.into())
    );
    assert!(status["oldestWaitingSeconds"].is_u64());

    let slow = Pace { messages_per_second: Some(4.0), ..Pace::unlimited() };
    assert_eq!(console.put("pace", &serde_json::to_value(&slow).unwrap()).await.0, 200);
    let began = std::time::Instant::now();
    assert_eq!(console.put("faults", &serde_json::json!({})).await.0, 200);
    account.emptied().await;
    // Four may be taken at once: what a second without work has saved.
    assert!(began.elapsed().as_millis() >= 1_400, "{:?}", began.elapsed());
}
