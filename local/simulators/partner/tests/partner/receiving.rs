//! What is believed, and what is worked at once.

use pretty_assertions::assert_eq;
use reqwest::Method;
use serde_json::{Value, json};
use webhooks::{PrivateKey, Secret, Signer};

use crate::rig::{BODY, Rig, signed};

#[tokio::test]
async fn a_message_is_taken_once_however_often_it_comes() {
    let rig = Rig::start().await;
    for expected in [false, true, true] {
        let answer = rig.send("msg_1").await;
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.json::<Value>().await.unwrap(), json!({"repeated": expected}));
    }
    let message = rig.received("main", "msg_1").await;
    let shown = ["type", "times", "repeated", "body", "bodyChanged"].map(|name| &message[name]);
    let expected = [json!("invoice.paid"), json!(3), json!(2), json!(BODY), json!(false)];
    assert_eq!(shown.map(Clone::clone), expected);
    let attempts = message["attempts"].as_array().unwrap();
    assert!(attempts.iter().all(|one| one["refused"].is_null() && one["answered"] == 200));
    assert!(attempts.iter().all(|one| one["sentAt"].is_string() && one["key"] == 0));
    let counts = rig.get("v1/simulation").await;
    assert_eq!((&counts["messages"], &counts["taken"]), (&json!(1), &json!(1)));
    assert_eq!((&counts["attempts"], &counts["repeated"]), (&json!(3), &json!(2)));
}

#[tokio::test]
async fn what_is_not_signed_with_its_keys_is_refused_and_told_why() {
    let rig = Rig::start().await;
    let (ours, others) = (Signer::new(rig.secret.clone()), Signer::new(Secret::generate()));
    let cases = [
        ("msg_other", signed(&others, "msg_other", 0), BODY, "no signature is right"),
        ("msg_body", signed(&ours, "msg_body", 0), "{}", "no signature is right"),
        ("msg_old", signed(&ours, "msg_old", -400), BODY, "s ago"),
        ("msg_new", signed(&ours, "msg_new", 400), BODY, "in the future"),
    ];
    for (id, headers, body, why) in cases {
        let answer = rig.send_signed("main", &headers, body).await;
        assert_eq!(answer.status(), 400);
        let detail = answer.json::<Value>().await.unwrap()["detail"].to_string();
        assert!(detail.contains(why), "{detail}");
        let message = rig.received("main", id).await;
        assert_eq!((&message["takenAt"], &message["body"]), (&Value::Null, &Value::Null));
        assert!(message["attempts"][0]["refused"].to_string().contains(why), "{message}");
    }
    let answer = rig.send_signed("nobody", &signed(&ours, "msg_1", 0), BODY).await;
    assert_eq!(answer.status(), 400);
    let without = rig.ask(Method::POST, "hooks/main", &json!({})).await;
    assert_eq!(without.0, 400);
    assert_eq!(rig.get("v1/simulation").await["neverBelieved"], json!(6));
}

#[tokio::test]
async fn both_kinds_of_keys_and_both_keys_of_a_rotation_are_believed() {
    let rig = Rig::start().await;
    let (new, old) = (PrivateKey::generate(), Secret::generate());
    rig.believes("second", &[new.public_key().to_string(), old.expose()]).await;
    let signers = [
        ("msg_new", Signer::new(new.clone()), 0),
        ("msg_old", Signer::new(old.clone()), 1),
        ("msg_both", Signer::new(old).and(new), 0),
    ];
    for (id, signer, key) in signers {
        let answer = rig.send_signed("second", &signed(&signer, id, 0), BODY).await;
        assert_eq!(answer.status(), 200, "{id}");
        let message = rig.received("second", id).await;
        assert_eq!(message["attempts"][0]["key"], json!(key), "{id}");
    }
    let receivers = rig.get("v1/simulation/receivers").await;
    let second = json!({"name": "second", "path": "/hooks/second", "keys": ["whpk_", "whsec_"]});
    assert_eq!(receivers["receivers"][1], second);
}

#[tokio::test]
async fn another_body_under_the_same_id_is_noticed() {
    let rig = Rig::start().await;
    rig.send("msg_1").await;
    let signer = Signer::new(rig.secret.clone());
    let headers = signer.sign(&"msg_1".parse().unwrap(), jiff::Timestamp::now(), b"{}");
    rig.send_signed("main", &headers, "{}").await;
    assert_eq!(rig.received("main", "msg_1").await["bodyChanged"], json!(true));
    assert_eq!(rig.get("v1/simulation").await["bodyChanged"], json!(1));
}

#[tokio::test]
async fn what_came_is_found_by_receiver_and_number_and_forgotten_on_request() {
    let rig = Rig::start().await;
    rig.believes("second", &[rig.secret.expose()]).await;
    let signer = Signer::new(rig.secret.clone());
    for (receiver, id) in [("main", "msg_1"), ("second", "msg_1"), ("main", "msg_2")] {
        rig.send_signed(receiver, &signed(&signer, id, 0), BODY).await;
    }
    let count = async |query: &str| {
        let received = rig.get(&format!("v1/simulation/received{query}")).await;
        received["messages"].as_array().unwrap().len()
    };
    assert_eq!(
        (count("").await, count("?receiver=main").await, count("?after=2").await),
        (3, 2, 1)
    );
    rig.ask(Method::DELETE, "v1/simulation/received?receiver=main", &Value::Null).await;
    assert_eq!((count("").await, count("?receiver=main").await), (1, 0));
}
