//! Moderators decide: one at a time, once, and not against their own word.

use crate::support::{MATEO, MONA, Scene, TestApp, case_path};
use pretty_assertions::assert_eq;
use reqwest::Method;
use serde_json::{Value, json};

fn approve() -> Value {
    json!({"verdict": "approve"})
}

fn reject() -> Value {
    json!({"verdict": "reject", "reason": "nudity", "note": "in the mirror"})
}

#[tokio::test]
async fn only_moderators_see_cases() {
    let app = TestApp::start().await;
    let list = "/moderation/v1/cases";
    app.get(list).await.refused(401, "not-signed-in", &[]);
    app.as_person("nils", Method::GET, list, None, None).await.refused(403, "role-missing", &[]);
    app.as_person(MONA, Method::GET, list, None, None).await.expect(200);
    // Nobody becomes a moderator by saying so.
    let claims =
        "eyJhdXRoX3R5cCI6ImFhZCIsImNsYWltcyI6W3sidHlwIjoicm9sZXMiLCJ2YWwiOiJNb2RlcmF0b3IifV19";
    let forged = app.request(Method::GET, list).header("x-ms-client-principal", claims);
    forged.header("x-ms-client-principal-id", "me").send().await.refused(401, "not-signed-in", &[]);
}

#[tokio::test]
async fn an_approved_photo_can_be_seen_until_that_is_undone() {
    let app = TestApp::start().await;
    let id = app.in_review(1).await;
    app.expect_hidden(&id).await;
    let picture = format!("{}/picture/large", case_path(&id));
    let seen = app.as_person(MONA, Method::GET, &picture, None, None).await.expect(200);
    assert_eq!(seen.header("cache-control"), Some("no-store"));

    let decided = app.take_and_decide(MONA, &id, &approve()).await;
    assert_eq!(decided.json()["decision"]["carriedOut"], json!(true));
    app.content(&id, "large").await.expect(200);

    let undone = app.undo(MATEO, &id, decided.etag()).await.expect(200).json();
    assert_eq!((&undone["state"], &undone["decision"]), (&json!("open"), &Value::Null));
    app.expect_hidden(&id).await;
    assert_eq!(app.photo(&id).await.json()["state"], "review");
    let what: Vec<&Value> =
        undone["history"].as_array().unwrap().iter().map(|entry| &entry["what"]).collect();
    assert_eq!(what, ["opened", "leased", "decided", "undone"]);
}

