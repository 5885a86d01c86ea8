//! A bank that misbehaves.

use crate::support::TestApp;
use pretty_assertions::assert_eq;
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn a_bank_that_stops_at_page_three_is_asked_on_at_page_three() {
    let options = bank::Options { page_size: 20, ..bank::Options::ephemeral() };
    let app = TestApp::beside(options, |setup| setup).await;
    app.wrong("down=internal-error,page=3,times=1");
    let id = app.begun_by_token("page three", "salaried").await;
    let stopped = app.is_with_time(&id, "scored").await;
    let whole = app.begun_by_token("whole", "salaried").await;
    let whole = app.is(&whole, "scored").await;
    assert_eq!(stopped["result"], whole["result"], "all of the history, once");
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_that_come_twice_and_pending_twins_change_no_score() {
    let app = TestApp::start().await;
    let right = app.begun_by_token("right", "salaried").await;
    let right = app.is(&right, "scored").await;
    for faults in ["duplicatePage", "pendingTwins"] {
        app.wrong(faults);
        let id = app.begun_by_token(faults, "salaried").await;
        assert_eq!(app.is(&id, "scored").await["result"], right["result"], "{faults}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bank_that_is_away_fails_in_the_end_and_the_consent_stays_good() {
    let app = TestApp::start().await;
    let consent = app.granted("patient", "salaried").await;
    app.wrong("down=server-busy");
    let id = app.begun(&json!({ "consentId": consent })).await;
    let failed = app.is_with_time(&id, "failed").await;
    assert_eq!(failed["failure"]["code"], "bank-unavailable");
    app.bank.clear_faults();
    let look = async || {
        (app.read(&format!("consents/{consent}")).await["state"] == "granted").then_some(())
    };
    app.eventually("the consent to be good again", look).await;
    let again = app.begun(&json!({ "consentId": consent })).await;
    app.is_with_time(&again, "scored").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_consent_that_the_bank_has_ended_is_asked_for_once() {
    let app = TestApp::start().await;
    for (reference, faults) in [("gone", "consentWithdrawn"), ("expired", "tokenExpires")] {
        let consent = app.granted(reference, "salaried").await;
        app.wrong(faults);
        let before = app.look_at_bank("counters").await;
        let id = app.begun(&json!({ "consentId": consent })).await;
        let failed = app.is(&id, "failed").await;
        assert_eq!(failed["failure"]["code"], "consent-gone", "{faults}");
        let after = app.look_at_bank("counters").await;
        let asked =
            |counters: &serde_json::Value| counters["calls"]["accounts"].as_u64().unwrap_or(0);
        assert_eq!(asked(&after) - asked(&before), 1, "{before} {after}");
        let over = app.read(&format!("consents/{consent}")).await;
        assert_eq!(over["state"], "expired");
        app.bank.clear_faults();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_answer_ends_as_one_that_cannot_be_used() {
    let app = TestApp::start().await;
    for faults in ["wrong=html", "wrong=malformed-json", "cursorLoops"] {
        app.wrong(faults);
        let id = app.begun_by_token(faults, "salaried").await;
        let failed = app.is_with_time(&id, "failed").await;
        assert_eq!(failed["failure"]["code"], "bank-answer-unusable", "{faults}");
        let score = app.document(&id).await;
        assert_eq!(score["outcome"].get("result"), None, "half is never scored");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_is_cut_once_costs_nothing() {
    let app = TestApp::start().await;
    app.wrong("cutAtByte=1000,times=1");
    let id = app.begun_by_token("cut", "salaried").await;
    app.is_with_time(&id, "scored").await;
}
