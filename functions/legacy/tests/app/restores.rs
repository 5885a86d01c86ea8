//! Documents are put back, as by a restore or a failover that lost writes: what they count up to again is noticed, and
//! the mainframe ends with what clients see.

use crate::support::{TestApp, active, id, keeps, tombstone};
use mainframe::{Faults, Mainframe};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};
use std::time::Duration;

/// As long as a copy may be old that is read, and a little more.
const OLD_READS: Duration = Duration::from_secs(301);
const A_WHILE: Duration = Duration::from_secs(61);

/// A state that was written later than everything else here.
fn later(revision: u64) -> Value {
    let mut profile = active(1, revision);
    profile["givenName"] = json!("Kim");
    profile["updatedAt"] = json!("2190-01-01T00:00:00Z");
    profile
}

fn is_kim(record: &Value) -> bool {
    record["state"]["givenName"] == "Kim"
}

async fn start() -> TestApp {
    let app = TestApp::start().await;
    app.queue("profile-revisions").create().await;
    app
}

/// At revision 5 here and there; what `legacy-sync` had at revision 1.
async fn at_five(app: &TestApp, mainframe: &Mainframe) -> Value {
    app.upsert(&active(1, 1)).await;
    app.record(mainframe, &id(1), |record| record["revision"] == 1).await;
    app.sync(&id(1), |sync| sync["standing"] == "applied").await;
    let then = app.documents("legacy-sync").get(&id(1), &id(1)).await.unwrap();
    let mut five = active(1, 5);
    five["updatedAt"] = json!("2026-03-01T09:00:00Z");
    app.upsert(&five).await;
    app.record(mainframe, &id(1), |record| record["revision"] == 5).await;
    app.sync(&id(1), |sync| sync["standing"] == "applied" && sync["sent"]["revision"] == 5).await;
    then
}

/// `legacy-sync` is put back too; the handler is started anew, and knows what its documents know.
async fn put_back(app: &TestApp, sync: &Value) {
    app.host().kill_handler("legacy").await;
    app.documents("legacy-sync").put(&id(1), sync).await;
}

/// Until profiles was asked for a revision above 5, and the document has it.
async fn surpassed(app: &TestApp) {
    app.eventually_with_time("a higher revision", A_WHILE, async || {
        let profiles = app.documents_of("profiles", "profiles");
        let mut document = profiles.get(&id(1), &id(1)).await?;
        if document["revision"].as_u64() > Some(5) {
            return Some(());
        }
        for message in app.queue("profile-revisions").take_json().await {
            keeps(include_str!("../../messages/revision-behind.schema.json"), &message["data"]);
            assert_eq!(message["type"], "com.iommi.legacy.revision-behind.v1");
            assert_eq!(message["data"], json!({"profileId": id(1), "revision": 5}));
            document["revision"] = json!(6);
            app.upsert(&document).await;
        }
        None
    })
    .await;
}

async fn ends_with(app: &TestApp, mainframe: &Mainframe, fits: impl Fn(&Value) -> bool) {
    let is_newer = |record: &Value| record["revision"].as_u64() > Some(5);
    app.record(mainframe, &id(1), |record| is_newer(record) && fits(record)).await;
    app.sync(&id(1), |sync| sync["standing"] == "applied" && sync["behind"].is_null()).await;
}

/// It was noticed, or even mended.
async fn is_noticed(app: &TestApp) {
    let is_mended = |sync: &Value| sync["applied"]["revision"].as_u64() > Some(5);
    app.sync(&id(1), |sync| sync["standing"] == "waiting" || is_mended(sync)).await;
}

#[tokio::test]
async fn a_change_that_has_a_revision_which_was_given_before_reaches_the_mainframe() {
    for revision in [2, 5] {
        let app = start().await;
        let mainframe = app.mainframe(Faults::default()).await;
        at_five(&app, &mainframe).await;
        app.upsert(&later(revision)).await;
        surpassed(&app).await;
        ends_with(&app, &mainframe, is_kim).await;
        mainframe.stop().await;
    }
}

#[tokio::test]
async fn an_erasure_after_a_restore_reaches_the_mainframe() {
    let app = start().await;
    let mainframe = app.mainframe(Faults::default()).await;
    at_five(&app, &mainframe).await;
    app.upsert(&tombstone(1, 2)).await;
    is_noticed(&app).await;
    app.travel(OLD_READS);
    surpassed(&app).await;
    ends_with(&app, &mainframe, |record| record["erased"] == true).await;
    mainframe.stop().await;
}

#[tokio::test]
async fn a_document_that_was_put_back_is_noticed_without_a_change() {
    let app = start().await;
    let mainframe = app.mainframe(Faults::default()).await;
    at_five(&app, &mainframe).await;
    app.upsert(&active(1, 1)).await;
    is_noticed(&app).await;
    app.travel(A_WHILE);
    app.run_timer("reconcile").await;
    assert_eq!(app.queue("profile-revisions").length().await, 0, "it may be an old copy");
    app.travel(OLD_READS);
    surpassed(&app).await;
    ends_with(&app, &mainframe, |record| record["state"]["givenName"] == "Robin").await;
    mainframe.stop().await;
}

#[tokio::test]
async fn a_restore_of_everything_but_the_mainframe_is_noticed_by_its_answer() {
    for revision in [2, 5] {
        let app = start().await;
        let mainframe = app.mainframe(Faults::default()).await;
        let then = at_five(&app, &mainframe).await;
        put_back(&app, &then).await;
        app.upsert(&later(revision)).await;
        app.sync(&id(1), |sync| sync["applied"]["revision"].as_u64() >= Some(5)).await;
        app.travel(OLD_READS);
        surpassed(&app).await;
        ends_with(&app, &mainframe, is_kim).await;
        mainframe.stop().await;
    }
}

#[tokio::test]
async fn who_was_erased_and_is_put_back_does_not_reach_the_mainframe() {
    let app = start().await;
    let mainframe = app.mainframe(Faults::default()).await;
    app.upsert(&active(1, 1)).await;
    app.upsert(&tombstone(1, 2)).await;
    let is_erased = |record: &Value| record["erased"] == true;
    app.record(&mainframe, &id(1), |record| is_erased(record)).await;
    app.sync(&id(1), |sync| sync["standing"] == "applied").await;
    app.upsert(&later(3)).await;
    app.sync(&id(1), |sync| sync["standing"] == "waiting").await;
    app.travel(OLD_READS);
    app.run_timer("reconcile").await;
    app.sync(&id(1), |sync| sync["behind"]["toldAt"].is_string()).await;
    app.record(&mainframe, &id(1), |record| is_erased(record) && record["revision"] == 2).await;
    app.upsert(&tombstone(1, 4)).await;
    app.record(&mainframe, &id(1), |record| record["revision"] == 4).await;
    app.sync(&id(1), |sync| sync["standing"] == "applied").await;
    mainframe.stop().await;
}
