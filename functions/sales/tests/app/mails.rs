//! The mail with the invoice: one for each order, whatever the mail service does.

use crate::post::{NUMBER, PICTURE, PostApp};
use app_tests::{Requests, Service};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use pretty_assertions::assert_eq;
use serde_json::json;
use std::time::Duration;

#[tokio::test]
async fn the_mail_brings_the_invoice_and_the_order_says_what_became_of_it() {
    let app = PostApp::start().await;
    let made = app.due("email").await;
    let order = app.is(&made, "done", "Delivered").await;
    assert_eq!(order["state"], "fulfilled");
    let [mail] = &app.mails(&made).await[..] else { panic!("not one mail") };
    let path = format!("v1/simulation/mails/{}", mail["number"]);
    let mail = app.look(&path).await["message"].clone();
    let text = mail["content"]["plainText"].as_str().unwrap();
    let html = mail["content"]["html"].as_str().unwrap();
    for part in [NUMBER, "42.50 EUR", "2026-12-29", &format!("/v1/orders/{}", made.id)] {
        assert!(text.contains(part) && html.contains(part), "{part}: {text}");
    }
    let attached = mail["attachments"][0]["contentInBase64"].as_str().unwrap();
    assert_eq!(STANDARD.decode(attached).unwrap(), PICTURE.as_bytes());
    assert_eq!(mail["userEngagementTrackingDisabled"], true);
    let left = app.blob(&format!("sales-payloads/{}/email/1.json", made.id)).await.unwrap();
    assert!(!String::from_utf8(left).unwrap().contains('@'), "an address is left behind");
}

#[tokio::test]
async fn a_message_that_comes_often_is_one_mail() {
    let app = PostApp::start().await;
    let made = app.made("email").await;
    tokio::join!(
        app.tell(&made, "email"),
        app.tell(&made, "email"),
        app.tell(&made, "email"),
        app.tell(&made, "email"),
    );
    app.is_with_time(&made, "done", "Delivered").await;
    assert_eq!(app.arrived(&made).await, 1);
}

#[tokio::test]
async fn whichever_answer_of_the_stores_is_lost_one_mail_arrives() {
    let app = PostApp::start().await;
    for container in ["/colls/mail-operations/", "/colls/pace/", "orders"] {
        // The test itself makes orders: the app changes them.
        let place = if container == "orders" { "/colls/orders/docs/" } else { container };
        let writes = Requests::any().writes().path(place);
        app.with_each_answer_lost(Service::Cosmos, writes, async |_| {
            let made = app.due("email").await;
            app.is_with_time(&made, "done", "Delivered").await;
            assert_eq!(app.arrived(&made).await, 1);
        })
        .await;
    }
}

/// The answer is lost after the mail was taken, and the service would send it again.
#[tokio::test]
async fn who_has_no_answer_asks_before_anything_is_sent_again() {
    let app = PostApp::start().await;
    app.wrong("loseAnswer,times=1");
    let made = app.due("email").await;
    app.eventually("the mail", async || (app.arrived(&made).await == 1).then_some(())).await;
    app.wrong("sendsAgain");
    app.is_with_time(&made, "done", "Delivered").await;
    assert_eq!(app.arrived(&made).await, 1);
    assert_eq!(app.look("v1/simulation").await["repeated"], 0);
}

#[tokio::test]
async fn a_killed_run_is_taken_up_where_it_was() {
    let app = PostApp::start().await;
    app.wrong("hang,times=1");
    let made = app.due("email").await;
    app.eventually("the mail", async || (app.arrived(&made).await == 1).then_some(())).await;
    app.host().kill_handler("sales").await;
    app.wrong("sendsAgain");
    app.is_with_time(&made, "done", "Delivered").await;
    assert_eq!(app.arrived(&made).await, 1);
}

