//! A trace goes on from the news of a capture file to the lake.

use crate::support::{TestApp, activated, name};
use serde_json::json;

#[tokio::test]
async fn a_capture_file_comes_into_the_lake_in_the_trace_of_whoever_put_it_into_the_queue() {
    let app = TestApp::start().await;
    let (file, trace) = (name("account", 0, 0), app.begin_trace());
    app.put_capture(&file, 1, &[activated("a", 7)]).await;
    app.send_capture_in(&file, &trace).await;
    app.worked_at(&[&file]).await;
    let seen = app.trace(&trace, "the lake", |seen| seen.has("events", "process events-captures"));
    let seen = seen.await;
    assert!(seen.spans.iter().any(|span| span.name.starts_with("put_blob")), "{}", seen.tree());
    let counted = async || {
        let figures = app.all_telemetry().await.metrics;
        figures.into_iter().find(|figure| figure["name"] == "iommi.events.lake.rows")
    };
    let rows = app.eventually("the figure", counted).await;
    assert_eq!(rows["service"], json!("events"));
}
