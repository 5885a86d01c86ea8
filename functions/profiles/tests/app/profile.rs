use crate::support::{KIM, TestApp, registration};
use app_tests::Method;
use futures::future::join_all;
use pretty_assertions::assert_eq;
use serde_json::json;

fn kim() -> String {
    format!("/v1/profiles/{KIM}")
}

#[tokio::test]
async fn a_client_that_has_the_current_version_need_not_load_it_again() {
    let app = TestApp::start().await;
    let profile = app.get(&kim()).await.expect(200);
    let again = |tags: String| {
        app.request(Method::GET, "/v1/profiles/01980c6e-1111-7000-8000-000000000001")
            .header("if-none-match", &tags)
            .send()
    };
    let unchanged = again(profile.etag().to_owned()).await.expect(304);
    assert_eq!(unchanged.etag(), profile.etag());
    again(format!("\"7\", W/{}", profile.etag())).await.expect(304);
    again("\"7\"".into()).await.expect(200);
    again("seven".into()).await.refused(400, "invalid-header", &["If-None-Match"]);
}

#[tokio::test]
async fn a_patch_changes_what_it_names_empties_what_is_null_and_leaves_the_rest() {
    let app = TestApp::start().await;
    let before = app.get(&kim()).await.expect(200);
    let patch = json!({"age": null, "address": {"street": "Havnegade 2", "postalCode": null}});
    let after = app.patch(&kim(), before.etag(), &patch).await.expect(200);
    let mut expected = before.json();
    expected["age"] = json!(null);
    expected["address"]["street"] = json!("Havnegade 2");
    expected["address"]["postalCode"] = json!(null);
    expected["revision"] = json!(2);
    expected["updatedAt"] = after.json()["updatedAt"].clone();
    assert_eq!(after.json(), expected);
    assert_eq!(after.etag(), "\"2\"");
    assert_eq!(app.get(&kim()).await.json(), expected);
}

#[tokio::test]
async fn a_stale_etag_is_refused_and_names_the_current_one() {
    let app = TestApp::start().await;
    app.patch(&kim(), "\"1\"", &json!({"age": 42})).await.expect(200);
    let refused = app.patch(&kim(), "\"1\"", &json!({"age": 43})).await.refused(
        412,
        "precondition-failed",
        &[],
    );
    assert_eq!((refused.etag(), &refused.json()["currentETag"]), ("\"2\"", &json!("\"2\"")));
    app.patch(&kim(), "W/\"2\"", &json!({"age": 43})).await.refused(
        412,
        "precondition-failed",
        &[],
    );
    app.patch(&kim(), "\"9\", \"2\"", &json!({"age": 43})).await.expect(200);
    app.patch(&kim(), "*", &json!({"age": 44})).await.expect(200);
}

#[tokio::test]
async fn a_change_without_if_match_is_refused() {
    let app = TestApp::start().await;
    let patch = app.request(Method::PATCH, &kim()).merge_patch(&json!({"age": 1})).send().await;
    patch.refused(428, "precondition-required", &["If-Match"]);
    let put =
        app.request(Method::PUT, &kim()).json(&registration("k@example.com", "kim")).send().await;
    put.refused(428, "precondition-required", &["If-Match"]);
    app.patch(&kim(), "1", &json!({})).await.refused(400, "invalid-header", &["If-Match"]);
}

#[tokio::test]
async fn of_many_changes_of_one_version_one_wins() {
    let app = TestApp::start().await;
    let path = kim();
    let attempts = (0..20).map(async |n| app.patch(&path, "\"1\"", &json!({"age": 50 + n})).await);
    let mut statuses: Vec<u16> =
        join_all(attempts).await.into_iter().map(|answer| answer.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [vec![200], vec![412; 19]].concat());
    assert_eq!(app.get(&kim()).await.etag(), "\"2\"");
}

#[tokio::test]
async fn what_was_read_can_be_edited_and_put_back() {
    let app = TestApp::start().await;
    let mut body = app.get(&kim()).await.json();
    body["familyName"] = json!("Holm");
    let put = |etag: &'static str, body: serde_json::Value| async move { (etag, body) };
    let (etag, sent) = put("\"1\"", body.clone()).await;
    let stored = app
        .request(Method::PUT, &kim())
        .header("if-match", etag)
        .json(&sent)
        .send()
        .await
        .expect(200);
    assert_eq!(stored.json()["familyName"], "Holm");
    // The same again changes nothing, so the version stays.
    let same = app
        .request(Method::PUT, &kim())
        .header("if-match", "\"2\"")
        .json(&stored.json())
        .send()
        .await
        .expect(200);
    assert_eq!(same.etag(), "\"2\"");
    body["revision"] = json!(9);
    body["photos"] = json!([{"id": KIM, "state": "approved"}]);
    let refused =
        app.request(Method::PUT, &kim()).header("if-match", "\"2\"").json(&body).send().await;
    let named = refused.named();
    assert!(
        named.contains(&"/photos".to_owned()) && named.contains(&"/revision".to_owned()),
        "{named:?}"
    );
    refused.expect(422);
}

