//! The app as its users see it: through the local host, with the real binary and data services.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use app_tests::{Platform, this_app};
use serde_json::json;

app_tests::contract!();

#[tokio::test]
async fn what_is_put_is_found_and_work_without_a_record_is_a_dead_letter() {
    let app = Platform::start(this_app!()).await;
    app.get("/accounts/v1/records/one").await.refused(404, "not-found", &[]);
    app.put("/accounts/v1/records/one", &json!({ "name": "spoon" })).await.expect(200);
    assert_eq!(app.get("/accounts/v1/records/one").await.expect(200).json()["name"], "spoon");
    app.queue("accounts-work").send_json(&json!(["one", "one"])).await;
    app.queue("accounts-work").send_json(&json!(["nobody", "nobody"])).await;
    app.eventually("one dead letter", async || {
        let letters = app.get("/accounts/v1/dead-letters").await.expect(200).json();
        (letters["items"].as_array()?.len() == 1).then_some(())
    })
    .await;
}
