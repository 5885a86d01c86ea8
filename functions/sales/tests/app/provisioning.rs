//! An order is delivered: once, whole, and before anything else happens.

use crate::support::{KIM, TestApp, step_of};
use pretty_assertions::assert_eq;
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn each_line_is_ordered_once_becomes_an_active_licence_and_the_profile_is_subscribed() {
    let app = TestApp::start().await;
    let (order, licences) = app.delivered(&[("night-watch", 3), ("home-care", 1)]).await;
    let ordered = app.at_vendor(&order).await;
    let references: Vec<_> = ordered.iter().map(|one| one["clientReference"].clone()).collect();
    assert_eq!(references, [format!("{order}-1"), format!("{order}-2")]);
    assert_eq!(
        (ordered[0]["quantity"].as_u64(), ordered[1]["quantity"].as_u64()),
        (Some(3), Some(1))
    );
    for (licence, at_vendor) in licences.iter().zip(&ordered) {
        assert_eq!(licence["state"], "active", "{licence}");
        assert_eq!(licence["quantity"], at_vendor["quantity"]);
    }
    let placed = app.order_now(&order).await;
    let day = |text: &serde_json::Value| text.as_str().unwrap()[..10].to_owned();
    let placed_on = day(&placed["placedAt"]);
    let (year, rest) = placed_on.split_at(4);
    let a_year_later = format!("{}{rest}", year.parse::<u32>().unwrap() + 1);
    assert_eq!(day(&licences[0]["validTo"]), a_year_later);
    for service in ["night-watch", "home-care"] {
        assert!(app.is_subscribed(service).await, "{service}");
    }
    let path = step_of(&placed, "subscribe")["path"].as_str().unwrap().to_owned();
    let payload = app.blob(&format!("sales-payloads/{path}")).await.unwrap();
    let payload: serde_json::Value = serde_json::from_slice(&payload).unwrap();
    assert_eq!(payload["metadata"]["payloadType"], "subscribed");
    assert_eq!(payload["payload"]["lines"][0]["licenceId"], licences[0]["id"]);
    assert_eq!(
        payload["payload"]["subscriptions"][1],
        json!({"serviceId": "home-care", "subscribed": true, "note": null})
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_that_come_again_and_at_once_order_nothing_more() {
    let app = TestApp::start().await;
    app.wrong("answerDelayMs=800");
    let order = app.order(&[("night-watch", 2)]).await;
    let message = json!({
        "specversion": "1.0",
        "id": "again",
        "source": "/sales",
        "type": "com.iommi.sales.step-due.v1",
        "subject": order,
        "time": "2026-11-29T08:00:00Z",
        "dataref": format!("sales-payloads/{order}/accept/x.json"),
    });
    for _ in 0..5 {
        app.queue("sales-provision-everywhere").send_json(&message).await;
    }
    app.until_step_with_time(&order, "provision", "done").await;
    app.queue("sales-provision-everywhere").send_json(&message).await;
    app.until_step_with_time(&order, "subscribe", "done").await;
    let counted = app.look_at_vendor("").await;
    assert_eq!((counted["orders"].as_u64(), counted["orderedTwice"].as_u64()), (Some(1), Some(0)));
    assert_eq!(app.licences_of(&order).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_for_nobody_buys_nothing() {
    let app = TestApp::start().await;
    let nobody = KIM.replace("1111", "9999");
    let order = app.order_as(&nobody, &[("night-watch", 1)]).await;
    let failed = app.until_step(&order, "provision", "failed").await;
    assert_eq!(step_of(&failed, "provision")["problem"]["code"], "no-such-profile");
    assert_eq!(app.states_at_vendor(&order).await, [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_licence_is_pending_until_the_vendor_says_that_it_is_active_and_nothing_goes_on_before() {
    let app = TestApp::start().await;
    app.wrong("activatingSeconds=2");
    let order = app.order(&[("night-watch", 1)]).await;
    let pending = app.eventually("a pending licence", async || {
        let licences = app.licences_of(&order).await;
        licences.first().filter(|one| one["state"] == "pending").cloned()
    });
    let pending = pending.await;
    let key = format!("{}/key", TestApp::place(&pending));
    app.get(&key).await.refused(409, "licence-not-active", &[]);
    app.delete(&TestApp::place(&pending)).await.refused(409, "licence-not-active", &[]);
    let done = app.until_step(&order, "subscribe", "done").await;
    assert_eq!(step_of(&done, "provision")["tries"], 0, "to wait is no failure");
    let active = app.licence(&pending).await.json();
    assert_eq!(active["state"], "active");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_that_is_lost_is_no_licence_that_is_lost() {
    let app = TestApp::start().await;
    app.wrong("activatingSeconds=5,webhookLost=1");
    let order = app.order(&[("night-watch", 1)]).await;
    app.until_step_with_time(&order, "subscribe", "done").await;
    assert_eq!(app.licences_of(&order).await[0]["state"], "active");
    assert_eq!(app.look_at_vendor("").await["openWebhooks"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_that_is_cancelled_while_the_vendor_activates_it_is_given_back() {
    let app = TestApp::start().await;
    app.wrong("activatingSeconds=600");
    let order = app.order(&[("night-watch", 1)]).await;
    app.eventually("a pending licence", async || {
        (app.licences_of(&order).await.len() == 1).then_some(())
    })
    .await;
    app.delete(&format!("/v1/orders/{order}")).await.expect(204);
    assert_eq!(app.order_now(&order).await["state"], "cancelled");
    assert_eq!(app.states_at_vendor(&order).await, ["cancelled"]);
    assert_eq!(app.licences_of(&order).await[0]["state"], "cancelled");
}
