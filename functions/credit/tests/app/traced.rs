//! One trace from a partner's question to the webhook with its answer, through the bank and the app that scores.

use crate::hooked::Hooked;
use crate::support::ACME;
use app_tests::Method;
use pretty_assertions::assert_eq;
use serde_json::json;

/// What stands in for each step of the way.
const WAY: [(&str, &str); 5] = [
    ("credit", "POST /credit/v1/assessments"),
    ("credit", "process credit-fetch"),
    ("scoring", "process scoring-jobs"),
    ("credit", "process scoring-results"),
    ("credit", "process credit-webhooks"),
];

#[tokio::test(flavor = "multi_thread")]
async fn an_assessment_is_one_trace_from_the_question_to_the_webhook() {
    let app = Hooked::start().await;
    app.endpoint("all", json!({})).await;
    let body = json!({ "bankToken": app.token("salaried").await, "customerReference": "kim" });
    let trace = app.begin_trace();
    let request = app.request(Method::POST, "/credit/v1/assessments").traced(&trace);
    let request = request.header("iommi-subscription-key", ACME).json(&body);
    let id = request.send().await.expect(202).id();
    app.is(&id, "scored").await;
    let seen = app.trace(&trace, "the webhook", |seen| {
        WAY.iter().all(|(service, name)| seen.has(service, name))
    });
    let seen = seen.await;
    let depths = WAY.map(|(service, name)| seen.span(service, name).unwrap().depth);
    assert!(
        depths.is_sorted_by(|one, next| one < next),
        "each inside of the one before:\n{}",
        seen.tree()
    );
    assert_eq!(seen.spans.iter().filter(|span| span.is_error).count(), 0, "{}", seen.tree());
}
