//! The card network's messages: signed, repeated, in any order, and without card numbers.

use crate::support::{TestApp, kroner};
use jiff::Timestamp;
use pretty_assertions::assert_eq;
use serde_json::{Value, json};

#[tokio::test]
async fn a_message_that_is_not_signed_is_not_read() {
    let app = TestApp::start().await;
    let opened = app.opened("signed", "100.00").await;
    let body = json!({"id": "a", "card": opened.token, "amount": kroner("1.00"), "merchant": {"name": "x"}});
    let now = Timestamp::now().as_second();
    let key = b"local-only-key-not-a-secret-0003";
    app.signed("authorisations", &body, now, b"another-key-another-key-another!").await.refused(
        401,
        "not-signed",
        &["Network-Signature"],
    );
    // What lies ahead comes nearer while the test goes on.
    for (path, at) in [("authorisations", now - 301), ("events", now + 400)] {
        let answer = app.signed(path, &body, at, key).await;
        answer.refused(401, "not-signed", &["Network-Signature"]);
    }
    assert_eq!(app.account(&opened).await["held"], kroner("0.00"));
}

#[tokio::test]
async fn the_same_question_gets_the_same_answer_and_the_same_fact_is_taken_once() {
    let app = TestApp::start().await;
    let opened = app.opened("twice", "100.00").await;
    assert_eq!(app.asks(&opened, "a", "60.00").await, Value::Null);
    assert_eq!(app.asks(&opened, "b", "60.00").await, "account-limit");
    let expiry = json!({"authorisation": "a"});
    assert_eq!(app.tells(&opened, "e", "expiry", expiry.clone()).await, 201);
    assert_eq!(app.tells(&opened, "e", "expiry", expiry).await, 200);
    // By now there is room; but who asked was answered.
    assert_eq!(app.asks(&opened, "b", "60.00").await, "account-limit");
    assert_eq!(app.asks(&opened, "a", "60.00").await, Value::Null);
    assert_eq!(app.account(&opened).await["held"], kroner("0.00"));
}

#[tokio::test]
async fn a_capture_that_is_faster_than_its_authorisation_is_posted_and_holds_nothing() {
    let app = TestApp::start().await;
    let opened = app.opened("early", "100.00").await;
    let capture = json!({"authorisation": "a", "amount": kroner("40.00"), "merchant": {"name": "Hotel", "category": 7011}});
    assert_eq!(app.tells(&opened, "c", "capture", capture).await, 201);
    assert_eq!(app.asks(&opened, "a", "40.00").await, Value::Null);
    assert_eq!(app.stands(&opened).await, ("40.00".into(), "0.00".into(), "60.00".into()));
}

#[tokio::test]
async fn what_is_wrong_with_a_message_is_said() {
    let app = TestApp::start().await;
    let opened = app.opened("wrong", "100.00").await;
    let tell = async |members: Value| {
        let mut body =
            json!({"id": "x", "card": opened.token, "kind": "capture", "amount": kroner("1.00")});
        body.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        app.network("events", &body).await
    };
    tell(json!({"amount": {"amount": "1.00", "currency": "EUR"}})).await.refused(
        422,
        "invalid-body",
        &["/amount"],
    );
    tell(json!({"kind": "expiry"})).await.refused(422, "invalid-body", &["/authorisation"]);
    tell(json!({"card": "tok_nobody_has_it"})).await.refused(404, "no-such-card", &[]);
    let unknown = json!({"id": "y", "card": "tok_nobody_has_it", "amount": kroner("1.00"), "merchant": {"name": "x"}});
    let answer = app.network("authorisations", &unknown).await.expect(200).json();
    assert_eq!(answer["reason"], "unknown-card");
}

#[tokio::test]
async fn a_card_number_in_a_merchants_name_is_kept_nowhere() {
    let app = TestApp::start().await;
    let opened = app.opened("pan", "100.00").await;
    let capture =
        json!({"amount": kroner("9.00"), "merchant": {"name": "REF 4111 1111 1111 1111 SHOP"}});
    app.tells(&opened, "c", "capture", capture).await;
    let page = app.get(&opened.path("/transactions")).await.expect(200).json();
    assert_eq!(page["items"][0]["merchant"]["name"], "REF **** **** **** 1111 SHOP");
    let limit = json!({"limit": kroner("90.00"), "why": "card 4111-1111-1111-1111 was lost"});
    app.put(&opened.path("/limit"), &limit).await.expect(200);
    let number = "4111111111111111";
    let question = json!({"id": number, "card": opened.token, "amount": kroner("1.00"), "merchant": {"name": "x"}});
    for _ in 0..2 {
        let answer = app.network("authorisations", &question).await.expect(200).json();
        assert_eq!((&answer["id"], &answer["approved"]), (&json!(number), &json!(true)));
    }
    assert_eq!(app.account(&opened).await["held"], kroner("1.00"));
    let stored = json!(app.documents("accounts").all().await).to_string();
    assert!(!stored.contains("4111") && !stored.contains(&opened.token), "{stored}");
}

#[tokio::test]
async fn a_frozen_card_approves_nothing_and_what_was_approved_before_stands() {
    let app = TestApp::start().await;
    let opened = app.opened("frozen", "100.00").await;
    assert_eq!(app.asks(&opened, "a", "10.00").await, Value::Null);
    let freeze = opened.path(&format!("/cards/{}/freeze", opened.card));
    app.put(&freeze, &json!({})).await.expect(200);
    assert_eq!(app.asks(&opened, "b", "10.00").await, "card-frozen");
    let capture = json!({"authorisation": "a", "amount": kroner("10.00"), "last": true});
    assert_eq!(app.tells(&opened, "c", "capture", capture).await, 201);
    app.delete(&freeze).await.expect(200);
    assert_eq!(app.asks(&opened, "d", "10.00").await, Value::Null);
}
