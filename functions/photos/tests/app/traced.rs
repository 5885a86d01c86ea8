//! One trace leads from the request for a ticket to the profile that shows the photo: through the upload's event, the
//! queue of checks, the pipeline and the message of its decision.

use crate::support::{KIM, Scene, TestApp};
use app_tests::{BegunTrace, Method, Span};
use pretty_assertions::assert_eq;
use serde_json::json;

impl TestApp {
    /// Uploads a photo for Kim with a ticket that was asked for in a trace.
    async fn uploaded_in(&self, trace: &BegunTrace, jpeg: Vec<u8>) -> String {
        let wish = json!({"contentType": "image/jpeg", "contentLength": jpeg.len()});
        let asked = self.request(Method::POST, &format!("/v1/profiles/{KIM}/photos"));
        let ticket = asked.traced(trace).json(&wish).send().await.expect(201);
        let (id, upload) = (ticket.id(), ticket.json()["upload"].clone());
        let mut request = self.http().put(upload["url"].as_str().unwrap());
        for (name, value) in upload["headers"].as_object().unwrap() {
            request = request.header(name, value.as_str().unwrap());
        }
        assert_eq!(request.body(jpeg).send().await.unwrap().status(), 201);
        id
    }
}

/// Without what is asked of databases and other services, the host's triggers, and what `profiles` tells others of the
/// profile, sooner or later.
const APPROVED: &str = "\
photos: POST /v1/profiles/{profileId}/photos
  profiles: GET /v1/profiles/{profileId}
  photos: uploaded item
    photos: send photo-checks
      photos: process photo-checks
        photos: check item
          photos: send photo-decisions
            profiles: process photo-decisions";

#[tokio::test]
async fn one_trace_leads_from_a_ticket_to_the_profile_that_shows_the_photo() {
    let app = TestApp::start().await;
    let trace = app.begin_trace();
    let id = app.uploaded_in(&trace, Scene::harmless(1).jpeg()).await;
    app.wait_for(&id, "approved").await;
    let is_beside = |span: &Span| {
        span.kind == "client" || span.service == "host" || span.name == "process profiles"
    };
    app.trace(&trace, APPROVED, |trace| trace.without(is_beside).tree() == APPROVED).await;
}

#[tokio::test]
async fn who_decided_what_is_a_figure() {
    let app = TestApp::start().await;
    app.uploaded_until(Scene::harmless(1).jpeg(), "approved").await;
    let decided = app.eventually("the figure", async || {
        let metrics = app.all_telemetry().await.metrics;
        metrics.into_iter().find(|metric| metric["name"] == "iommi.photos.decided")
    });
    let decided = decided.await;
    assert_eq!(
        json!([decided["attributes"], decided["value"]]),
        json!([{"decision": "approved", "by": "pipeline"}, 1.0])
    );
}