#[tokio::test]
async fn a_patch_that_breaks_the_profile_is_refused_and_changes_nothing() {
    let app = TestApp::start().await;
    let before = app.get(&kim()).await.json();
    let patch = json!({"givenName": null, "age": 900, "account": {"userName": "x"}, "id": "other", "hobby": 1});
    let refused = app.patch(&kim(), "\"1\"", &patch).await;
    refused.refused(
        422,
        "invalid-body",
        &["/id", "/account/userName", "/givenName", "/age", "/hobby"],
    );
    app.request(Method::PATCH, &kim())
        .header("if-match", "\"1\"")
        .json(&json!({}))
        .send()
        .await
        .refused(415, "unsupported-media-type", &["Content-Type"]);
    app.patch(&kim(), "\"1\"", &json!([1])).await.expect(422);
    assert_eq!(app.get(&kim()).await.json(), before);
}

#[tokio::test]
async fn an_unknown_profile_and_a_malformed_id_are_told_apart() {
    let app = TestApp::start().await;
    app.get("/v1/profiles/01980c6e-1111-7000-8000-00000000000f").await.refused(
        404,
        "no-such-profile",
        &[],
    );
    app.get("/v1/profiles/kim").await.refused(400, "invalid-parameter", &["profileId"]);
    app.get("/v1/profiles/%F0%9F%A6%80").await.refused(400, "invalid-parameter", &["profileId"]);
}

#[tokio::test]
async fn an_erased_profile_is_gone_and_its_addresses_are_free() {
    let app = TestApp::start().await;
    app.request(Method::DELETE, &kim()).header("if-match", "\"7\"").send().await.refused(
        412,
        "precondition-failed",
        &[],
    );
    app.delete(&kim()).await.expect(204);
    app.get(&kim()).await.refused(404, "no-such-profile", &[]);
    app.patch(&kim(), "*", &json!({"age": 1})).await.refused(404, "no-such-profile", &[]);
    let found = app.get("/v1/profiles?email=kim.larsen@example.com").await.expect(200).json();
    assert_eq!(found["items"], json!([]));
    let all = app.get("/v1/profiles").await.expect(200).json();
    assert!(all["items"].as_array().unwrap().iter().all(|profile| profile["id"] != KIM));
    app.delete(&kim()).await.expect(204);
    app.register("kim.larsen@example.com", "kim").await.expect(201);
    app.delete("/v1/profiles/01980c6e-1111-7000-8000-00000000000f").await.refused(
        404,
        "no-such-profile",
        &[],
    );
}

#[tokio::test]
async fn what_does_not_exist_is_a_problem_document_too() {
    let app = TestApp::start().await;
    app.get("/v1/nonsense").await.refused(404, "not-found", &[]);
    let wrong = app.request(Method::POST, &kim()).json(&json!({})).send().await.refused(
        405,
        "method-not-allowed",
        &[],
    );
    assert_eq!(wrong.header("allow"), Some("GET, PUT, PATCH, DELETE"));
}

#[tokio::test]
async fn a_misspelt_field_is_refused_even_if_it_would_only_be_removed() {
    let app = TestApp::start().await;
    let patch = json!({"adress": null, "address": {"sreet": null}});
    app.patch(&kim(), "\"1\"", &patch).await.refused(
        422,
        "invalid-body",
        &["/address/sreet", "/adress"],
    );
    assert_eq!(app.get(&kim()).await.etag(), "\"1\"");
}

#[tokio::test]
async fn changes_of_any_version_all_go_through() {
    let app = TestApp::start().await;
    let path = kim();
    let attempts = (0..12).map(async |n| app.patch(&path, "*", &json!({"age": 50 + n})).await);
    for answer in join_all(attempts).await {
        answer.expect(200);
    }
    assert_eq!(app.get(&kim()).await.etag(), "\"13\"");
}

#[tokio::test]
async fn an_error_does_not_grow_with_the_request() {
    let app = TestApp::start().await;
    let mut patch: serde_json::Map<String, serde_json::Value> =
        (0..10_000).map(|n| (format!("unknown{n}"), json!(1))).collect();
    patch.insert("x".repeat(50_000), json!(1));
    let refused = app.patch(&kim(), "\"1\"", &json!(patch)).await.expect(422);
    assert_eq!(refused.named().len(), 50);
    assert!(refused.body.len() < 20_000, "{}", refused.body.len());
}
