//! After the store has lost writes the mainframe may have a profile newer than we do. Then the profile is written once
//! more, above that, so that the mainframe takes it.

use crate::support::{KIM, TestApp};
use app_tests::{Requests, Service};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};

const REVISIONS: &str = "profile-revisions";

/// What the app legacy says; the contract is its revision-behind.schema.json.
fn behind(profile: &str, revision: u64) -> Value {
    json!({
        "specversion": "1.0", "id": format!("{profile}-{revision}"), "source": "/legacy",
        "type": "com.iommi.legacy.revision-behind.v1", "subject": profile, "time": "2026-03-01T08:00:00Z",
        "datacontenttype": "application/json", "data": {"profileId": profile, "revision": revision},
    })
}

impl TestApp {
    async fn told_behind(&self, profile: &str, revision: u64) {
        let queue = self.queue(REVISIONS);
        queue.send_json(&behind(profile, revision)).await;
        let is_empty = async || (queue.length().await == 0).then_some(());
        self.with_time("the end of the message", is_empty).await;
    }
}

#[tokio::test]
async fn a_profile_gets_above_the_revision_that_the_mainframe_has_and_is_otherwise_the_same() {
    let app = TestApp::start().await;
    let before = app.get(&format!("/v1/profiles/{KIM}")).await.expect(200).json();
    app.told_behind(KIM, 7).await;
    let after = app.get(&format!("/v1/profiles/{KIM}")).await.expect(200);
    assert_eq!(after.etag(), "\"8\"");
    assert_eq!(after.json(), {
        let mut expected = before;
        expected["revision"] = json!(8);
        expected
    });
    // Told twice, or of an older one: there is nothing to do.
    app.told_behind(KIM, 7).await;
    app.told_behind(KIM, 2).await;
    assert_eq!(app.stored_profile(KIM).await["revision"], 8);
}

#[tokio::test]
async fn a_tombstone_gets_above_it_too_and_stays_one() {
    let app = TestApp::start().await;
    app.delete(&format!("/v1/profiles/{KIM}")).await.expect(204);
    app.told_behind(KIM, 5).await;
    let tombstone = app.stored_profile(KIM).await;
    assert_eq!((&tombstone["state"], &tombstone["revision"]), (&json!("erased"), &json!(6)));
}

#[tokio::test]
async fn whose_profile_is_not_here_is_no_profile_of_ours_to_write() {
    let app = TestApp::start().await;
    let nobody = "01980c6e-1111-7000-8000-00000000000f";
    app.told_behind(nobody, 5).await;
    assert_eq!(app.documents("profiles").get(nobody, nobody).await, None);
    app.get(&format!("/v1/profiles/{nobody}")).await.refused(404, "no-such-profile", &[]);
}

#[tokio::test]
async fn whichever_answer_is_lost_the_profile_is_raised_once() {
    let app = TestApp::start().await;
    let writes = Requests::any().writes().path("/colls/profiles/");
    let scenario = async |n| {
        app.told_behind(KIM, 10 * n).await;
        assert_eq!(app.stored_profile(KIM).await["revision"], 10 * n + 1);
    };
    app.with_each_answer_lost(Service::Cosmos, writes, scenario).await;
}

#[tokio::test]
async fn ten_minutes_without_data_services_raise_it_all_the_same_and_garbage_is_kept() {
    let app = TestApp::start().await;
    app.get("/v1/health/ready").await.expect(200);
    app.queue(REVISIONS).send_json(&behind(KIM, 7)).await;
    app.outage(&[Service::Cosmos, Service::Queue], &[REVISIONS, "profile-revisions-poison"]).await;
    assert_eq!(app.stored_profile(KIM).await["revision"], 8);
    assert_eq!(app.letters().await, Vec::<Value>::new());
    app.keeps_garbage(REVISIONS, "/profiles/v1/dead-letters").await;
}
