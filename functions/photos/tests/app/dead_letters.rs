//! What the app cannot deal with ends where people find it: a photo with a moderator, everything else as a dead letter.

use crate::support::{KIM, TestApp};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};

const LETTERS: &str = "/photos/v1/dead-letters";

async fn letters(app: &TestApp) -> Vec<Value> {
    app.get(LETTERS).await.expect(200).json()["items"].as_array().unwrap().clone()
}

#[tokio::test]
async fn an_erasure_against_the_contract_is_a_letter_that_can_be_mended_and_sent_again() {
    let app = TestApp::start().await;
    let mut wrong = json!({
        "specversion": "1.0", "id": "1", "source": "/profiles", "subject": KIM,
        "type": "com.iommi.profiles.erased.v1", "time": "2026-03-01T08:00:00Z",
        "data": {"profileId": KIM},
    });
    app.queue("photo-erasures").send_json(&wrong).await;
    let letter = async || letters(&app).await.into_iter().next();
    let letter = app.eventually("the letter", letter).await;
    assert_eq!(
        (&letter["reason"], &letter["queue"], &letter["subject"]),
        (&json!("given-up"), &json!("photo-erasures"), &json!(KIM))
    );
    wrong["data"]["erasedAt"] = json!("2026-03-01T08:00:00Z");
    let path = format!("{LETTERS}/{}", letter["id"].as_str().unwrap());
    let read = app.get(&path).await.expect(200);
    let edit = app.request(app_tests::Method::PUT, &path).header("if-match", read.etag());
    edit.json(&json!({"message": wrong.to_string()})).send().await.expect(200);
    app.post(&path, &json!({"action": "redrive"})).await.expect(200);
    app.eventually("the erasure", async || app.document("erasure").await).await;
    assert_eq!(letters(&app).await, Vec::<Value>::new(), "none is open");
}