#[tokio::test]
async fn two_moderators_cannot_decide_the_same_case() {
    let app = TestApp::start().await;
    let id = app.in_review(2).await;
    let (mona, mateo) = tokio::join!(app.take(MONA, &id), app.take(MATEO, &id));
    let mut statuses = [mona.status, mateo.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
    let (holder, other) = if mona.status == 200 { (MONA, MATEO) } else { (MATEO, MONA) };
    let etag = app.case(holder, &id).await.etag().to_owned();
    app.decide(other, &id, &etag, &approve()).await.refused(409, "case-held", &[]);

    let (approval, rejection) = (approve(), reject());
    let (first, second) = tokio::join!(
        app.decide(holder, &id, &etag, &approval),
        app.decide(holder, &id, &etag, &rejection)
    );
    let accepted = [first.status, second.status].into_iter().filter(|s| *s == 200).count();
    assert_eq!(accepted, 1, "{first:?} {second:?}");
    let case = app.case(holder, &id).await.json();
    let photo = app.photo(&id).await.json();
    let state = if case["decision"]["verdict"] == "approve" { "approved" } else { "rejected" };
    assert_eq!(photo["state"], state);
}

#[tokio::test]
async fn a_decision_names_the_version_it_is_based_on() {
    let app = TestApp::start().await;
    let id = app.in_review(3).await;
    let before = app.case(MONA, &id).await.etag().to_owned();
    let path = format!("{}/decision", case_path(&id));
    app.take(MONA, &id).await.expect(200);
    app.as_person(MONA, Method::PUT, &path, None, Some(&approve())).await.refused(
        428,
        "precondition-required",
        &["If-Match"],
    );
    app.decide(MONA, &id, &before, &approve()).await.refused(
        412,
        "precondition-failed",
        &["If-Match"],
    );
    let now = app.case(MONA, &id).await.etag().to_owned();
    let wrong = json!({"verdict": "reject", "reason": "ugly"});
    app.decide(MONA, &id, &now, &wrong).await.refused(422, "invalid-body", &["/reason"]);
    app.expect_hidden(&id).await;
}

#[tokio::test]
async fn an_appeal_is_decided_by_somebody_else() {
    let app = TestApp::start().await;
    let id = app.in_review(4).await;
    app.take_and_decide(MONA, &id, &reject()).await;
    assert_eq!(app.photo(&id).await.json()["reason"], "moderator-nudity");
    app.appeal(&id).await.expect(202);
    let appeal = format!("{id}-appeal");
    app.eventually("the appeal", || async {
        (app.case(MONA, &appeal).await.status == 200).then_some(())
    })
    .await;
    app.take(MONA, &appeal).await.refused(409, "own-decision", &[]);
    // The first decision is history: what counts now is the appeal.
    let first = app.case(MONA, &id).await;
    app.undo(MONA, &id, first.etag()).await.refused(409, "not-undoable", &[]);
    app.take_and_decide(MATEO, &appeal, &approve()).await;
    app.content(&id, "thumb").await.expect(200);
    let path = "/moderation/v1/statistics";
    let figures = app.as_person(MONA, Method::GET, path, None, None).await.expect(200).json();
    assert_eq!((&figures["decidedLastWeek"], &figures["overturned"]), (&json!(2), &json!(1)));
}

#[tokio::test]
async fn a_rejected_picture_is_recognised_until_that_is_undone() {
    let app = TestApp::start().await;
    let id = app.in_review(5).await;
    let rejected = app.take_and_decide(MONA, &id, &reject()).await;
    let calls = app.content_safety().requests();
    let again = app.uploaded_until(Scene::doubtful(5).jpeg(), "rejected").await;
    assert_eq!(again["reason"], "known-image");
    assert_eq!(app.content_safety().requests(), calls, "nobody is asked about a known picture");
    app.undo(MONA, &id, rejected.etag()).await.expect(200);
    app.uploaded_until(Scene::doubtful(5).jpeg(), "review").await;
}

#[tokio::test]
async fn the_case_of_an_erased_photo_shows_nothing() {
    let app = TestApp::start().await;
    let id = app.in_review(6).await;
    app.delete(&format!("/v1/photos/{id}")).await.expect(204);
    let picture = format!("{}/picture/thumb", case_path(&id));
    app.as_person(MONA, Method::GET, &picture, None, None).await.refused(404, "no-picture", &[]);
    let case = app.case(MONA, &id).await.expect(200).json();
    assert_eq!(case["state"], "closed");
    app.take(MONA, &id).await.refused(409, "case-not-open", &[]);
}

#[tokio::test]
async fn a_lease_that_ran_out_keeps_nobody_away() {
    let app = TestApp::start().await;
    let id = app.in_review(7).await;
    let taken = app.take(MONA, &id).await.expect(200).json();
    assert_eq!(taken["lease"]["mine"], json!(true));
    app.take(MATEO, &id).await.refused(409, "case-held", &[]);

    let mut over = app.document_in("cases", &id, &id).await.unwrap()["lease"].clone();
    over["until"] = json!("2026-03-01T08:00:00Z");
    app.change_case(&id, &json!({ "lease": over })).await;
    app.invoke("sweep", &json!("")).await;
    app.eventually("the sweep to give it back", || async {
        let case = app.case(MONA, &id).await.expect(200).json();
        (case["history"].as_array()?.last()?["what"] == "lapsed").then_some(())
    })
    .await;
    app.take_and_decide(MATEO, &id, &approve()).await;
}

#[tokio::test]
async fn a_decision_that_a_crash_interrupted_is_carried_out() {
    let app = TestApp::start().await;
    let id = app.in_review(8).await;
    let mona = "00000000-0000-0000-0000-00000000aaaa";
    let ruling = json!({
        "verdict": "approve", "note": null, "by": mona, "at": "2026-03-01T08:00:00Z", "carriedOut": false,
    });
    app.change_case(&id, &json!({"state": "decided", "ruling": ruling})).await;
    app.expect_hidden(&id).await;
    app.invoke("sweep", &json!("")).await;
    app.wait_for(&id, "approved").await;
    app.eventually("the picture", || async {
        (app.content(&id, "thumb").await.status == 200).then_some(())
    })
    .await;
    let case = app.case(MONA, &id).await.expect(200).json();
    assert_eq!(case["decision"]["by"], mona);
}
