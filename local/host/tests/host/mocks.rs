//! Operations that have no function are answered from the contract.

use std::{fs, path::Path, time::Instant};

use serde_json::{Value, json};

use crate::support::{Running, TestApp, eventually, header, http, seen};

const CONTRACT: &str = "
openapi: 3.1.0
info: { title: Shop, version: '1' }
paths:
  /shop/v1/docs: { get: { responses: { 200: { description: A page. } } } }
  /shop/v1/orders/{orderId}:
    parameters: [{ name: orderId, in: path, required: true, schema: { type: string, minLength: 2 } }]
    get: { responses: { 200: { description: One. } } }
    put:
      x-planned: 2027-03
      requestBody: { required: true, content: { application/json: { schema: { $ref: '#/components/schemas/Order' } } } }
      responses:
        200: { description: Kept., headers: { ETag: { schema: { type: string }, example: '\"2\"' } }, content: { application/json: { example: { name: tea } } } }
        409: { description: No., content: { application/problem+json: { example: { title: Gone } } } }
  /shop/v1/orders/newest: { get: { x-planned: 2027-01, responses: { 200: { description: It., content: { application/json: { example: { newest: true } } } } } } }
  /shop/v1/forgotten: { get: { responses: { 204: { description: Nobody knows. } } } }
components:
  schemas:
    Order:
      allOf: [{ type: object, required: [name], properties: { name: { type: string } } }]
      required: [count]
      properties: { count: { type: integer } }
x-problems: { invalid-body: {}, not-found: {} }
";

fn shop() -> TestApp {
    TestApp::empty()
        .function("order", &http("shop/v1/orders/{id:minlength(2)}", &["get"]))
        .function("docs", &http("shop/v1/docs", &["get"]))
        .function("unmatched", &http("shop/{*path}", &[]))
        .file("openapi.yaml", CONTRACT)
}

impl Running {
    async fn put(&self, path: &str, prefer: &str, body: &Value) -> reqwest::Response {
        let request = self.client.put(self.url(path)).header("content-type", "application/json");
        request.header("prefer", prefer).body(body.to_string()).send().await.unwrap()
    }
}

fn is_mock(response: &reqwest::Response) -> bool {
    response.headers().get("iommi-mock").is_some_and(|value| value == "true")
}

async fn json(response: reqwest::Response) -> Value {
    serde_json::from_str(&response.text().await.unwrap()).unwrap()
}

#[tokio::test]
async fn a_function_wins_and_what_has_none_is_answered_from_its_example() {
    let app = shop().start().await;
    let real = app.get("/shop/v1/orders/17").await;
    assert!(!is_mock(&real), "there is a function");
    seen(real).await;
    let newest = app.get("/shop/v1/orders/newest").await;
    assert!(is_mock(&newest), "plain segments come before parameters");
    assert_eq!(json(newest).await, json!({ "newest": true }));
    let kept = app.put("/shop/v1/orders/17", "", &json!({ "name": "tea", "count": 1 })).await;
    assert!(is_mock(&kept) && kept.headers()["etag"] == "\"2\"");
    assert_eq!(json(kept).await, json!({ "name": "tea" }));
    let gone =
        app.put("/shop/v1/orders/17", "code=409", &json!({ "name": "tea", "count": 1 })).await;
    assert_eq!(
        (gone.status().as_u16(), gone.headers()["preference-applied"].to_str().unwrap()),
        (409, "code=409")
    );
    assert_eq!(app.status("/shop/v1/forgotten").await, 204, "also one that nobody planned");
    // What neither knows is for the app to say.
    assert!(!is_mock(&app.get("/shop/v1/nothing").await));
    assert!(!is_mock(&app.client.delete(app.url("/shop/v1/orders/17")).send().await.unwrap()));
    let wrong = app.client.delete(app.url("/shop/v1/forgotten")).send().await.unwrap();
    assert_eq!((wrong.status().as_u16(), wrong.headers()["allow"].to_str().unwrap()), (405, "GET"));
}

#[tokio::test]
async fn a_wrong_request_is_told_everything_as_the_app_would() {
    let app = shop().start().await;
    let refused = app.put("/shop/v1/orders/17", "", &json!({})).await;
    assert!(is_mock(&refused) && refused.headers()["content-type"] == "application/problem+json");
    let body = json(refused).await;
    assert_eq!(
        (&body["type"], &body["status"]),
        (&json!("/shop/v1/docs#invalid-body"), &json!(422))
    );
    assert_eq!(
        body["errors"],
        json!([{ "pointer": "/count", "detail": "is required" }, { "pointer": "/name", "detail": "is required" }])
    );
    let record = app.invocation().await;
    assert_eq!(
        (record.trigger, record.about.as_str(), record.status),
        ("mock", "PUT /shop/v1/orders/17", Some(422))
    );
}

