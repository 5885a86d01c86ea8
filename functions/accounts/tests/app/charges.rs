//! Charges of merchants of our own: without a card, once each, and never more than there is.

use crate::support::{Opened, TestApp, kroner};
use app_tests::{Answer, Method, Requests, Service};
use futures::future::join_all;
use pretty_assertions::assert_eq;
use serde_json::{Value, json};
use std::time::Duration;
use uuid::Uuid;

const A_MONTH: Duration = Duration::from_secs(31 * 24 * 60 * 60);
const A_MINUTE: Duration = Duration::from_secs(60);

/// An account, whose it is, and a charge of it.
struct Charge {
    opened: Opened,
    profile: String,
    id: String,
}

impl Charge {
    async fn of(app: &TestApp, limit: &str) -> Self {
        let profile = Uuid::now_v7().to_string();
        let opened = app.opened_for(&profile, "Nordlys", limit).await;
        Self { opened, profile, id: Uuid::now_v7().to_string() }
    }

    fn path(&self) -> String {
        self.opened.path(&format!("/charges/{}", self.id))
    }

    fn body(&self, amount: &str) -> Value {
        let merchant = json!({"name": "Iommi ApS", "category": 5734});
        json!({"profileId": self.profile, "amount": kroner(amount), "merchant": merchant})
    }

    async fn hold(&self, app: &TestApp, amount: &str) -> Answer {
        app.put(&self.path(), &self.body(amount)).await
    }

    async fn capture(&self, app: &TestApp, amount: &str) -> Answer {
        app.put(&format!("{}/capture", self.path()), &json!({"amount": kroner(amount)})).await
    }

    async fn reverse(&self, app: &TestApp) -> Answer {
        app.delete(&format!("{}?profileId={}", self.path(), self.profile)).await
    }

    async fn refund(&self, app: &TestApp, id: &str, amount: &str) -> Answer {
        let path = format!("{}/refunds/{id}", self.path());
        app.put(&path, &json!({"amount": kroner(amount)})).await
    }

    async fn state(&self, app: &TestApp) -> Value {
        app.get(&self.path()).await.expect(200).json()["state"].clone()
    }
}

fn amounts(posted: &str, held: &str, remaining: &str) -> (String, String, String) {
    (posted.to_owned(), held.to_owned(), remaining.to_owned())
}

#[tokio::test]
async fn a_charge_is_held_and_captured_and_stands_among_the_purchases() {
    let app = TestApp::start().await;
    let charge = Charge::of(&app, "100.00").await;
    app.get(&charge.path()).await.refused(404, "no-such-charge", &[]);
    let held = charge.hold(&app, "60.00").await.expect(201).json();
    assert_eq!((&held["state"], &held["amount"]), (&json!("held"), &kroner("60.00")));
    assert_eq!(app.stands(&charge.opened).await, amounts("0.00", "60.00", "40.00"));
    let latest = async || {
        let screen = app.get(&charge.opened.path("/overview")).await.expect(200).json();
        let one = screen["transactions"]["latest"][0].clone();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        assert_eq!(
            (text(&one["merchant"]["name"]), one["cardId"].clone()),
            ("Iommi ApS".to_owned(), Value::Null)
        );
        (
            text(&one["state"]),
            text(&one["amount"]["amount"]),
            text(&screen["spend"]["remaining"]["amount"]),
        )
    };
    assert_eq!(latest().await, amounts("pending", "60.00", "40.00"));
    let captured = charge.capture(&app, "55.00").await.expect(201).json();
    assert_eq!((&captured["state"], &captured["captured"]), (&json!("captured"), &kroner("55.00")));
    assert_eq!(latest().await, amounts("posted", "55.00", "45.00"));
    let path = charge.opened.path(&format!("/transactions/charge-{}", charge.id));
    assert_eq!(app.get(&path).await.expect(200).json()["state"], "posted");
    let refund = Uuid::now_v7().to_string();
    charge.refund(&app, &refund, "15.00").await.expect(201);
    assert_eq!(app.stands(&charge.opened).await, amounts("40.00", "0.00", "60.00"));
    app.balanced().await;
}

