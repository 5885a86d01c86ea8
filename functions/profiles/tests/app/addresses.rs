//! A profile's e-mail address and user name change, and stay unique while they do.

use crate::support::{KIM, TestApp};
use futures::future::join_all;
use pretty_assertions::assert_eq;
use serde_json::json;

fn kim() -> String {
    format!("/v1/profiles/{KIM}")
}

#[tokio::test]
async fn a_changed_address_is_taken_and_the_old_one_is_free() {
    let app = TestApp::start().await;
    let patch = json!({"account": {"emailAddress": "kim@holm.example"}});
    app.patch(&kim(), "\"1\"", &patch).await.expect(200);
    app.register("kim@holm.example", "somebody").await.refused(
        409,
        "already-taken",
        &["/account/emailAddress"],
    );
    app.register("kim.larsen@example.com", "somebody").await.expect(201);
    let found = app.get("/v1/profiles?email=KIM@holm.example").await.expect(200).json();
    assert_eq!(found["items"][0]["id"], KIM);
}

#[tokio::test]
async fn another_spelling_of_ones_own_address_is_no_conflict() {
    let app = TestApp::start().await;
    let patch = json!({"account": {"emailAddress": "KIM.Larsen@example.com", "userName": "KIM"}});
    app.patch(&kim(), "\"1\"", &patch).await.expect(200);
}

#[tokio::test]
async fn somebody_elses_address_is_refused_and_the_version_stays() {
    let app = TestApp::start().await;
    let patch = json!({"age": 1, "account": {"userName": "Amina", "emailAddress": "joao.silva@example.com"}});
    let refused = app.patch(&kim(), "\"1\"", &patch).await;
    refused.refused(409, "already-taken", &["/account/emailAddress", "/account/userName"]);
    let profile = app.get(&kim()).await.expect(200);
    assert_eq!((profile.etag(), &profile.json()["age"]), ("\"1\"", &json!(41)));
    app.patch(&kim(), "\"1\"", &json!({"age": 42})).await.expect(200);
}

#[tokio::test]
async fn there_and_back_again_works() {
    let app = TestApp::start().await;
    for (etag, address) in [
        ("\"1\"", "new@example.com"),
        ("\"2\"", "kim.larsen@example.com"),
        ("\"3\"", "new@example.com"),
    ] {
        app.patch(&kim(), etag, &json!({"account": {"emailAddress": address}})).await.expect(200);
    }
    app.register("kim.larsen@example.com", "somebody").await.expect(201);
}

#[tokio::test]
async fn of_those_who_want_one_name_at_once_one_gets_it() {
    let app = TestApp::start().await;
    let people = join_all((0..12).map(|n| {
        let app = &app;
        async move {
            app.register(&format!("p{n}@example.com"), &format!("person{n}")).await.expect(201).id()
        }
    }))
    .await;
    let paths: Vec<String> = people.iter().map(|id| format!("/v1/profiles/{id}")).collect();
    let patch = json!({"account": {"userName": "wanted"}});
    let attempts = paths.iter().map(|path| app.patch(path, "\"1\"", &patch));
    let statuses: Vec<u16> =
        join_all(attempts).await.into_iter().map(|answer| answer.status).collect();
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
    assert!(statuses.iter().all(|status| [200, 409].contains(status)), "{statuses:?}");
}

/// What is left if Kim's change to another address is interrupted after the reservation: the claim in the
/// profile, and the reservation.
async fn interrupted_change(app: &TestApp, address: &str, claimed_at: jiff::Timestamp) -> String {
    let hash = ring::digest::digest(&ring::digest::SHA256, address.as_bytes());
    let hash: String = hash.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    let id = format!("email-{hash}");
    let mut profile = app.stored_profile(KIM).await;
    profile["claims"].as_array_mut().unwrap().push(json!(id));
    profile["claimedAt"] = json!(claimed_at);
    app.documents("profiles").put(KIM, &profile).await;
    let reservation = json!({"id": id, "profileId": KIM, "reservedAt": claimed_at});
    app.documents("addresses-in-use").put(&id, &reservation).await;
    id
}

#[tokio::test]
async fn an_interrupted_claim_gives_way_when_it_is_old_and_not_before() {
    let app = TestApp::start().await;
    interrupted_change(&app, "young@example.com", jiff::Timestamp::now()).await;
    let refused = app.register("young@example.com", "somebody").await;
    let refused = refused.refused(409, "already-taken", &["/account/emailAddress"]);
    assert_eq!(refused.header("retry-after"), Some("5"));
    interrupted_change(&app, "old@example.com", jiff::Timestamp::UNIX_EPOCH).await;
    app.register("old@example.com", "somebody").await.expect(201);
    // Kim notices nothing, and cannot get the address any more.
    assert_eq!(app.get(&kim()).await.expect(200).etag(), "\"1\"");
    let patch = json!({"account": {"emailAddress": "old@example.com"}});
    app.patch(&kim(), "\"1\"", &patch).await.refused(
        409,
        "already-taken",
        &["/account/emailAddress"],
    );
}

#[tokio::test]
async fn an_erasure_also_removes_what_an_interrupted_change_left() {
    let app = TestApp::start().await;
    let left = interrupted_change(&app, "left@example.com", jiff::Timestamp::now()).await;
    app.delete(&kim()).await.expect(204);
    assert_eq!(app.documents("addresses-in-use").get(&left, &left).await, None);
    let tombstone = app.stored_profile(KIM).await;
    assert_eq!(
        (&tombstone["claims"], tombstone["removed"][1]["count"].as_u64()),
        (&json!([]), Some(3))
    );
    for personal in ["Kim", "Larsen", "example.com", "Havnegade"] {
        assert!(!tombstone.to_string().contains(personal), "{personal} is still in {tombstone}");
    }
}
