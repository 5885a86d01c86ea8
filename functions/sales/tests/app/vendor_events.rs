//! What the vendor tells is believed when it is signed, and says only where to look.

use crate::support::TestApp;
use app_tests::{Answer, Method};
use jiff::{SignedDuration, Timestamp};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};
use std::time::Duration;
use webhooks::{MessageId, Secret, Signer};

const PATH: &str = "/sales/v1/vendor-events";

async fn tell(app: &TestApp, secret: &str, at: Timestamp, body: &Value) -> Answer {
    tell_as(app, &MessageId::generate(), secret, at, body).await
}

async fn tell_as(
    app: &TestApp,
    id: &MessageId,
    secret: &str,
    at: Timestamp,
    body: &Value,
) -> Answer {
    let body = body.to_string();
    let signer = Signer::new(secret.parse::<Secret>().unwrap());
    let headers = signer.sign(id, at, body.as_bytes());
    let request = app.request(Method::POST, PATH);
    let request =
        headers.pairs().iter().fold(request, |request, (name, value)| request.header(name, value));
    request.body("application/json", body).send().await
}

fn cancelled(vendor_order: &Value) -> Value {
    json!({
        "type": "order.cancelled",
        "timestamp": "2026-11-29T08:00:00Z",
        "data": {"orderId": vendor_order, "clientReference": "any", "revision": 99},
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_vendor_does_by_itself_is_seen_in_the_licence_and_ends_the_subscription() {
    let app = TestApp::start().await;
    let (order, licences) = app.delivered(&[("night-watch", 3)]).await;
    let id = app.at_vendor(&order).await[0]["orderId"].as_str().unwrap().to_owned();
    app.wrong("webhookTwice=1");
    app.tell_vendor(&format!("orders/{id}"), &json!({"quantity": 2})).await;
    app.eventually("the vendor's quantity", async || {
        (app.licence(&licences[0]).await.json()["quantity"] == 2).then_some(())
    })
    .await;
    app.tell_vendor(&format!("orders/{id}"), &json!({"state": "cancelled"})).await;
    let ended = app.until_licence(&licences[0], "cancelled").await;
    let history = ended["history"].as_array().unwrap();
    let ends: Vec<_> = history.iter().filter(|one| one["what"] == "cancelled").collect();
    assert_eq!((ends.len(), ends[0]["by"].as_str()), (1, Some("vendor")));
    app.eventually("no subscription", async || {
        (!app.is_subscribed("night-watch").await).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_forged_recorded_or_untrue_changes_nothing() {
    let app = TestApp::start().await;
    let (order, licences) = app.delivered(&[("night-watch", 1)]).await;
    let event = cancelled(&app.at_vendor(&order).await[0]["orderId"]);
    let (now, right) = (Timestamp::now(), vendor::LOCAL_WEBHOOK_SECRET);
    let forged = Secret::generate().expose();
    tell(&app, &forged, now, &event).await.refused(401, "not-signed", &[]);
    let recorded = now - SignedDuration::from_mins(6);
    tell(&app, right, recorded, &event).await.refused(401, "not-signed", &[]);
    app.post(PATH, &event).await.refused(401, "not-signed", &[]);
    // Signed, and untrue: the vendor's order is asked, and is active.
    tell(&app, right, now, &event).await.expect(204);
    tell(&app, right, now, &cancelled(&json!("vo-of-somebody-else"))).await.expect(204);
    tell(
        &app,
        right,
        now,
        &json!({"type": "vendor.closes", "timestamp": "2026-11-29T08:00:00Z", "data": {}}),
    )
    .await
    .expect(204);
    let long = json!({"data": {"orderId": "x".repeat(20_000)}});
    tell(&app, right, now, &long).await.expect(413);
    let licence = app.licence(&licences[0]).await.json();
    assert_eq!(
        (licence["state"].as_str(), licence["revision"].as_u64()),
        (Some("active"), licences[0]["revision"].as_u64())
    );
    assert!(app.is_subscribed("night-watch").await);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_signed_wrongly_is_heard_once_it_comes_again_signed_rightly() {
    let app = TestApp::start().await;
    let (order, licences) = app.delivered(&[("night-watch", 3)]).await;
    let id = app.at_vendor(&order).await[0]["orderId"].clone();
    app.wrong("webhookLost=1");
    let path = format!("orders/{}", id.as_str().unwrap());
    app.tell_vendor(&path, &json!({"state": "cancelled"})).await;
    let (event, message, now) = (cancelled(&id), MessageId::generate(), Timestamp::now());
    let forged = Secret::generate().expose();
    tell_as(&app, &message, &forged, now, &event).await.refused(401, "not-signed", &[]);
    assert_eq!(app.licence(&licences[0]).await.json()["state"], "active");
    tell_as(&app, &message, vendor::LOCAL_WEBHOOK_SECRET, now, &event).await.expect(204);
    app.until_licence(&licences[0], "cancelled").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vendor_that_signs_wrongly_at_first_is_believed_at_its_next_attempt() {
    let app = TestApp::start().await;
    let (order, licences) = app.delivered(&[("night-watch", 3)]).await;
    let id = app.at_vendor(&order).await[0]["orderId"].as_str().unwrap().to_owned();
    app.wrong("webhookWronglySigned=1");
    app.tell_vendor(&format!("orders/{id}"), &json!({"quantity": 2})).await;
    app.eventually("a refused attempt", async || {
        let all = app.look_at_vendor("webhooks").await["webhooks"].as_array().unwrap().clone();
        (all.last()?["attempts"] == 1).then_some(())
    })
    .await;
    assert_eq!(app.licence(&licences[0]).await.json()["quantity"], 3);
    app.wrong("delayMs=0");
    app.eventually_with_time("the vendor's quantity", Duration::from_secs(2), async || {
        let all = app.documents("licences").all().await;
        let own = all.iter().find(|one| one["id"] == licences[0]["id"])?;
        (own["quantity"] == 2).then_some(())
    })
    .await;
    app.eventually("the vendor to be done", async || {
        (app.look_at_vendor("").await["openWebhooks"] == 0).then_some(())
    })
    .await;
}
