//! What happens twice, at once, or is killed in the middle.

use crate::support::TestApp;
use app_tests::Method;
use pretty_assertions::assert_eq;
use serde_json::{Value, json};
use std::process::Command;

/// With several pages for each account.
async fn with_pages() -> TestApp {
    let options = bank::Options { page_size: 20, ..bank::Options::ephemeral() };
    TestApp::beside(options, |setup| setup).await
}

/// How often the bank was asked for paths with this end, and for this page of them.
async fn calls(app: &TestApp, path: &str, page: Option<u64>) -> usize {
    let log = app.http().get(format!("{}log", app.bank.url())).send().await.unwrap();
    let log: Value = serde_json::from_slice(&log.bytes().await.unwrap()).unwrap();
    let is_meant = |entry: &&Value| {
        let is_path = entry["path"].as_str().unwrap().ends_with(path);
        is_path && page.is_none_or(|page| entry["detail"]["page"] == page)
    };
    log["entries"].as_array().unwrap().iter().filter(is_meant).count()
}

/// Waits until pages lie sealed that were read so far.
async fn sealed(app: &TestApp, assessment: &str) {
    let path = format!("credit-activity/{assessment}/1/progress");
    let look = async || app.has_blob(&path).await.then_some(());
    app.eventually("pages to be sealed", look).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_is_loaded_three_times_at_once_exchanges_one_code_once() {
    let app = TestApp::start().await;
    let (id, url) = app.asked("impatient").await;
    let callback = app.decided(&url, "salaried", "approve").await;
    let load = || app.come_back(&callback);
    let (one, two, three) = tokio::join!(load(), load(), load());
    for answer in [one, two, three] {
        answer.expect(303);
    }
    assert_eq!(calls(&app, "/token", None).await, 1);
    let assessment = app.begun(&json!({ "consentId": id })).await;
    app.is(&assessment, "scored").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_is_killed_goes_on_at_its_cursors() {
    let app = with_pages().await;
    app.wrong("hang,page=3");
    let id = app.begun_by_token("killed", "salaried").await;
    sealed(&app, &id).await;
    let first = calls(&app, "/transactions", Some(1)).await;
    for pid in app.host().handler_pids("credit") {
        let killed = Command::new("kill").args(["-9", &pid.to_string()]).status();
        assert!(killed.unwrap().success());
    }
    app.bank.clear_faults();
    app.is_with_time(&id, "scored").await;
    assert_eq!(calls(&app, "/accounts", None).await, 1);
    assert_eq!(calls(&app, "/transactions", Some(1)).await, first, "no page is read twice");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_outlives_its_assessment_leaves_nothing_behind() {
    let app = with_pages().await;
    let consent = app.granted("taken back", "salaried").await;
    app.wrong("hang,page=3");
    let id = app.begun(&json!({ "consentId": consent })).await;
    sealed(&app, &id).await;
    let path = format!("consents/{consent}");
    app.acme(Method::DELETE, &path, &Value::Null).await.expect(204);
    app.is(&id, "withdrawn").await;
    let over = async || (app.queue("credit-fetch").length().await == 0).then_some(());
    app.eventually("the run to be over", over).await;
    for name in ["progress", "activity"] {
        assert!(!app.has_blob(&format!("credit-activity/{id}/1/{name}")).await, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bank_that_is_away_is_asked_once_and_three_times_again() {
    let app = TestApp::start().await;
    app.wrong(r#"{"cutAtByte": 20, "operations": ["accounts"]}"#);
    let id = app.begun_by_token("cut", "salaried").await;
    let failed = app.is_with_time(&id, "failed").await;
    assert_eq!(failed["failure"]["code"], "bank-unavailable");
    assert_eq!(calls(&app, "/accounts", None).await, 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quota_that_is_used_up_ends_one_and_keeps_nobody_else() {
    let app = TestApp::start().await;
    app.wrong("quotaPerDay=0");
    for customer in ["salaried", "freelancer", "saver", "joint", "gambler", "overdrawn"] {
        let id = app.begun_by_token(customer, customer).await;
        let failed = app.is(&id, "failed").await;
        assert_eq!(failed["failure"]["code"], "bank-unavailable");
    }
    app.bank.clear_faults();
    let id = app.begun_by_token("after", "salaried").await;
    app.is(&id, "scored").await;
}
