//! Photos are decided elsewhere; here the profile follows, and shows only what is approved.

use crate::support::{KIM, POISON, TestApp, decided};
use app_tests::{Answer, Method};
use futures::future::join_all;
use pretty_assertions::assert_eq;
use rand::{Rng, SeedableRng, rngs::StdRng, seq::SliceRandom};
use serde_json::{Value, json};

const PHOTO: &str = "01980c6e-2222-7000-8000-000000000001";
const OTHER: &str = "01980c6e-2222-7000-8000-000000000002";

fn path() -> String {
    format!("/v1/profiles/{KIM}/picture")
}

impl TestApp {
    async fn kim(&self) -> Value {
        self.get(&format!("/v1/profiles/{KIM}")).await.expect(200).json()
    }

    async fn choose(&self, photo: &str) -> Answer {
        let body = json!({"photoId": photo});
        self.put(&path(), &body).await
    }

    async fn told(&self, photo: &str, state: &str, revision: u32) {
        self.decide(&decided(KIM, photo, state, revision)).await;
        self.all_decided().await;
    }
}

#[tokio::test]
async fn an_approved_photo_can_be_the_picture_until_it_is_approved_no_more() {
    let app = TestApp::start().await;
    app.choose(PHOTO).await.refused(422, "no-such-photo", &["/photoId"]);
    app.told(PHOTO, "review", 1).await;
    app.choose(PHOTO).await.refused(409, "photo-not-approved", &["/photoId"]);
    app.told(PHOTO, "approved", 2).await;
    let chosen = app.choose(PHOTO).await.expect(200);
    assert_eq!(chosen.json()["picture"], PHOTO);
    assert_eq!(chosen.json()["photos"], json!([{"id": PHOTO, "state": "approved"}]));
    assert_eq!(app.choose(PHOTO).await.expect(200).etag(), chosen.etag());
    app.told(PHOTO, "rejected", 3).await;
    let kim = app.kim().await;
    assert_eq!((&kim["picture"], &kim["photos"][0]["state"]), (&json!(null), &json!("rejected")));
    app.told(PHOTO, "erased", 4).await;
    assert_eq!(app.kim().await["photos"], json!([]));
}

#[tokio::test]
async fn removing_the_picture_keeps_the_photo_and_can_be_conditional() {
    let app = TestApp::start().await;
    app.told(PHOTO, "approved", 1).await;
    let before = app.choose(PHOTO).await.expect(200);
    let delete = |etag: &str| app.request(Method::DELETE, &path()).header("if-match", etag).send();
    delete("\"1\"").await.refused(412, "precondition-failed", &[]);
    delete(before.etag()).await.expect(204);
    app.delete(&path()).await.expect(204);
    let kim = app.kim().await;
    assert_eq!((&kim["picture"], &kim["photos"][0]["id"]), (&json!(null), &json!(PHOTO)));
    let body = json!({"photoId": PHOTO});
    let put = app.request(Method::PUT, &path()).header("if-match", before.etag()).json(&body);
    put.send().await.refused(412, "precondition-failed", &[]);
    let nobody = "/v1/profiles/01980c6e-1111-7000-8000-00000000000f/picture";
    app.delete(nobody).await.refused(404, "no-such-profile", &[]);
    let put = app.request(Method::PUT, &path()).json(&json!({"photo": PHOTO}));
    put.send().await.refused(422, "invalid-body", &["/photoId", "/photo"]);
}

