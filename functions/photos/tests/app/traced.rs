//! One trace leads from the request for a ticket to the profile that shows the photo: through the upload's event, the
//! queue of checks, the pipeline and the message of its decision.

use crate::support::{KIM, MONA, Scene, TestApp, case_path};
use app_tests::{BegunTrace, Method};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};

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

/// How its ways lead on, without what is asked of databases and other services.
const APPROVED: &str = "";

#[tokio::test]
async fn one_trace_leads_from_a_ticket_to_the_profile_that_shows_the_photo() {
    let app = TestApp::start().await;
    let trace = app.begin_trace();
    let id = app.uploaded_in(&trace, Scene::harmless(1).jpeg()).await;
    app.wait_for(&id, "approved").await;
    let seen = app.trace(&trace, "the profile hears of it", |trace| {
        trace.has("profiles", "process photo-decisions")
    });
    let seen = seen.await.without(|span| span.kind == "client" || span.service == "host");
    assert_eq!(seen.tree(), APPROVED);
}
