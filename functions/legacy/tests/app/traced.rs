//! One trace leads from a client's request to the mainframe's answer, through the document that it changed, its change
//! feed, two queues and the mainframe.

use crate::support::TestApp;
use app_tests::{Answer, BegunTrace, Method, Span, Trace};
use mainframe::Faults;
use serde_json::{Value, json};

const TO_THE_ANSWER: &str = "\
host: PATCH /v1/profiles/{profileId}
  profiles: PATCH /v1/profiles/{profileId}
    profiles: read_item profiles
    profiles: replace_item profiles
    legacy: process profiles
      legacy: forward_changes item
        legacy: send legacy-outbox
          legacy: process legacy-inbox";

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
    app.trace(&trace, TO_THE_ANSWER, |trace| trace.without(is_beside).tree() == TO_THE_ANSWER)
        .await;
}

/// Whether it does not belong to the way: the host's triggers, the other followers of the feed, and the record of where the
/// profile stands, which an answer may find before or after it is written.
fn is_beside(span: &Span) -> bool {
    let is_trigger = span.service == "host" && !span.name.starts_with("PATCH");
    let is_other = span.service == "profiles" && span.name == "process profiles";
    is_trigger
        || is_other
        || ["announced", "legacy-sync"].iter().any(|name| span.name.ends_with(name))
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
    let is_step =
        |span: &Span| ["send legacy-outbox", "process legacy-inbox"].contains(&&*span.name);
    let is_sent_and_answered = |trace: &Trace| {
        let steps = trace.without(|span| span.service != "legacy" || !is_step(span));
        steps.tree()
            == "legacy: send legacy-outbox
  legacy: process legacy-inbox"
    };
    for trace in [&first, &second] {
        app.trace(trace, "one message and its answer", is_sent_and_answered).await;
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
