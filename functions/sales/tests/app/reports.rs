//! Delivery reports: twice, early, late, never, of an older mail, or with a word that nobody knows.

use crate::post::{Made, PostApp};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};
use std::time::Duration;

async fn operation(app: &PostApp, made: &Made) -> Value {
    app.mails(made).await[0]["operationId"].clone()
}

fn report(operation: &Value, status: &str, at: &str) -> Value {
    json!({
        "id": "e1", "topic": "t", "subject": "s", "dataVersion": "1.0", "eventTime": at,
        "eventType": "Microsoft.Communication.EmailDeliveryReportReceived",
        "data": {"messageId": operation, "status": status, "recipient": "kim@example.com", "deliveryAttemptTimestamp": at},
    })
}

#[tokio::test]
async fn a_mail_that_bounces_makes_the_step_fail_after_all() {
    let app = PostApp::start().await;
    app.wrong("report=Bounced");
    let made = app.due("email").await;
    let order = app.is_with_time(&made, "failed", "Bounced").await;
    assert_eq!(order["state"], "failed");
    assert_eq!(order["steps"][4]["problem"]["code"], "undeliverable");
}

#[tokio::test]
async fn reports_come_twice_early_or_never_and_no_order_minds() {
    let app = PostApp::start().await;
    for (fault, step, status) in [
        ("reportTwice", "done", "Delivered"),
        ("reportEarly", "done", "Delivered"),
        ("reportEarly,report=Suppressed", "failed", "Suppressed"),
        ("reportNever", "done", "accepted"),
        ("report=Quarantined", "done", "Quarantined"),
    ] {
        app.wrong(fault);
        let made = app.due("email").await;
        app.is_with_time(&made, step, status).await;
        assert_eq!(app.arrived(&made).await, 1, "{fault}");
    }
}

#[tokio::test]
async fn what_a_late_report_says_is_kept_as_it_is_unless_it_is_of_an_older_mail_or_of_nobodys() {
    let app = PostApp::start().await;
    app.wrong("reportNever");
    let made = app.due("email").await;
    app.is_with_time(&made, "done", "accepted").await;
    let first = operation(&app, &made).await;
    let later = "2199-01-01T00:00:00Z";
    app.run_message("email_reported", &report(&first, "SomethingNew", later)).await;
    assert_eq!(app.stands(&made).await.1, "SomethingNew");
    app.run_message("email_reported", &report(&first, "Delivered", "2026-01-01T00:00:00Z")).await;
    assert_eq!(app.stands(&made).await.1, "SomethingNew", "an older report");
    app.restarted(&made, true).await;
    app.eventually_with_time("another mail", Duration::from_secs(5), async || {
        (app.stands(&made).await.1 == "accepted").then_some(())
    })
    .await;
    app.run_message("email_reported", &report(&first, "Bounced", later)).await;
    app.run_message("email_reported", &report(&json!("not-ours"), "Bounced", later)).await;
    assert_eq!(app.stands(&made).await, ("done".to_owned(), json!("accepted")));
}
