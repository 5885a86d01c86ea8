//! What a crash or forgetfulness leaves, the sweep finds.

use crate::support::{KIM, Scene, TestApp};
use pretty_assertions::assert_eq;
use serde_json::json;

#[tokio::test]
async fn a_ticket_that_is_not_used_expires() {
    let app = TestApp::start().await;
    let ticket = app.ticket("image/jpeg", 10).await;
    app.sweep(&ticket.id).await;
    app.wait_for(&ticket.id, "expired").await;
    app.put(&ticket.id, "image/jpeg", vec![0; 10]).await.refused(409, "upload-not-expected", &[]);
}

#[tokio::test]
async fn an_expired_ticket_takes_no_upload_through_the_api() {
    let app = TestApp::start().await;
    let ticket = app.ticket("image/jpeg", 10).await;
    let mut document = app.document(&ticket.id).await.unwrap();
    document["ticket"]["expiresAt"] = json!("2026-03-01T08:00:00Z");
    app.change_document(&ticket.id, &json!({"ticket": document["ticket"]})).await;
    app.put(&ticket.id, "image/jpeg", vec![0; 10]).await.refused(409, "upload-not-expected", &[]);
}

#[tokio::test]
async fn what_a_crash_left_undone_is_done() {
    let app = TestApp::start().await;
    let photo = app.uploaded_until(Scene::doubtful(1).jpeg(), "review").await;
    let id = photo["id"].as_str().unwrap();
    app.eventually("its case", || app.document_in("cases", id, id)).await;
    app.eventually("the duties to be done", || async {
        (app.document(id).await.unwrap()["duties"] == json!([])).then_some(())
    })
    .await;
    // As if the run had been killed between the state and what follows from it.
    app.change_document(id, &json!({"duties": ["open-case", "announce"]})).await;
    app.sweep(id).await;
    app.eventually("the duties to be done again", || async {
        (app.document(id).await.unwrap()["duties"] == json!([])).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_photo_whose_run_was_killed_is_checked_again() {
    let app = TestApp::start_with(&[("AzureWebJobs.uploaded.Disabled", "true")]).await;
    let id = app.upload("image/jpeg", Scene::harmless(1).jpeg()).await;
    let killed = json!({
        "since": jiff::Timestamp::now().to_string(), "attempts": 1, "leasedUntil": "2026-03-01T08:00:00Z",
    });
    app.change_document(&id, &json!({"state": "checking", "checking": killed})).await;
    app.sweep(&id).await;
    app.wait_for(&id, "approved").await;
}

#[tokio::test]
async fn a_picture_that_was_rejected_long_ago_goes() {
    let app = TestApp::start().await;
    let photo = app.uploaded_until(Scene::terrible(1).jpeg(), "rejected").await;
    let id = photo["id"].as_str().unwrap();
    app.eventually("the duties to be done", || async {
        (app.document(id).await.unwrap()["duties"] == json!([])).then_some(())
    })
    .await;
    assert_eq!(
        app.blobs(id).await.iter().filter(|blob| blob.starts_with("photo-quarantine")).count(),
        3
    );
    app.change_document(id, &json!({"updatedAt": "2020-03-01T08:00:00Z"})).await;
    app.sweep(id).await;
    app.eventually("its picture to be gone", || async {
        app.blobs(id).await.is_empty().then_some(())
    })
    .await;
    app.eventually("the document to say so", || async {
        app.document(id).await.unwrap()["picture"].is_null().then_some(())
    })
    .await;
    app.appeal(id).await.refused(409, "not-appealable", &[]);
}

#[tokio::test]
async fn photos_that_fail_keep_no_other_photo_waiting() {
    let app = TestApp::start().await;
    let ticket = app.ticket("image/jpeg", 10).await;
    let document = app.document(&ticket.id).await.unwrap();
    let base: uuid::Uuid = ticket.id.parse().unwrap();
    for number in 1..=210_u128 {
        let mut bad = document.clone();
        bad["id"] = json!(uuid::Uuid::from_u128(base.as_u128() + number).to_string());
        bad["state"] = json!("archived");
        bad["sweepAfter"] = json!(1);
        app.documents("photos").put(KIM, &bad).await;
    }
    // In a sweep each fails, once: then it is due later, and later from time to time.
    app.sweep(&ticket.id).await;
    app.wait_for(&ticket.id, "expired").await;
    let one = uuid::Uuid::from_u128(base.as_u128() + 1).to_string();
    let failed = app.eventually("the failure to be counted", || async {
        let bad = app.document(&one).await?;
        (bad["sweepFailures"] == 1).then_some(bad)
    });
    let now = jiff::Timestamp::now().as_second();
    assert!(failed.await["sweepAfter"].as_i64().unwrap() > now - 5);
}

#[tokio::test]
async fn a_photo_in_review_that_nothing_looks_after_gets_its_case() {
    let app = TestApp::start().await;
    let id = app.in_review(1).await;
    app.settled(&id).await;
    app.documents("cases").delete(&id, &id).await;
    app.change_document(&id, &json!({"sweepAfter": null})).await;
    app.invoke("sweep", &json!("")).await;
    app.eventually("its case", || app.document_in("cases", &id, &id)).await;
}

#[tokio::test]
async fn a_photo_whose_runs_die_goes_to_a_person() {
    let app = TestApp::start_with(&[("AzureWebJobs.uploaded.Disabled", "true")]).await;
    let id = app.upload("image/jpeg", Scene::harmless(1).jpeg()).await;
    let died = json!({
        "since": jiff::Timestamp::now().to_string(), "attempts": 3, "died": 2,
        "leasedUntil": "2026-03-01T08:00:00Z",
    });
    app.change_document(&id, &json!({"state": "checking", "checking": died})).await;
    app.sweep(&id).await;
    assert_eq!(app.wait_for(&id, "review").await["reason"], "not-processed");
}

#[tokio::test]
async fn one_document_that_nobody_can_read_hides_no_other() {
    let app = TestApp::start().await;
    let (good, bad) = (app.ticket("image/jpeg", 10).await, app.ticket("image/jpeg", 10).await);
    app.change_document(&bad.id, &json!({"state": "archived"})).await;
    let list = app.get(&format!("/v1/profiles/{KIM}/photos")).await.expect(200).json();
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
    assert_eq!(list["items"][0]["id"], json!(good.id));
    app.ticket("image/jpeg", 10).await;
}

#[tokio::test]
async fn tickets_that_were_not_used_do_not_count() {
    let app = TestApp::start().await;
    let ticket = app.ticket("image/jpeg", 10).await;
    let document = app.document(&ticket.id).await.unwrap();
    let base: uuid::Uuid = ticket.id.parse().unwrap();
    for number in 1..200_u128 {
        let mut over = document.clone();
        over["id"] = json!(uuid::Uuid::from_u128(base.as_u128() + number).to_string());
        over["state"] = json!("expired");
        app.documents("photos").put(KIM, &over).await;
    }
    app.ask("image/jpeg", 10).await.expect(201);
    let mut over = document["ticket"].clone();
    over["expiresAt"] = json!("2026-03-01T08:00:00Z");
    for number in 1..200_u128 {
        let mut waiting = document.clone();
        waiting["id"] = json!(uuid::Uuid::from_u128(base.as_u128() + number).to_string());
        app.documents("photos").put(KIM, &waiting).await;
    }
    app.ask("image/jpeg", 10).await.refused(409, "too-many-photos", &[]);
    app.change_document(&ticket.id, &json!({ "ticket": over })).await;
    app.delete(&format!("/v1/photos/{}", uuid::Uuid::from_u128(base.as_u128() + 1)))
        .await
        .expect(204);
    app.ask("image/jpeg", 10).await.expect(201);
}
