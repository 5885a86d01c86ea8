//! Asking for a ticket, and what it is good for.

use crate::support::{KIM, Scene, TestApp};
use pretty_assertions::assert_eq;
use reqwest::Method;
use serde_json::json;

#[tokio::test]
async fn a_ticket_names_one_blob_one_type_and_fifteen_minutes() {
    let app = TestApp::start().await;
    let answer = app.ask("image/png", 4_711).await.expect(201);
    let ticket = answer.json();
    assert_eq!(answer.header("location"), Some(format!("/v1/photos/{}", answer.id()).as_str()));
    assert_eq!(
        (&ticket["state"], &ticket["profileId"], &ticket["contentType"], &ticket["bytes"]),
        (&json!("awaiting-upload"), &json!(KIM), &json!("image/png"), &json!(4_711))
    );
    let url = ticket["upload"]["url"].as_str().unwrap();
    let name = format!("/photo-uploads/{KIM}%2F{}?", answer.id());
    assert!(url.contains(&name), "{url}");
    let time =
        |value: &serde_json::Value| value.as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
    let life = time(&ticket["upload"]["expiresAt"]).duration_since(time(&ticket["createdAt"]));
    assert_eq!(life, jiff::SignedDuration::from_mins(15));
    app.photo(&answer.id()).await.expect(200);
    app.expect_hidden(&answer.id()).await;
}

#[tokio::test]
async fn a_wish_that_cannot_be_granted_says_what_can() {
    let app = TestApp::start().await;
    app.ask("image/svg+xml", 0).await.refused(
        422,
        "invalid-body",
        &["/contentType", "/contentLength"],
    );
    app.ask("image/jpeg", 12 * 1024 * 1024 + 1).await.refused(
        422,
        "invalid-body",
        &["/contentLength"],
    );
    let path = format!("/v1/profiles/{KIM}/photos");
    let wish = json!({"contentType": "image/jpeg", "contentLength": 1, "name": "cat.jpg"});
    app.request(Method::POST, &path).json(&wish).send().await.expect(422);
    app.request(Method::POST, &path).body("text/plain", "{}").send().await.expect(415);
    app.ask_for("7", "image/jpeg", 1).await.refused(400, "invalid-parameter", &["profileId"]);
}

#[tokio::test]
async fn nobody_gets_a_ticket_for_a_profile_that_is_not_there() {
    let app = TestApp::start().await;
    let stranger = "01980c6e-1111-7000-8000-00000000000f";
    app.ask_for(stranger, "image/jpeg", 1).await.refused(404, "no-such-profile", &[]);
    app.delete(&format!("/v1/profiles/{KIM}")).await.expect(204);
    app.ask("image/jpeg", 1).await.refused(404, "no-such-profile", &[]);
}

#[tokio::test]
async fn while_profiles_does_not_answer_there_are_no_tickets() {
    let app = TestApp::start_with(&[("PROFILES_URL", "http://127.0.0.1:9")]).await;
    let answer = app.ask("image/jpeg", 1).await.refused(503, "unavailable", &[]);
    assert!(answer.header("retry-after").is_some());
}

#[tokio::test]
async fn the_url_of_a_ticket_takes_one_file_and_shows_none() {
    let app = TestApp::start().await;
    let jpeg = Scene::harmless(1).jpeg();
    let ticket = app.ticket("image/jpeg", jpeg.len()).await;
    let reading = reqwest::get(ticket.url()).await.unwrap();
    assert_eq!(reading.status(), 403, "the right to create is not the right to read");
    assert_eq!(app.send(&ticket, jpeg.clone()).await, 201);
    app.wait_for(&ticket.id, "approved").await;
    // The blob is gone by now, so the URL would take another file: it must change nothing.
    app.eventually("the upload to be removed", || async {
        (!app.blobs(&ticket.id).await.contains(&"photo-uploads".to_owned())).then_some(())
    })
    .await;
    let before = app.content(&ticket.id, "original").await.expect(200);
    app.send(&ticket, Scene::terrible(2).jpeg()).await;
    app.eventually("the second upload to be removed", || async {
        (!app.blobs(&ticket.id).await.contains(&"photo-uploads".to_owned())).then_some(())
    })
    .await;
    let after = app.content(&ticket.id, "original").await.expect(200);
    assert_eq!(after.etag(), before.etag());
    assert_eq!(app.photo(&ticket.id).await.json()["state"], "approved");
}