#[tokio::test]
async fn what_is_asked_for_again_is_done_once_and_what_differs_is_refused() {
    let app = TestApp::start().await;
    let charge = Charge::of(&app, "100.00").await;
    charge.hold(&app, "60.00").await.expect(201);
    assert_eq!(charge.hold(&app, "60.00").await.expect(200).json()["state"], "held");
    charge.hold(&app, "61.00").await.refused(409, "charge-differs", &[]);
    charge.capture(&app, "60.01").await.refused(409, "charge-exceeded", &[]);
    charge.capture(&app, "60.00").await.expect(201);
    assert_eq!(charge.capture(&app, "60.00").await.expect(200).json()["state"], "captured");
    charge.capture(&app, "59.00").await.refused(409, "charge-differs", &[]);
    charge.reverse(&app).await.refused(409, "charge-state", &[]);
    let (one, other) = (Uuid::now_v7().to_string(), Uuid::now_v7().to_string());
    charge.refund(&app, &one, "20.00").await.expect(201);
    charge.refund(&app, &one, "20.00").await.expect(200);
    charge.refund(&app, &one, "21.00").await.refused(409, "charge-differs", &[]);
    charge.refund(&app, &other, "40.01").await.refused(409, "charge-exceeded", &[]);
    charge.refund(&app, &other, "40.00").await.expect(201);
    assert_eq!(app.stands(&charge.opened).await, amounts("0.00", "0.00", "100.00"));
}

#[tokio::test]
async fn what_there_is_not_is_declined_and_stays_declined() {
    let app = TestApp::start().await;
    let charge = Charge::of(&app, "50.00").await;
    let declined = charge.hold(&app, "50.01").await.expect(201).json();
    assert_eq!(
        (&declined["state"], &declined["reason"]),
        (&json!("declined"), &json!("account-limit"))
    );
    let limit = json!({"limit": kroner("90.00"), "why": "a good customer"});
    app.put(&charge.opened.path("/limit"), &limit).await.expect(200);
    assert_eq!(charge.hold(&app, "50.01").await.expect(200).json()["state"], "declined");
    charge.capture(&app, "1.00").await.refused(409, "charge-state", &[]);
    charge.reverse(&app).await.expect(204);
    let euros = Charge { id: Uuid::now_v7().to_string(), ..charge };
    let mut body = euros.body("1.00");
    body["amount"]["currency"] = json!("EUR");
    assert_eq!(app.put(&euros.path(), &body).await.expect(201).json()["reason"], "currency");
    assert_eq!(app.stands(&euros.opened).await, amounts("0.00", "0.00", "90.00"));
}

#[tokio::test]
async fn what_is_given_up_is_free_again_and_a_question_that_comes_late_holds_nothing() {
    let app = TestApp::start().await;
    let charge = Charge::of(&app, "100.00").await;
    charge.hold(&app, "60.00").await.expect(201);
    for _ in 0..2 {
        charge.reverse(&app).await.expect(204);
        assert_eq!(app.stands(&charge.opened).await, amounts("0.00", "0.00", "100.00"));
    }
    charge.capture(&app, "60.00").await.refused(409, "charge-state", &[]);
    let late = Charge { id: Uuid::now_v7().to_string(), ..charge };
    late.reverse(&app).await.expect(204);
    assert_eq!(late.hold(&app, "60.00").await.expect(200).json()["state"], "reversed");
    late.capture(&app, "60.00").await.refused(409, "charge-state", &[]);
    assert_eq!(app.stands(&late.opened).await, amounts("0.00", "0.00", "100.00"));
    let list = app.get(&late.opened.path("/transactions")).await.expect(200).json();
    assert_eq!(list["items"], json!([]), "nothing of it was ever held");
}

