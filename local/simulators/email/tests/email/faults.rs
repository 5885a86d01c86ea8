//! The mail service does wrong what it is told.

use std::time::Duration;

use pretty_assertions::assert_eq;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::rig::{Rig, mail, told};

#[tokio::test]
async fn it_has_no_time_for_hours() {
    let rig = Rig::start().await;
    rig.faults("retryAfterSeconds=7200,times=1");
    let answer = rig.sending(Uuid::new_v4(), &mail("kim@example.com")).send().await.unwrap();
    assert_eq!(
        (answer.status().as_u16(), &answer.headers()["retry-after"]),
        (429, &"7200".parse().unwrap())
    );
    assert_eq!(told(answer).await.1["error"]["code"], "TooManyRequests");
    rig.sent("kim@example.com").await;
}

#[tokio::test]
async fn so_many_mails_in_an_hour_and_then_there_is_room_again() {
    let rig = Rig::start().await;
    rig.faults("perHour=2");
    rig.sent("a@example.com").await;
    rig.clock.advance(Duration::from_mins(20));
    let second = Uuid::new_v4();
    assert_eq!(rig.send(second, &mail("b@example.com")).await.0, 202);
    let answer = rig.sending(Uuid::new_v4(), &mail("c@example.com")).send().await.unwrap();
    assert_eq!(
        (answer.status().as_u16(), &answer.headers()["retry-after"]),
        (429, &"2400".parse().unwrap())
    );
    // What was taken before is known, and costs nothing.
    assert_eq!(rig.send(second, &mail("b@example.com")).await.0, 202);
    rig.clock.advance(Duration::from_mins(40));
    rig.sent("c@example.com").await;
}

#[tokio::test]
async fn an_operation_is_lost_with_its_mail_or_without() {
    let rig = Rig::start().await;
    rig.faults("loseOperation=mail,times=1");
    let lost = rig.sent("kim@example.com").await;
    assert_eq!(rig.state(lost).await.0, 404);
    assert_eq!(rig.get("v1/simulation").await["arrived"], 0);
    // Sent again with the same id it is a mail.
    assert_eq!(rig.send(lost, &mail("kim@example.com")).await.0, 202);
    assert_eq!(rig.state(lost).await.1["status"], "Succeeded");
    assert_eq!(rig.get("v1/simulation").await["arrived"], 1);
    rig.faults("loseOperation=operation,times=1");
    let known_to_nobody = rig.sent("tim@example.com").await;
    assert_eq!(rig.state(known_to_nobody).await.0, 404);
    assert_eq!(rig.mails("tim").await[0]["arrived"], true);
}

#[tokio::test]
async fn a_mail_is_taken_and_the_answer_is_lost_or_does_not_come() {
    let rig = Rig::start().await;
    rig.faults("loseAnswer,times=1");
    let id = Uuid::new_v4();
    assert!(rig.sending(id, &mail("kim@example.com")).send().await.is_err());
    assert_eq!(rig.state(id).await.1["status"], "Succeeded");
    for fault in ["hang", "answerDelayMs=600000"] {
        rig.faults(fault);
        let id = Uuid::new_v4();
        let waits = tokio::spawn(rig.sending(id, &mail("kim@example.com")).send());
        rig.eventually(async || (rig.state(id).await.0 == 200).then_some(())).await;
        assert!(!waits.is_finished());
        waits.abort();
    }
    assert_eq!(rig.get("v1/simulation").await["mails"], 3);
}

#[tokio::test]
async fn a_repeated_operation_id_sends_the_mail_again() {
    let rig = Rig::start().await;
    let id = rig.sent("kim@example.com").await;
    rig.published(1).await;
    rig.faults("sendsAgain,times=1");
    for _ in 0..2 {
        assert_eq!(rig.send(id, &mail("kim@example.com")).await.0, 202);
    }
    let mails = rig.mails("kim").await;
    assert_eq!((mails.len(), &mails[0]["times"], &mails[0]["repeated"]), (1, &json!(2), &json!(2)));
    assert_eq!(rig.get("v1/simulation").await["sentAgain"], 1);
    assert_eq!(rig.published(2).await.len(), 2);
}

#[tokio::test]
async fn an_operation_fails_in_the_end_and_nothing_is_reported() {
    let rig = Rig::start().await;
    rig.faults("fails,runningSeconds=60");
    let id = rig.sent("kim@example.com").await;
    rig.clock.advance(Duration::from_secs(30));
    assert_eq!(rig.state(id).await.1["status"], "Running");
    rig.clock.advance(Duration::from_secs(30));
    let (status, failed) = rig.state(id).await;
    assert_eq!(
        (status, &failed["status"], &failed["error"]["code"]),
        (200, &json!("Failed"), &json!("EmailDropped"))
    );
    let counts = rig.get("v1/simulation").await;
    assert_eq!(
        (&counts["failed"], &counts["arrived"], &counts["reports"]),
        (&json!(1), &json!(0), &json!(0))
    );
}

#[tokio::test]
async fn reports_say_what_they_are_told_and_only_about_whom() {
    let rig = Rig::start().await;
    let mut known = 0;
    for status in ["Bounced", "Suppressed", "Quarantined", "FilteredSpam", "Expanded", "Failed"] {
        rig.faults(&format!("report={status},recipient=kim@example.com"));
        rig.sent("kim@example.com").await;
        rig.sent("tim@example.com").await;
        known += 2;
        let events = rig.published(known).await;
        let about = |to: &str| {
            let found = events.iter().rev().find(|event| event["data"]["recipient"] == to);
            found.unwrap()["data"]["status"].clone()
        };
        assert_eq!(
            (about("kim@example.com"), about("tim@example.com")),
            (json!(status), json!("Delivered"))
        );
    }
}

#[tokio::test]
async fn reports_come_twice_late_before_the_answer_or_never() {
    let rig = Rig::start().await;
    rig.faults("reportTwice");
    rig.sent("twice@example.com").await;
    let events = rig.published(2).await;
    assert_eq!((events.len(), &events[0]), (2, &events[1]));

    rig.faults("reportDelaySeconds=3600");
    rig.sent("late@example.com").await;
    rig.faults("reportNever");
    rig.sent("never@example.com").await;
    rig.faults("reportEarly,runningSeconds=600");
    let early = rig.sent("early@example.com").await;
    // The answer has come, so the report has.
    let before: Vec<Value> =
        rig.events().iter().map(|one| one["data"]["recipient"].clone()).collect();
    assert_eq!(before, ["twice@example.com", "twice@example.com", "early@example.com"]);
    assert_eq!(rig.state(early).await.1["status"], "NotStarted");
    rig.clock.advance(Duration::from_hours(1));
    assert_eq!(rig.published(4).await[3]["data"]["recipient"], "late@example.com");
    assert_eq!(rig.get("v1/simulation").await["openReports"], 0);
}
