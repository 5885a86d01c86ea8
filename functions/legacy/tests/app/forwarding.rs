use crate::support::{TestApp, active, id, keeps};
use app_tests::Method;
use pretty_assertions::assert_eq;
use serde_json::{Value, json};

#[tokio::test]
async fn a_registration_a_storm_of_edits_and_an_erasure_reach_the_queue() {
    let app = TestApp::start().await;
    let body = json!({"account": {"emailAddress": "kim@example.org", "userName": "kim-org"},
        "givenName": "🦊 Kim", "familyName": "אבגד"});
    let registered =
        app.request(Method::POST, "/v1/register").json(&body).send().await.expect(201).json();
    let url = format!("/v1/profiles/{}", registered["id"].as_str().unwrap());
    let message = app.messages(1).await.remove(0);
    assert_eq!(
        (&message["type"], &message["data"]),
        (&json!("com.iommi.legacy.profile-changed.v1"), &registered)
    );

    let id = registered["id"].as_str().unwrap();
    for age in 1..=30 {
        let patch = app.request(Method::PATCH, &url).header("if-match", "*");
        patch
            .body("application/merge-patch+json", json!({"age": age}).to_string())
            .send()
            .await
            .expect(200);
    }
    app.sync(id, |sync| sync["held"]["revision"] == 31).await;
    app.answer("a", id, 1, "applied", None).await;
    let newest = app.messages(1).await;
    assert_eq!((newest.len(), &newest[0]["data"]["age"]), (1, &json!(30)), "only the newest goes");

    app.request(Method::DELETE, &url).send().await.expect(204);
    app.answer("b", id, 31, "applied", None).await;
    let erased = app.messages(1).await.remove(0);
    assert_eq!(erased["type"], "com.iommi.legacy.profile-erased.v1");
    assert_eq!(erased["data"]["id"], registered["id"]);
    assert!(erased["revision"].as_u64() > Some(31));
}

#[tokio::test]
async fn a_profile_of_a_hundred_kilobytes_leaves_its_data_in_a_blob_until_it_is_applied() {
    let app = TestApp::start().await;
    let mut large = active(1, 1);
    let subscription =
        |n| json!({"serviceId": format!("{n:064}"), "since": "2026-03-01T08:00:00Z"});
    large["subscriptions"] = (0..1000).map(subscription).collect();
    large["givenName"] = json!("محمد 👩‍👩‍👧‍👦");
    app.upsert(&large).await;
    let message = app.messages(1).await.remove(0);
    let path = message["dataref"].as_str().unwrap();
    assert_eq!(path, format!("legacy-payloads/{}/1.json", id(1)));
    let payload: Value = serde_json::from_slice(&app.blob(path).await.unwrap()).unwrap();
    keeps(include_str!("../../messages/profile-changed.schema.json"), &payload);
    assert_eq!(
        (&payload["givenName"], payload.to_string().len() > 100_000),
        (&large["givenName"], true)
    );

    app.answer("a", &id(1), 1, "applied", None).await;
    app.sync(&id(1), |sync| sync["standing"] == "applied" && sync["payloads"] == false).await;
    assert!(!app.has_blob(path).await);
}

#[tokio::test]
async fn a_document_that_breaks_the_contract_is_kept_and_the_rest_goes_on() {
    let app = TestApp::start().await;
    let mut broken = active(1, 1);
    broken["givenName"] = json!({"secret": "value"});
    app.upsert(&broken).await;
    app.upsert(&json!({"id": "no-profile", "state": "sleeping"})).await;
    app.upsert(&active(2, 1)).await;
    assert_eq!(app.messages(1).await[0]["subject"], json!(id(2)));
    let letters = app.letters("broken-document", 2).await;
    assert!(letters.iter().all(|letter| !letter["detail"].as_str().unwrap().contains("secret")));

    // It is mended where it is, and sent by the feed; re-driving the letter is then harmless.
    app.upsert(&active(1, 2)).await;
    app.messages(1).await;
    let letter = letters.iter().find(|letter| letter["profileId"] == json!(id(1))).unwrap();
    let path = format!("/ops/v1/dead-letters/{}", letter["id"].as_str().unwrap());
    let done = app.post(&path, &json!({"action": "redrive"})).await.expect(200).json();
    assert_eq!(done["state"], "redriven");
    let other = letters.iter().find(|letter| letter["profileId"] == Value::Null).unwrap();
    let path = format!("/ops/v1/dead-letters/{}", other["id"].as_str().unwrap());
    app.post(&path, &json!({"action": "redrive"})).await.refused(422, "unsendable", &[]);
}

#[tokio::test]
async fn what_was_sent_is_not_sent_again_when_the_feed_repeats_itself() {
    let app = TestApp::start().await;
    app.upsert(&active(1, 1)).await;
    app.messages(1).await;
    app.sync(&id(1), |sync| sync["sent"]["revision"] == 1).await;
    app.upsert(&active(1, 1)).await;
    app.upsert(&active(2, 1)).await;
    let next = app.messages(1).await;
    assert_eq!(next.iter().map(|message| &message["subject"]).collect::<Vec<_>>(), [&json!(id(2))]);
}
