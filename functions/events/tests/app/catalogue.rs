//! Which events there are.

use crate::support::TestApp;
use pretty_assertions::assert_eq;
use serde_json::json;

#[tokio::test]
async fn every_type_says_whose_it_is_who_sends_and_who_reads_it() {
    let app = TestApp::start().await;
    let list = app.get("/events/v1/types").await.expect(200).json();
    let names: Vec<&str> =
        list["items"].as_array().unwrap().iter().map(|it| it["type"].as_str().unwrap()).collect();
    assert!(names.is_sorted() && names.len() > 10, "{names:?}");
    for name in names {
        let one = app.get(&format!("/events/v1/types/{name}")).await.expect(200).json();
        assert_eq!(one["example"]["type"], name);
    }
    let erased = app.get("/events/v1/types/com.iommi.profiles.erased.v1").await.expect(200).json();
    assert_eq!(
        (&erased["owner"], &erased["producers"]),
        (&json!("customer"), &json!(["profiles"]))
    );
    let readers: Vec<_> = erased["consumers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["app"].as_str().unwrap())
        .collect();
    assert!(readers.contains(&"events") && readers.contains(&"sales"), "{readers:?}");
    app.get("/events/v1/types/com.iommi.nobody.said.v1").await.refused(
        404,
        "no-such-event-type",
        &[],
    );
}
