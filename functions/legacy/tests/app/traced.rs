//! One trace leads from a client's request to the mainframe's answer, through the document that it changed, its change
//! feed, two queues and the mainframe.

use crate::support::TestApp;
use app_tests::{Answer, BegunTrace, Method};
use mainframe::Faults;
use pretty_assertions::assert_eq;
use serde_json::{Value, json};

impl TestApp {
    /// A customer whose registration has reached the mainframe.
    async fn registered(&self, name: &str) -> String {
        let address = format!("{name}@example.org");
        let body = json!({"account": {"emailAddress": address, "userName": name},
            "givenName": name, "familyName": "Larsen"});
        let id = self.post("/v1/register", &body).await.expect(201).id();
        self.sync(&id, |sync| sync["applied"]["revision"] == 1).await;
        id
    }

    async fn patch(&self, id: &str, age: u32, trace: &BegunTrace) -> Answer {
        let patch = self.request(Method::PATCH, &format!("/v1/profiles/{id}"));
        let patch = patch.header("if-match", "*").traced(trace);
        let body = json!({"age": age}).to_string();
        patch.body("application/merge-patch+json", body).send().await.expect(200)
    }
}

#[tokio::test]
async fn one_trace_leads_from_a_patch_to_the_mainframes_acknowledgement() {
    let app = TestApp::start().await;
    let _mainframe = app.mainframe(Faults::default()).await;
    let id = app.registered("golden").await;
    let trace = app.begin_trace();
    app.patch(&id, 42, &trace).await;
    app.sync(&id, |sync| sync["applied"]["revision"] == 2).await;
    app.trace_becomes(
        &trace,
        "
        host: PATCH /v1/profiles/{profileId}
        ",
    )
    .await;
}

#[tokio::test]
async fn what_was_held_back_goes_in_its_own_trace_once_the_answer_to_another_lets_it() {
    let app = TestApp::start().await;
    let (first, second) = (app.begin_trace(), app.begin_trace());
    let id = {
        let _mainframe = app.mainframe(Faults::default()).await;
        app.registered("held").await
    };
    app.patch(&id, 41, &first).await;
    app.sync(&id, |sync| sync["sent"]["revision"] == 2).await;
    app.patch(&id, 42, &second).await;
    app.sync(&id, |sync| sync["held"]["revision"] == 3).await;
    let _mainframe = app.mainframe(Faults::default()).await;
    app.sync(&id, |sync| sync["applied"]["revision"] == 3).await;
    for trace in [&first, &second] {
        let sent_and_answered =
            |name: &str| name == "send legacy-outbox" || name == "process legacy-inbox";
        let seen = app.trace(trace, "sent and answered", |trace| {
            trace.has("legacy", "send legacy-outbox") && trace.has("legacy", "process legacy-inbox")
        });
        let seen =
            seen.await.without(|span| span.service != "legacy" || !sent_and_answered(&span.name));
        assert_eq!(seen.tree(), "legacy: send legacy-outbox\n  legacy: process legacy-inbox");
    }
}

#[tokio::test]
async fn how_long_a_change_took_is_a_figure() {
    let app = TestApp::start().await;
    let _mainframe = app.mainframe(Faults::default()).await;
    app.registered("figure").await;
    let is_lag = |metric: &Value| metric["name"] == "iommi.legacy.sync.lag";
    app.eventually("the figure", async || {
        app.all_telemetry().await.metrics.into_iter().find(is_lag)
    })
    .await;
}
