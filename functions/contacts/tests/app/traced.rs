//! A trace goes on from what is heard to what is told of it.

use crate::support::{account, contact, start, told};
use serde_json::json;

#[tokio::test]
async fn what_a_contact_is_told_of_goes_on_in_the_trace_of_what_was_heard() {
    let app = start().await;
    let (kim, trace) = (contact(1), app.begin_trace());
    let mut heard = account(&kim, "activated", 1);
    heard["traceparent"] = json!(trace.traceparent);
    app.hub("account").publish(&heard).await;
    told(&app, &kim, 1).await;
    let told = app.hub("contact").events_about(&kim).await.remove(0);
    let parent = told["traceparent"].as_str().unwrap();
    assert_eq!(parent.split('-').nth(1), Some(trace.id.as_str()));
    app.trace(&trace, "the fact", |trace| trace.has("contacts", "send contact")).await;
}