#[tokio::test]
async fn decisions_that_come_twice_late_or_out_of_order_end_the_same() {
    let seed = app_tests::seed();
    let mut random = StdRng::seed_from_u64(seed);
    let app = TestApp::start().await;
    let told = [
        (PHOTO, "review", 1),
        (PHOTO, "approved", 2),
        (PHOTO, "rejected", 3),
        (PHOTO, "approved", 4),
    ];
    let gone = [(OTHER, "review", 1), (OTHER, "approved", 2), (OTHER, "erased", 3)];
    let mut all: Vec<_> = told.into_iter().chain(gone).collect();
    for _ in 0..5 {
        all.push(all[random.random_range(0..all.len())]);
    }
    all.shuffle(&mut random);
    join_all(all.iter().map(async |(photo, state, revision)| {
        app.decide(&decided(KIM, photo, state, *revision)).await;
    }))
    .await;
    app.all_decided().await;
    assert_eq!(app.kim().await["photos"], json!([{"id": PHOTO, "state": "approved"}]));
    assert_eq!(app.queue(POISON).length().await, 0);
    let document = app.stored_profile(KIM).await;
    assert_eq!(document["photoRevisions"], json!({PHOTO: 4, OTHER: 3}));
}

#[tokio::test]
async fn a_decision_keeps_what_the_owner_writes_and_the_owner_cannot_write_it() {
    let app = TestApp::start().await;
    app.told(PHOTO, "approved", 7).await;
    let kim = app.get(&format!("/v1/profiles/{KIM}")).await.expect(200);
    assert!(kim.json().get("photoRevisions").is_none());
    let profile = format!("/v1/profiles/{KIM}");
    app.patch(&profile, kim.etag(), &json!({"age": 50})).await.expect(200);
    let document = app.stored_profile(KIM).await;
    assert_eq!(document["photoRevisions"], json!({PHOTO: 7}), "an edit does not forget");
    app.told(PHOTO, "rejected", 6).await;
    assert_eq!(app.kim().await["photos"][0]["state"], "approved");
    let now = app.get(&profile).await.expect(200);
    let patch = json!({"photos": []});
    app.patch(&profile, now.etag(), &patch).await.refused(422, "invalid-body", &["/photos"]);
}

#[tokio::test]
async fn a_decision_about_nobody_is_dealt_with() {
    let app = TestApp::start().await;
    let nobody = "01980c6e-1111-7000-8000-00000000000f";
    app.decide(&decided(nobody, PHOTO, "approved", 1)).await;
    app.delete(&format!("/v1/profiles/{KIM}")).await.expect(204);
    app.decide(&decided(KIM, PHOTO, "approved", 1)).await;
    app.all_decided().await;
    assert_eq!(app.queue(POISON).length().await, 0);
    assert_eq!(app.stored_profile(KIM).await["state"], "erased");
}

#[tokio::test]
async fn decisions_survive_a_handler_that_is_killed() {
    let app = TestApp::start().await;
    app.get("/v1/health/ready").await.expect(200);
    let photos: Vec<String> =
        (0..20).map(|number| format!("01980c6e-2222-7000-8000-0000000001{number:02}")).collect();
    for photo in &photos {
        app.decide(&decided(KIM, photo, "approved", 1)).await;
    }
    app.host().kill_handler("profiles").await;
    app.all_decided_in_the_end().await;
    assert_eq!(app.kim().await["photos"].as_array().unwrap().len(), photos.len());
    assert_eq!(app.queue(POISON).length().await, 0);
}

#[tokio::test]
async fn a_decision_that_is_here_before_its_profile_waits_for_it() {
    let app = TestApp::start().await;
    let id = uuid::Uuid::now_v7().to_string();
    app.decide(&decided(&id, PHOTO, "approved", 1)).await;
    app.eventually("a look at the decision", async || {
        let invocations = app.host().invocations();
        let mut looks = invocations.iter().filter(|one| one.function == "photo_decided");
        looks.any(|one| one.status.is_some()).then_some(())
    })
    .await;
    let mut profile = app.stored_profile(KIM).await;
    profile["id"] = json!(id);
    app.documents("profiles").put(&id, &profile).await;
    app.all_decided_in_the_end().await;
    let shown = app.get(&format!("/v1/profiles/{id}")).await.expect(200).json();
    assert_eq!(shown["photos"], json!([{"id": PHOTO, "state": "approved"}]));
}
