//! What those ask who run the platform, and what is answered where there is nothing.

use crate::support::TestApp;
use pretty_assertions::assert_eq;
use reqwest::Method;

#[tokio::test]
async fn health_tells_each_dependency_and_its_latency() {
    let app = TestApp::start().await;
    let live = app.get("/v1/photos/health/live").await.expect(200).json();
    assert_eq!(live, serde_json::json!({"status": "live"}));
    let ready = app.get("/v1/photos/health/ready").await.expect(200).json();
    let names: Vec<_> =
        ready["dependencies"].as_array().unwrap().iter().map(|d| &d["name"]).collect();
    assert_eq!(names, ["cosmosDb", "storage"]);
    app.get("/v1/photos/health/happy").await.refused(400, "invalid-parameter", &["probe"]);
}

#[tokio::test]
async fn what_no_route_takes_is_a_problem_wherever_it_lies() {
    let app = TestApp::start().await;
    for path in ["/v1/photos/a/b/c", "/moderation/v2/cases", "/v1/profiles/a/photos/b"] {
        let answer = app.request(Method::GET, path).raw().await;
        assert_eq!((answer.status, answer.problem().as_str()), (404, "not-found"), "{path}");
    }
    for path in ["/v1/photos/a", "/moderation/v1/cases", "/v1/profiles/a/photos"] {
        let answer = app.request(Method::PATCH, path).raw().await;
        assert_eq!(
            (answer.status, answer.problem().as_str()),
            (405, "method-not-allowed"),
            "{path}"
        );
    }
}
