//! What the partner does wrong.

use std::time::Duration;

use pretty_assertions::assert_eq;
use serde_json::{Value, json};
use webhooks::{Secret, Signer};

use crate::rig::{BODY, Rig, signed};

/// How long nothing else comes, so that what is without an end is known for it.
const A_WHILE: Duration = Duration::from_millis(300);

#[tokio::test]
async fn the_first_attempts_of_each_message_are_answered_as_it_is_told() {
    let rig = Rig::start().await;
    rig.faults("status=500,firstAttempts=2");
    for id in ["msg_1", "msg_2"] {
        let mut answers = Vec::new();
        for _ in 0..3 {
            answers.push(rig.send(id).await.status().as_u16());
        }
        assert_eq!(answers, [500, 500, 200], "{id}");
        let message = rig.received("main", id).await;
        assert_eq!((&message["times"], &message["repeated"]), (&json!(3), &json!(0)));
    }
}

#[tokio::test]
async fn an_answer_has_the_status_the_wait_and_the_place_that_it_is_told() {
    let rig = Rig::start().await;
    for (faults, status, header, value) in [
        ("status=429,retryAfterSeconds=7", 429, "retry-after", Some("7")),
        ("status=410", 410, "retry-after", None),
        (
            "redirectTo=http://127.0.0.1:9/inside",
            307,
            "location",
            Some("http://127.0.0.1:9/inside"),
        ),
        ("status=302,redirectTo=/hooks/second", 302, "location", Some("/hooks/second")),
    ] {
        rig.faults(faults);
        let answer = rig.send("msg_1").await;
        let found = answer.headers().get(header).map(|value| value.to_str().unwrap());
        assert_eq!((answer.status().as_u16(), found), (status, value), "{faults}");
    }
    let message = rig.received("main", "msg_1").await;
    assert_eq!((&message["times"], &message["takenAt"]), (&json!(4), &Value::Null));
}

#[tokio::test]
async fn a_message_whose_answer_is_lost_or_late_was_taken() {
    let rig = Rig::start().await;
    let signer = Signer::new(rig.secret.clone());
    for (faults, id) in [("loseAnswer", "msg_lost"), ("answerDelayMs=600000", "msg_late")] {
        rig.faults(faults);
        let sent = rig.try_sending("main", &signed(&signer, id, 0), BODY, A_WHILE).await;
        assert!(sent.is_err(), "{faults}");
        rig.faults("");
        let again = rig.send(id).await.json::<Value>().await.unwrap();
        assert_eq!(again, json!({"repeated": true}), "{faults}");
        assert_eq!(rig.received("main", id).await["times"], json!(2));
    }
}

#[tokio::test]
async fn a_body_is_slow_or_has_no_end() {
    let rig = Rig::start().await;
    let signer = Signer::new(rig.secret.clone());
    for faults in ["slowBodyMs=100", "endlessBody"] {
        rig.faults(faults);
        let headers = signed(&signer, "msg_1", 0);
        let mut answer = rig.try_sending("main", &headers, BODY, A_WHILE).await.unwrap();
        assert_eq!(answer.status(), 200, "{faults}");
        assert!(answer.chunk().await.unwrap().is_some(), "{faults}");
        assert!(answer.bytes().await.is_err(), "{faults}");
    }
}

#[tokio::test]
async fn a_careless_partner_believes_everything_or_only_the_oldest_key() {
    let rig = Rig::start().await;
    let (new, old) = (Secret::generate(), rig.secret.clone());
    rig.believes("main", &[new.expose(), old.expose()]).await;
    let send = async |signer: Signer| {
        rig.send_signed("main", &signed(&signer, "msg_1", 0), BODY).await.status().as_u16()
    };
    rig.faults("believes=oldest-key");
    assert_eq!(send(Signer::new(new.clone())).await, 400);
    assert_eq!(send(Signer::new(new).and(old)).await, 200);
    rig.faults("believes=everything");
    assert_eq!(send(Signer::new(Secret::generate())).await, 200);
    let message = rig.received("main", "msg_1").await;
    assert!(message["attempts"][2]["refused"].is_string(), "{message}");
}

#[tokio::test]
async fn a_partner_whose_clock_is_off_refuses_what_is_right() {
    let rig = Rig::start().await;
    for (faults, expected) in
        [("clockOffSeconds=240", 200), ("clockOffSeconds=600", 400), ("clockOffSeconds=-600", 400)]
    {
        rig.faults(faults);
        assert_eq!(rig.send("msg_1").await.status(), expected, "{faults}");
    }
}

#[tokio::test]
async fn only_the_receiver_that_is_named_is_struck_and_only_so_often() {
    let rig = Rig::start().await;
    rig.believes("second", &[rig.secret.expose()]).await;
    rig.faults("receiver=second,down=closed,times=1");
    let headers = signed(&Signer::new(rig.secret.clone()), "msg_1", 0);
    assert_eq!(rig.send("msg_1").await.status(), 200);
    assert_eq!(rig.text("return?consentId=c-1").await.matches("c-1").count(), 1);
    assert!(rig.try_sending("second", &headers, BODY, A_WHILE).await.is_err());
    assert_eq!(rig.send_signed("second", &headers, BODY).await.status(), 200);
    assert_eq!(rig.received("second", "msg_1").await["times"], json!(1));
}
