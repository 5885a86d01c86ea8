//! A change, its answer and a change: whichever write is done and nobody hears of it, the mainframe ends with the newest.

use crate::support::{TestApp, active, id};
use app_tests::{Requests, Service};
use mainframe::Faults;
use std::time::Duration;

/// Longer than a message that failed is hidden.
const A_WHILE: Duration = Duration::from_secs(31);

async fn change_answer_change(service: Service, only: Requests) {
    let app = TestApp::start().await;
    let mainframe = app.mainframe(Faults::default()).await;
    let url = |number| format!("{}records/{}", mainframe.url(), id(number));
    let has = async |number: u32, revision: u64| {
        app.eventually_with_time(&format!("{revision} at the mainframe"), A_WHILE, async || {
            let text = app.http().get(url(number)).send().await.ok()?.text().await.ok()?;
            let record: serde_json::Value = serde_json::from_str(&text).ok()?;
            (record["revision"] == revision).then_some(())
        })
        .await;
    };
    let writes = app
        .with_each_answer_lost(service, only, async |n| {
            let number = u32::try_from(n).unwrap();
            app.upsert(&active(number, 1)).await;
            app.upsert(&active(number, 2)).await;
            has(number, 2).await;
            app.upsert(&active(number, 3)).await;
            has(number, 3).await;
            app.eventually_with_time("it is settled", A_WHILE, async || {
                let sync = app.documents("legacy-sync").get(&id(number), &id(number)).await?;
                (sync["standing"] == "applied" && sync["applied"]["revision"] == 3).then_some(())
            })
            .await;
        })
        .await;
    assert!(writes >= 2, "{writes} answers were lost");
    mainframe.stop().await;
}

#[tokio::test]
async fn of_writes_to_legacy_sync() {
    change_answer_change(Service::Cosmos, Requests::any().writes().path("/colls/legacy-sync/"))
        .await;
}

#[tokio::test]
async fn of_sending_to_the_mainframe() {
    let sends = Requests::any().method("POST").path("/legacy-outbox/messages");
    change_answer_change(Service::Queue, sends).await;
}