#[tokio::test]
async fn who_may_not_call_and_what_is_too_large_is_refused_before() {
    let app =
        shop().in_workspace().setting("FUNCTIONS_REQUEST_BODY_SIZE_LIMIT", "10").start().await;
    let request = app.client.get(app.url("/shop/v1/forgotten")).header("x-iommi-key", "nobody's");
    let keys = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../callers.json")).unwrap();
    let key_header =
        serde_json::from_str::<Value>(&keys).unwrap()["keyHeader"].as_str().unwrap().to_owned();
    let unknown = request.header(key_header, "nobody's").send().await.unwrap();
    assert_eq!(unknown.status(), 401);
    let large = app.put("/shop/v1/orders/17", "", &json!({ "name": "tea", "count": 1 })).await;
    assert_eq!(large.status(), 413);
}

#[tokio::test]
async fn keys_are_asked_for_as_by_the_functions_of_the_app() {
    let function = json!({ "bindings": [
        { "type": "httpTrigger", "name": "req", "route": "shop/v1/docs", "methods": ["get"], "authLevel": "function" },
        { "type": "http", "direction": "out", "name": "res" }] });
    let app = TestApp::empty()
        .function("docs", &function)
        .file("openapi.yaml", CONTRACT)
        .keys()
        .start()
        .await;
    assert_eq!(app.status("/shop/v1/forgotten").await, 401);
    let key = app.host.function_key().unwrap();
    assert_eq!(app.status(&format!("/shop/v1/forgotten?code={key}")).await, 204);
}

#[tokio::test]
async fn an_app_that_routes_by_itself_is_asked_unless_the_contract_says_planned() {
    let app = TestApp::new().file("openapi.yaml", CONTRACT).start().await;
    assert_eq!(
        header(&seen(app.get("/shop/v1/forgotten").await).await, "iommi-mock"),
        Vec::<&str>::new()
    );
    assert!(is_mock(&app.get("/shop/v1/orders/newest").await));
}

/// Saves the contract as editors do: another file, renamed over it.
fn save(app: &Path, text: &str) {
    fs::write(app.join("openapi.yaml~"), text).unwrap();
    fs::rename(app.join("openapi.yaml~"), app.join("openapi.yaml")).unwrap();
}

#[tokio::test]
async fn a_saved_operation_is_answered_at_once_and_a_broken_contract_stops_nothing() {
    let shop = shop();
    let folder = shop.path().to_owned();
    let app = shop.start().await;
    let new = CONTRACT.replace("/shop/v1/forgotten:", "/shop/v1/new:");
    let began = Instant::now();
    save(&folder, &new);
    eventually("the new operation is answered", || async {
        is_mock(&app.get("/shop/v1/new").await).then_some(())
    })
    .await;
    println!("answered {:?} after it was saved", began.elapsed());
    assert!(!is_mock(&app.get("/shop/v1/forgotten").await), "it is gone");

    save(&folder, "openapi: [");
    let problem = eventually("the page tells", || async {
        let overview: Value = serde_json::from_str(&app.text("/admin/overview").await).unwrap();
        overview["problems"][0]["what"].as_str().map(str::to_owned)
    })
    .await;
    assert!(problem.contains("openapi.yaml cannot be read as YAML"), "{problem}");
    assert!(is_mock(&app.get("/shop/v1/new").await), "the last good one is kept");
    save(&folder, CONTRACT);
    eventually("it is mended", || async {
        is_mock(&app.get("/shop/v1/forgotten").await).then_some(())
    })
    .await;
    let overview: Value = serde_json::from_str(&app.text("/admin/overview").await).unwrap();
    assert_eq!(overview["problems"], json!([]));
}

#[tokio::test]
async fn a_contract_that_cannot_be_read_is_no_reason_not_to_start() {
    let app = TestApp::empty()
        .function("docs", &http("shop/v1/docs", &["get"]))
        .file("openapi.yaml", "paths: [")
        .start()
        .await;
    assert_eq!(app.status("/shop/v1/docs").await, 200);
    assert!(app.text("/").await.contains("nothing is answered from it"));
}

#[tokio::test]
async fn the_page_lists_mocks_by_app_with_their_month() {
    let app = shop().start().await;
    let page = app.text("/").await;
    for part in [">Mocks<", "<td>PUT</td>", "/shop/v1/orders/{orderId}", "2027-03", "not planned"] {
        assert!(page.contains(part), "{part} is missing in {page}");
    }
    let overview: Value = serde_json::from_str(&app.text("/admin/overview").await).unwrap();
    let mocks = overview["apps"][0]["mocks"].as_array().unwrap();
    assert_eq!(
        mocks[1],
        json!({ "method": "GET", "path": "/shop/v1/orders/newest", "planned": "2027-01", "link": "/shop/v1/orders/newest" })
    );
    assert_eq!(mocks.len(), 3);
}
