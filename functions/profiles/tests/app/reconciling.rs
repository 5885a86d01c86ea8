//! That every profile holds its addresses is proved again and again, and what an interruption left is mended.

use crate::support::{KIM, TestApp};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};

const AMINA: &str = "01980c6e-2222-7000-8000-000000000002";
/// Of `kim.larsen@example.com`.
const KIMS_EMAIL: &str = "email-c6e5a109cbe84e88dc5d10d222262ca9842294892c88b5685e62532da9bfa507";

/// What is left of a profile if the process that erases it dies right after the first write.
fn half_erased(profile: &Value) -> Value {
    json!({
        "id": profile["id"], "state": "erased", "revision": 2, "erasedAt": jiff::Timestamp::now(),
        "ttl": 7_776_000, "claims": profile["claims"], "completedAt": null,
        "removed": [{"what": "profile", "count": 1, "at": jiff::Timestamp::now()}],
    })
}

#[tokio::test]
async fn an_erasure_that_was_interrupted_is_finished_without_anybody_asking() {
    let app = TestApp::start().await;
    let tombstone = half_erased(&app.stored_profile(KIM).await);
    app.documents("profiles").put(KIM, &tombstone).await;
    app.eventually("the end of the erasure", async || {
        let tombstone = app.stored_profile(KIM).await;
        tombstone["completedAt"].is_string().then_some(())
    })
    .await;
    assert_eq!(app.documents("addresses-in-use").get(KIMS_EMAIL, KIMS_EMAIL).await, None);
    app.register("kim.larsen@example.com", "kim").await.expect(201);
}

#[tokio::test]
async fn an_address_that_nobody_holds_is_reserved_for_the_profile_that_has_it() {
    let app = TestApp::start().await;
    app.documents("addresses-in-use").delete(KIMS_EMAIL, KIMS_EMAIL).await;
    app.run_timer("reconcile").await;
    let reservation = app.documents("addresses-in-use").get(KIMS_EMAIL, KIMS_EMAIL).await.unwrap();
    assert_eq!(reservation["profileId"], KIM);
    let taken = app.register("kim.larsen@example.com", "another").await;
    taken.refused(409, "already-taken", &["/account/emailAddress"]);
}

#[tokio::test]
async fn a_reservation_that_is_left_of_somebody_goes_and_a_young_one_stays() {
    let app = TestApp::start().await;
    let addresses = app.documents("addresses-in-use");
    let nobody = "01980c6e-1111-7000-8000-0000000000cc";
    for (id, holder, at) in [
        ("email-old", KIM, json!("2026-01-05T08:00:00Z")),
        ("email-nobodys", nobody, json!("2026-01-05T08:00:00Z")),
        ("email-young", nobody, json!(jiff::Timestamp::now())),
    ] {
        addresses.put(id, &json!({"id": id, "profileId": holder, "reservedAt": at})).await;
    }
    app.run_timer("reconcile").await;
    assert_eq!(addresses.get("email-old", "email-old").await, None);
    assert_eq!(addresses.get("email-nobodys", "email-nobodys").await, None);
    assert!(addresses.get("email-young", "email-young").await.is_some());
    assert!(addresses.get(KIMS_EMAIL, KIMS_EMAIL).await.is_some());
    assert_eq!(app.get(&format!("/v1/profiles/{KIM}")).await.expect(200).etag(), "\"1\"");
}

#[tokio::test]
async fn two_that_have_one_address_are_left_as_they_are_and_the_rest_goes_on() {
    let app = TestApp::start().await;
    let kim = app.stored_profile(KIM).await;
    let members = json!({"account": kim["account"], "claims": kim["claims"]});
    app.documents("profiles").change(AMINA, AMINA, &members).await;
    app.run_timer("reconcile").await;
    let reservation = app.documents("addresses-in-use").get(KIMS_EMAIL, KIMS_EMAIL).await.unwrap();
    assert_eq!(reservation["profileId"], KIM);
    assert_eq!(app.stored_profile(AMINA).await["account"], kim["account"]);
    let place = app.documents("reconciliation").get("addresses", "addresses").await.unwrap();
    assert_eq!(
        (&place["profile"], &place["leasedUntil"]),
        (&json!(null), &json!("1970-01-01T00:00:00Z"))
    );
}

#[tokio::test]
async fn one_document_that_cannot_be_read_breaks_no_list_and_no_proof() {
    let app = TestApp::start().await;
    let before = app.get("/v1/profiles").await.expect(200).json();
    // Before all others, and more than a page of them.
    for number in 0..3 {
        let id = format!("01980c6d-0000-7000-8000-00000000000{number}");
        let broken = json!({"id": id, "state": "active", "account": 7});
        app.documents("profiles").put(&id, &broken).await;
    }
    app.documents("services").put("a-broken-one", &json!({"id": "a-broken-one"})).await;
    assert_eq!(app.get("/v1/profiles").await.expect(200).json(), before);
    let first = app.get("/v1/profiles?limit=1").await.expect(200).json();
    assert_eq!((&first["items"][0]["id"], first["continuation"].is_string()), (&json!(KIM), true));
    let services = app.get("/v1/services").await.expect(200).json();
    assert_eq!(services["items"].as_array().unwrap().len(), 5);
    app.documents("addresses-in-use").delete(KIMS_EMAIL, KIMS_EMAIL).await;
    app.run_timer("reconcile").await;
    assert!(app.documents("addresses-in-use").get(KIMS_EMAIL, KIMS_EMAIL).await.is_some());
}
