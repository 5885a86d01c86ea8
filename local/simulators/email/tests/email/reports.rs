//! Delivery reports, as Event Grid gets them.

use std::time::Duration;

use email::Options;
use pretty_assertions::assert_eq;
use reqwest::Method;
use serde_json::{Value, json};

use crate::rig::{Rig, mail};
use uuid::Uuid;

#[tokio::test]
async fn each_recipient_is_reported_when_the_operation_has_succeeded() {
    let rig = Rig::with(|options| Options { delay: Duration::from_secs(60), ..options }).await;
    let id = Uuid::new_v4();
    let mut mail = mail("kim@example.com");
    mail["recipients"]["bcc"] = json!([{"address": "archive@iommi.example"}]);
    assert_eq!(rig.send(id, &mail).await.0, 202);
    assert_eq!(rig.events(), [] as [Value; 0]);
    rig.clock.advance(Duration::from_secs(60));
    let events = rig.published(2).await;
    let to_kim =
        events.iter().find(|event| event["data"]["recipient"] == "kim@example.com").unwrap();
    let expected = json!({
        "id": to_kim["id"],
        "topic": to_kim["topic"],
        "subject": format!("sender/billing@iommi.example/message/{id}"),
        "data": {"sender": "billing@iommi.example", "recipient": "kim@example.com", "messageId": id, "status": "Delivered",
            "deliveryStatusDetails": {"statusMessage": "No error."}, "deliveryAttemptTimeStamp": rig.clock.now()},
        "eventType": "Microsoft.Communication.EmailDeliveryReportReceived",
        "dataVersion": "1.0", "metadataVersion": "1", "eventTime": rig.clock.now(),
    });
    assert_eq!(*to_kim, expected);
    assert!(
        to_kim["topic"].as_str().unwrap().contains("Microsoft.Communication/communicationServices")
    );
}

#[tokio::test]
async fn a_report_waits_until_event_grid_is_back() {
    let rig = Rig::start().await;
    rig.topic_is(&json!({"down": "server-busy"})).await;
    rig.sent("kim@example.com").await;
    let tried = async || (rig.mails("kim").await[0]["reports"][0]["attempts"] == 1).then_some(());
    rig.eventually(tried).await;
    assert_eq!(rig.get("v1/simulation").await["openReports"], 1);
    rig.topic_is(&json!({})).await;
    rig.clock.advance(Duration::from_secs(1));
    rig.published(1).await;
    let told = async || (rig.get("v1/simulation").await["openReports"] == 0).then_some(());
    rig.eventually(told).await;
}

#[tokio::test]
async fn a_bounce_comes_days_later_by_hand() {
    let rig = Rig::start().await;
    let id = rig.sent("kim@example.com").await;
    rig.published(1).await;
    let bounce = json!({"operationId": id, "recipient": "kim@example.com", "status": "Bounced"});
    let (status, event) = rig.ask(Method::POST, "v1/simulation/reports", &bounce).await;
    assert_eq!((status, &event["data"]["status"]), (202, &json!("Bounced")));
    assert_eq!(rig.published(2).await[1], event);
    let nobody =
        json!({"operationId": Uuid::nil(), "recipient": "a@example.com", "status": "Bounced"});
    assert_eq!(rig.ask(Method::POST, "v1/simulation/reports", &nobody).await.0, 404);
}
