use crate::support::{TestApp, active, id, tombstone};
use app_tests::{Fault, Requests, Rule, Service, When};
use mainframe::Faults;
use pretty_assertions::assert_eq;
use serde_json::{Value, json};
use std::time::Duration;

const PROFILES: u32 = 450;

async fn finished(app: &TestApp, scope: &Value) -> Value {
    let begun = app.post("/ops/v1/legacy/resend", scope).await.expect(202);
    let path = begun.header("location").unwrap().to_owned();
    app.eventually("the resend is done", async || {
        let resend = app.get(&path).await.expect(200).json();
        (resend["state"] == "done").then_some(resend)
    })
    .await
}

#[tokio::test]
async fn a_mainframe_that_lost_everything_gets_everything_again() {
    let app = TestApp::start().await;
    for number in 1..=PROFILES {
        app.upsert(&active(number, 3)).await;
    }
    let tombstone = tombstone(900, 9);
    app.upsert(&tombstone).await;
    app.messages(PROFILES as usize + 1).await;
    for number in [1, PROFILES, 900] {
        app.sync(&id(number), |sync| sync["sent"].is_object()).await;
    }
    // Its tombstone has expired by now; we know of the erasure all the same.
    app.documents_of("profiles", "profiles").delete(&id(900), &id(900)).await;

    let mainframe = app.mainframe(Faults::default()).await;
    let resend = finished(&app, &json!({"everything": true})).await;
    assert!(resend["sent"].as_u64() > Some(u64::from(PROFILES)), "{resend}");
    for number in [1, 200, PROFILES] {
        app.record(&mainframe, &id(number), |record| record["revision"] == 3).await;
    }
    app.record(&mainframe, &id(900), |record| record["erased"] == true && record["revision"] == 9)
        .await;
    app.sync(&id(PROFILES), |sync| sync["standing"] == "applied").await;
    mainframe.stop().await;
}

#[tokio::test]
async fn one_profile_or_those_of_a_time_are_sent_again() {
    let app = TestApp::start().await;
    for number in 1..=3 {
        app.upsert(&active(number, 1)).await;
    }
    app.messages(3).await;
    app.sync(&id(3), |sync| sync["sent"]["revision"] == 1).await;
    assert_eq!(finished(&app, &json!({"profileId": id(2)})).await["sent"], 1);
    assert_eq!(app.messages(1).await[0]["subject"], json!(id(2)));
    assert_eq!(finished(&app, &json!({"profileId": id(77)})).await["sent"], 0);

    let past = json!({"from": "2020-01-01T00:00:00Z", "to": "2020-01-02T00:00:00Z"});
    assert_eq!(finished(&app, &past).await["sent"], 0);
    let now = json!({"from": "2020-01-01T00:00:00Z", "to": "2100-01-01T00:00:00Z"});
    assert!(finished(&app, &now).await["sent"].as_u64() >= Some(3));

    let from = "2020-01-02T00:00:00Z";
    for (wish, place) in [
        (json!({}), ""),
        (json!({"everything": true, "profileId": id(2)}), ""),
        (json!({"everything": false}), "/everything"),
        (json!({"profileId": "kim"}), "/profileId"),
        (json!({"from": from}), "/to"),
        (json!({"to": from}), "/from"),
        (json!({"from": from, "to": "2020-01-01T00:00:00Z"}), "/to"),
    ] {
        app.post("/ops/v1/legacy/resend", &wish).await.refused(422, "invalid-body", &[place]);
    }
    app.get("/ops/v1/legacy/resend/none").await.refused(404, "no-such-resend", &[]);
    app.get(&format!("/ops/v1/legacy/profiles/{}", id(88))).await.refused(
        404,
        "no-such-profile",
        &[],
    );
}

#[tokio::test]
async fn a_step_that_only_waits_for_its_turn_is_not_asked_for_again_each_minute() {
    let app = TestApp::start().await;
    let only = Requests::any().method("GET").path("/legacy-resend/messages");
    let (fault, when) = (Fault::Unavailable, When::Always);
    let closed = app.faults().add(Rule { service: Service::Queue, only, fault, when });
    app.upsert(&active(1, 1)).await;
    app.messages(1).await;
    let begun = app.post("/ops/v1/legacy/resend", &json!({"profileId": id(1)})).await.expect(202);
    let mut asked = Vec::new();
    for _ in 0..8 {
        app.travel(Duration::from_secs(61));
        // Each region has its timer.
        app.run_timer("reconcile").await;
        app.run_timer("reconcile").await;
        asked.push(app.queue("legacy-resend").length().await);
    }
    assert_eq!(asked, [2, 2, 3, 3, 3, 3, 4, 4], "after 1, 3 and 7 minutes");
    app.faults().remove(closed);
    let path = begun.header("location").unwrap().to_owned();
    app.eventually("the resend is done", async || {
        (app.get(&path).await.expect(200).json()["state"] == "done").then_some(())
    })
    .await;
}
