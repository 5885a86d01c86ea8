//! A trace goes on from a file of sales to what is told of each sale.

use crate::support::{START, contact, start, taken, told, upload};
use serde_json::json;

#[tokio::test]
async fn what_is_told_of_a_sale_goes_on_in_the_trace_of_the_message_about_its_file() {
    let app = start().await;
    let row = format!("{},home-care,{START}", contact(1));
    upload(&app, "2026-11.csv", &["contactId,serviceId,soldAt", &row]).await;
    taken(&app, "2026-11.csv").await;
    let sale = told(&app, "sale", 1).await.remove(0);
    let file = told(&app, "salesfile", 1).await.remove(0);
    let trace = |event: &serde_json::Value| {
        let parent = event["traceparent"].as_str().unwrap();
        parent.split('-').nth(1).unwrap().to_owned()
    };
    assert_eq!((trace(&sale), json!(trace(&file)).is_string()), (trace(&file), true));
    let seen = app.any_trace("the upload", |seen| {
        seen.has("conversions", "process conversions-files") && seen.has("conversions", "send sale")
    });
    assert_eq!(seen.await.id, trace(&sale));
}
