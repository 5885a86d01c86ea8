//! A trace goes on from a job to its answer.

use crate::people::person;
use crate::support::Scoring;
use pretty_assertions::assert_eq;

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_goes_on_in_the_trace_of_its_job() {
    let scoring = Scoring::start().await;
    let trace = scoring.app.begin_trace();
    let job = scoring.stored("traced", &person("salaried")).await;
    scoring.send_in(&job, &trace).await;
    let answer = scoring.answer().await;
    let seen = scoring.app.trace(&trace, "the answer", |seen| {
        seen.has("scoring", "process scoring-jobs") && seen.has("scoring", "send scoring-results")
    });
    let sent = seen.await.span("scoring", "send scoring-results").unwrap().id.clone();
    assert_eq!(answer["traceparent"], format!("00-{}-{sent}-01", trace.id));
}
