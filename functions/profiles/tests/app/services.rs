use crate::support::{KIM, TestApp};
use app_tests::Method;
use pretty_assertions::assert_eq;
use serde_json::{Value, json};

fn service() -> Value {
    json!({"name": "Garden care", "monthlyPrice": {"amount": "7.50", "currency": "EUR"}, "tier": "basic"})
}

#[tokio::test]
async fn a_service_is_added_changed_retired_and_deleted() {
    let app = TestApp::start().await;
    let mut body = service();
    body["id"] = json!("garden-care");
    let added = app.request(Method::POST, "/v1/services").json(&body).send().await.expect(201);
    assert_eq!(added.header("location"), Some("/v1/services/garden-care"));
    let path = "/v1/services/garden-care";
    assert_eq!(app.get(path).await.expect(200).json(), added.json());
    app.request(Method::GET, path).header("if-none-match", "\"1\"").send().await.expect(304);
    let price = json!({"monthlyPrice": {"amount": "8.00"}});
    let dearer = app.patch(path, "\"1\"", &price).await.expect(200);
    assert_eq!(dearer.json()["monthlyPrice"], json!({"amount": "8.00", "currency": "EUR"}));
    app.patch(path, "\"1\"", &json!({"retired": true})).await.refused(
        412,
        "precondition-failed",
        &[],
    );
    app.patch(path, "\"2\"", &json!({"retired": true})).await.expect(200);
    app.delete(path).await.expect(204);
    app.get(path).await.refused(404, "no-such-service", &[]);
    app.delete(path).await.refused(404, "no-such-service", &[]);
}

#[tokio::test]
async fn an_id_is_made_up_if_none_is_given_and_refused_if_it_is_in_use() {
    let app = TestApp::start().await;
    let added = app.request(Method::POST, "/v1/services").json(&service()).send().await.expect(201);
    let mut again = service();
    again["id"] = json!(added.id());
    let refused = app.request(Method::POST, "/v1/services").json(&again).send().await;
    refused.refused(409, "service-exists", &["/id"]);
}

#[tokio::test]
async fn put_adds_or_replaces_but_never_by_accident() {
    let app = TestApp::start().await;
    let put = || app.request(Method::PUT, "/v1/services/garden-care").json(&service());
    put().send().await.refused(428, "precondition-required", &["If-Match"]);
    put().header("if-match", "\"1\"").send().await.refused(404, "no-such-service", &[]);
    let both = put().header("if-match", "\"1\"").header("if-none-match", "*").send().await;
    both.refused(400, "invalid-header", &["If-None-Match"]);
    put().header("if-none-match", "*").send().await.expect(201);
    put().header("if-none-match", "*").send().await.refused(412, "precondition-failed", &[]);
    let mut other = service();
    other["tier"] = json!("premium");
    let replaced = app
        .request(Method::PUT, "/v1/services/garden-care")
        .header("if-match", "\"1\"")
        .json(&other);
    assert_eq!(replaced.send().await.expect(200).etag(), "\"2\"");
}

#[tokio::test]
async fn a_service_with_subscribers_stays_unless_it_is_retired() {
    let app = TestApp::start().await;
    app.delete("/v1/services/home-care").await.refused(409, "service-in-use", &[]);
    // The refusal left nothing behind: it can be subscribed to as before.
    let joao = "/v1/profiles/01980c6e-3333-7000-8000-000000000003";
    app.subscribe(&format!("{joao}/subscriptions/home-care")).await.expect(201);
    app.delete("/v1/services/fax-support").await.expect(204);
    app.delete("/v1/services/night-watch").await.expect(204);
}

#[tokio::test]
async fn what_a_service_may_not_be_is_named() {
    let app = TestApp::start().await;
    let body = json!({"id": "Not An Id", "name": "", "monthlyPrice": {"amount": 7.5, "currency": "XXQ"}, "tier": "gold", "colour": "red"});
    let refused = app.request(Method::POST, "/v1/services").json(&body).send().await;
    refused.refused(
        422,
        "invalid-body",
        &["/id", "/name", "/monthlyPrice/currency", "/monthlyPrice/amount", "/tier", "/colour"],
    );
    app.get("/v1/services/Not%20An%20Id").await.refused(400, "invalid-parameter", &["serviceId"]);
    app.get(&format!("/v1/services/{}", "x".repeat(65))).await.refused(
        400,
        "invalid-parameter",
        &["serviceId"],
    );
    app.get(&format!("/v1/services/{KIM}")).await.refused(404, "no-such-service", &[]);
}