#[tokio::test]
async fn what_nobody_captures_for_a_month_is_free_again_and_is_posted_if_somebody_does_later() {
    let app = TestApp::start().await;
    let charge = Charge::of(&app, "100.00").await;
    charge.hold(&app, "60.00").await.expect(201);
    app.travel(A_MONTH - A_MINUTE);
    app.run_timer("expire_holds").await;
    assert_eq!(charge.state(&app).await, "held");
    app.travel(2 * A_MINUTE);
    app.run_timer("expire_holds").await;
    assert_eq!(charge.state(&app).await, "expired");
    assert_eq!(app.stands(&charge.opened).await, amounts("0.00", "0.00", "100.00"));
    charge.capture(&app, "60.00").await.expect(201);
    assert_eq!(app.stands(&charge.opened).await, amounts("60.00", "0.00", "40.00"));
    app.run_timer("sweep").await;
    let places = app.documents("places");
    assert_eq!(places.get("accounts", "accounts").await.unwrap()["foundBefore"], 0);
}

#[tokio::test]
async fn nobody_charges_from_outside_and_nobody_an_account_of_somebody_else() {
    let app = TestApp::start().await;
    let charge = Charge::of(&app, "100.00").await;
    for key in ["local-only-acme", "local-only-person"] {
        for method in [Method::GET, Method::PUT, Method::DELETE] {
            let path = format!("{}?profileId={}", charge.path(), charge.profile);
            let request = app.request(method, &path).json(&charge.body("1.00"));
            let answer = request.header("iommi-subscription-key", key).send().await;
            answer.refused(403, "for-our-apps", &[]);
        }
    }
    let stranger = Charge { profile: Uuid::now_v7().to_string(), ..charge };
    stranger.hold(&app, "1.00").await.refused(404, "no-such-account", &[]);
    stranger.reverse(&app).await.refused(404, "no-such-account", &[]);
    app.get(&stranger.path()).await.refused(404, "no-such-charge", &[]);
    let wrong = json!({"profileId": "x", "amount": {"amount": "0", "currency": "DKK"}, "merchant": {"name": "", "category": 10_000}});
    app.put(&stranger.path(), &wrong).await.refused(
        422,
        "invalid-body",
        &["/profileId", "/amount/amount", "/merchant/name", "/merchant/category"],
    );
    app.delete(&stranger.path()).await.refused(400, "invalid-parameter", &["profileId"]);
}

#[tokio::test]
async fn of_those_who_ask_at_once_as_many_are_held_as_there_is_room_for() {
    let app = TestApp::start().await;
    let charge = Charge::of(&app, "100.00").await;
    let asks = (0..12).map(|_| async {
        let path = charge.opened.path(&format!("/charges/{}", Uuid::now_v7()));
        app.put(&path, &charge.body("15.00")).await.expect(201).json()["state"].clone()
    });
    let states = join_all(asks).await;
    assert_eq!(states.iter().filter(|state| *state == "held").count(), 6, "{states:?}");
    assert_eq!(app.stands(&charge.opened).await, amounts("0.00", "90.00", "10.00"));
}

#[tokio::test]
async fn whichever_answer_is_lost_each_is_done_once() {
    let app = TestApp::start().await;
    let writes = Requests::any().writes().path("/colls/accounts/");
    app.with_each_answer_lost(Service::Cosmos, writes, async |_| {
        let charge = Charge::of(&app, "100.00").await;
        let refund = Uuid::now_v7().to_string();
        for _ in 0..2 {
            charge.hold(&app, "60.00").await;
        }
        let other = Charge { id: Uuid::now_v7().to_string(), ..charge };
        for _ in 0..2 {
            other.hold(&app, "10.00").await;
            other.reverse(&app).await.expect(204);
        }
        let charge = Charge { id: charge.id, ..other };
        for _ in 0..2 {
            charge.capture(&app, "50.00").await;
            charge.refund(&app, &refund, "20.00").await;
        }
        assert_eq!(app.stands(&charge.opened).await, amounts("30.00", "0.00", "70.00"));
    })
    .await;
}