#[tokio::test]
async fn a_mail_that_never_came_to_the_service_is_sent() {
    let app = PostApp::start().await;
    app.wrong(r#"{"down": "server-busy", "operations": ["send"], "times": 2}"#);
    let made = app.due("email").await;
    app.is_with_time(&made, "done", "Delivered").await;
    assert_eq!(app.arrived(&made).await, 1);
}

#[tokio::test]
async fn a_mail_that_the_service_took_and_forgot_is_not_sent_again() {
    let app = PostApp::with(&[], |options| email::Options {
        delay: Duration::from_millis(200),
        ..options
    })
    .await;
    app.wrong("loseOperation=operation,sendsAgain");
    let made = app.due("email").await;
    app.eventually_with_time("the end", Duration::from_secs(5), async || {
        (app.stands(&made).await.0 == "done").then_some(())
    })
    .await;
    assert_eq!(app.arrived(&made).await, 1);
}

#[tokio::test]
async fn a_service_that_is_busy_for_hours_is_left_alone_and_others_go_on() {
    let app = PostApp::start().await;
    let made = app.made("email").await;
    app.wrong(&format!("retryAfterSeconds=7200,times=1,recipient={}", made.address));
    app.tell(&made, "email").await;
    let waits = app
        .eventually("the mail to wait", async || {
            let step = app.order(&made).await["steps"][4].clone();
            step["notBefore"].is_string().then_some(step)
        })
        .await;
    assert_eq!((&waits["state"], &waits["problem"]), (&json!("due"), &json!(null)));
    let other = app.due("email").await;
    app.is(&other, "done", "Delivered").await;
    assert_eq!(app.arrived(&made).await, 0);
    app.travel(Duration::from_secs(2 * 60 * 60));
    app.is_with_time(&made, "done", "Delivered").await;
    assert_eq!(app.arrived(&made).await, 1);
}

#[tokio::test]
async fn more_mails_than_go_in_an_hour_wait_for_their_turns() {
    let app = PostApp::with(&[("MAILS_PER_HOUR", "10")], |options| options).await;
    let first = app.due("email").await;
    app.is(&first, "done", "Delivered").await;
    let (second, third) = tokio::join!(app.due("email"), app.due("email"));
    for made in [&second, &third] {
        app.eventually("its slot", async || {
            app.order(made).await["steps"][4]["notBefore"].is_string().then_some(())
        })
        .await;
        assert_eq!(app.arrived(made).await, 0);
    }
    app.travel(Duration::from_secs(3_600 / 9 + 5));
    app.eventually_with_time("one of them", Duration::from_secs(1), async || {
        (app.arrived(&second).await + app.arrived(&third).await == 1).then_some(())
    })
    .await;
    app.travel(Duration::from_secs(3_600 / 9 + 5));
    for made in [&second, &third] {
        app.is_with_time(made, "done", "Delivered").await;
        assert_eq!(app.arrived(made).await, 1);
    }
}

#[tokio::test]
async fn a_mail_that_fails_needs_an_address_and_is_sent_again_when_a_person_says_so() {
    let app = PostApp::start().await;
    app.wrong("fails,times=1");
    let made = app.due("email").await;
    let order = app.is_with_time(&made, "failed", "Failed").await;
    assert_eq!(order["steps"][4]["problem"]["code"], "undeliverable");
    app.restarted(&made, false).await;
    app.is_with_time(&made, "failed", "Failed").await;
    assert_eq!(app.mails(&made).await.len(), 1, "nobody asked for another mail");
    let path = format!("/v1/orders/{}", made.id);
    let etag = app.etag(&path).await;
    let address = format!("new-{}", made.address);
    let patch = json!({"buyer": {"emailAddress": address}});
    app.patch(&path, &etag, &patch).await.expect(200);
    app.restarted(&made, true).await;
    let order = app.is_with_time(&made, "done", "Delivered").await;
    assert_eq!(order["buyer"]["emailAddress"], json!(address));
    let found = app.look(&format!("v1/simulation/mails?to={address}")).await;
    assert_eq!(found["mails"].as_array().unwrap().len(), 1);
}
