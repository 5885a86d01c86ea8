use crate::support::{TestApp, active, id};
use local_data::{Fault, Requests, Rule, Service, When};
use serde_json::json;

fn large(number: u32) -> serde_json::Value {
    let mut large = active(number, 1);
    let subscription =
        |n| json!({"serviceId": format!("{n:064}"), "since": "2026-03-01T08:00:00Z"});
    large["subscriptions"] = (0..1000).map(subscription).collect();
    large
}

#[tokio::test]
async fn while_no_blob_can_be_written_the_feed_waits_and_nothing_is_lost() {
    let app = TestApp::start().await;
    let faults = app.host().data().faults();
    let full = faults.add(Rule {
        service: Service::Blob,
        only: Requests::default(),
        fault: Fault::InternalError,
        when: When::Always,
    });
    app.upsert(&large(1)).await;
    app.upsert(&active(2, 1)).await;
    app.eventually("the feed is tried again", async || {
        let failed = app.host().invocations().into_iter();
        let failed =
            failed.filter(|one| one.function == "forward_changes" && one.status != Some(200));
        (failed.count() >= 1).then_some(())
    })
    .await;
    faults.remove(full);
    let mut subjects = Vec::new();
    while !subjects.contains(&json!(id(1))) {
        subjects
            .extend(app.messages(1).await.into_iter().map(|message| message["subject"].clone()));
    }
    app.sync(&id(2), |sync| sync["sent"]["revision"] == 1).await;
    assert!(app.has_blob(&format!("legacy-payloads/{}/1.json", id(1))).await);
}

#[tokio::test]
async fn a_handler_that_is_killed_between_messages_sends_all_of_them() {
    let app = TestApp::start().await;
    for number in 1..=200 {
        app.upsert(&active(number, 1)).await;
    }
    app.host().kill_handler("legacy").await;
    let mut subjects = std::collections::BTreeSet::new();
    while subjects.len() < 200 {
        let some = app.messages(1).await;
        subjects.extend(
            some.into_iter().map(|message| message["subject"].as_str().unwrap().to_owned()),
        );
    }
    assert!((1..=200).all(|number| subjects.contains(&id(number))));
    app.sync(&id(200), |sync| sync["sent"]["revision"] == 1).await;
}
