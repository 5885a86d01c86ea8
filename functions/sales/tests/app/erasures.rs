//! Somebody is erased, before or after anything else.

use crate::post::{Made, PostApp};
use app_tests::{Requests, Service};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};
use uuid::Uuid;

fn erased(profile: &str) -> Value {
    json!({
        "specversion": "1.0", "id": format!("{profile}-2"), "source": "/profiles",
        "type": "com.iommi.profiles.erased.v1", "subject": profile, "time": "2026-11-21T08:00:00Z",
        "data": {"profileId": profile, "erasedAt": "2026-11-21T08:00:00Z"},
    })
}

async fn is_listed(app: &PostApp, made: &Made) {
    let listed = async || app.documents("by-customer").get(&made.profile, &made.id).await;
    app.eventually("the order in the list", listed).await;
}

/// Nothing of the person is in any document or payload.
async fn is_gone(app: &PostApp, made: &Made) {
    let look = async || {
        let order = app.documents("orders").get(&made.id, &made.id).await.unwrap().to_string();
        let is_there = app.has_blob(&format!("sales-payloads/{}/invoice/1.json", made.id)).await;
        (!order.contains("Secret") && !order.contains('@') && !is_there).then_some(())
    };
    app.eventually("the person to be gone", look).await;
}

#[tokio::test]
async fn what_the_vendor_has_not_delivered_is_cancelled() {
    let app = PostApp::start().await;
    let made = app.made("provision").await;
    is_listed(&app, &made).await;
    for _ in 0..2 {
        app.run_message("person_erased", &erased(&made.profile)).await;
        is_gone(&app, &made).await;
    }
    let order = app.order(&made).await;
    assert_eq!((&order["state"], &order["buyer"]), (&json!("cancelled"), &Value::Null));
    assert_eq!(order["cancelled"]["because"], "profile-erased");
}

#[tokio::test]
async fn what_is_delivered_is_finished_without_a_mail_and_forgotten() {
    let app = PostApp::start().await;
    let made = app.made("email").await;
    is_listed(&app, &made).await;
    app.run_message("person_erased", &erased(&made.profile)).await;
    is_gone(&app, &made).await;
    app.eventually("the end", async || {
        (app.stands(&made).await == ("done".to_owned(), Value::Null)).then_some(())
    })
    .await;
    let order = app.order(&made).await;
    assert_eq!((&order["state"], &order["buyer"]), (&json!("fulfilled"), &Value::Null));
    assert_eq!(app.arrived(&made).await, 0);
    app.eventually("all that follows", async || {
        let order = app.documents("orders").get(&made.id, &made.id).await?;
        (order["duties"] == json!([])).then_some(())
    })
    .await;
    let patch = json!({"buyer": {"emailAddress": "kim@example.com"}});
    let path = format!("/v1/orders/{}", made.id);
    let answer = app.patch(&path, &app.etag(&path).await, &patch).await;
    answer.refused(409, "person-erased", &[]);
}

#[tokio::test]
async fn whoever_is_erased_orders_nothing_any_more_and_what_was_on_its_way_is_found() {
    let app = PostApp::start().await;
    let profile = Uuid::now_v7().to_string();
    app.run_message("person_erased", &erased(&profile)).await;
    let body = json!({
        "lines": [{"serviceId": "night-watch"}],
        "buyer": {"name": "Kim", "emailAddress": "kim@example.com",
            "address": {"street": "Havnegade 1", "city": "København", "country": "DK"}},
    });
    let request = app.request(app_tests::Method::POST, &format!("/v1/profiles/{profile}/orders"));
    let answer = request.header("idempotency-key", "k1").json(&body).send().await;
    answer.refused(404, "no-such-profile", &[]);
    let late = app.made_for(&profile, "provision").await;
    is_gone(&app, &late).await;
    assert_eq!(app.order(&late).await["state"], "cancelled");
}

#[tokio::test]
async fn whichever_answer_is_lost_nothing_is_left() {
    let app = PostApp::start().await;
    for container in ["/colls/erased-people/", "/colls/by-customer/", "orders"] {
        // The test itself makes orders: the app changes them.
        let place = if container == "orders" { "/colls/orders/docs/" } else { container };
        let writes = Requests::any().writes().path(place);
        app.with_each_answer_lost(Service::Cosmos, writes, async |_| {
            let made = app.made("email").await;
            for _ in 0..2 {
                app.run_message("person_erased", &erased(&made.profile)).await;
            }
            is_gone(&app, &made).await;
            assert_eq!(app.arrived(&made).await, 0);
        })
        .await;
    }
}
