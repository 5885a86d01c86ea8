//! What a function reads from a request, and the problem a client gets when it cannot.

use std::fmt;
use std::str::FromStr;

use custom_handler::{Handler, Patch, Problem, Request, Response, methods};
use pretty_assertions::assert_eq;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::support::{App, Reply, Running, http_function};

struct ThingId(u32);

impl FromStr for ThingId {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        text.strip_prefix("t-")
            .and_then(|n| n.parse().ok())
            .map(Self)
            .ok_or_else(|| "a thing's id is `t-` and a number".to_owned())
    }
}

impl fmt::Display for ThingId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "t-{}", self.0)
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Thing {
    name: String,
    parts: Vec<u8>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    #[serde(default, skip_serializing_if = "Patch::is_absent")]
    name: Patch<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Page {
    #[serde(default)]
    limit: Option<u8>,
}

async fn get(_: &App, request: Request) -> Result<Response, Problem> {
    let id: ThingId = request.param("id")?;
    let page: Page = request.query()?;
    Ok(Response::text(format!("{id} {:?}", page.limit)))
}

async fn post(_: &App, request: Request) -> Result<Response, Problem> {
    let key = request.idempotency_key()?.map(|key| key.to_string());
    let thing: Thing = request.json()?;
    Ok(Response::ok(&json!({ "thing": thing, "key": key })))
}

async fn patch(_: &App, request: Request) -> Result<Response, Problem> {
    let expected = request.if_match()?;
    let patch = request.merge_patch()?;
    let change: Change = patch.read()?;
    let mut thing = json!({ "name": "old", "parts": [1] });
    patch.apply_to(&mut thing);
    Ok(Response::ok(
        &json!({ "expected": format!("{expected:?}"), "change": change, "thing": thing }),
    ))
}

async fn delete(_: &App, request: Request) -> Result<Response, Problem> {
    let trace = request.trace();
    Ok(Response::ok(
        &json!({ "trace": trace.trace_id(), "state": trace.tracestate(), "invocation": request.invocation_id(),
        "principal": request.header("x-ms-client-principal") }),
    ))
}

async fn start() -> Running {
    let function = http_function("thing", "things/{id}", &["get", "post", "patch", "delete"]);
    let code = methods().get(get).post(post).patch(patch).delete(delete);
    Running::start(Handler::new(App::default().leak()).http(function, code)).await
}

/// Status, slug and the first of `errors`.
fn refusal(reply: &Reply) -> (u16, String, Value) {
    (reply.status, reply.slug(), reply.json()["errors"][0].clone())
}

const JSON: (&str, &str) = ("Content-Type", "application/json");
const MERGE_PATCH: (&str, &str) = ("Content-Type", "application/merge-patch+json");
const IF_MATCH: (&str, &str) = ("If-Match", "\"v1\"");

#[tokio::test]
async fn route_and_query_parameters_are_parsed_and_named_when_wrong() {
    let running = start().await;
    assert_eq!(running.get("/things/t-7?limit=5").await.body, b"t-7 Some(5)");
    assert_eq!(
        refusal(&running.get("/things/7").await),
        (
            400,
            "invalid-parameter".into(),
            json!({ "parameter": "id", "detail": "a thing's id is `t-` and a number" })
        )
    );
    assert_eq!(
        refusal(&running.get("/things/t-7?limit=lots").await),
        (
            400,
            "invalid-parameter".into(),
            json!({ "parameter": "limit", "detail": "invalid digit found in string" })
        )
    );
    assert_eq!(refusal(&running.get("/things/t-7?page=2").await).2["parameter"], "page");
    assert_eq!(refusal(&running.get("/things/t-7?limit=1&limit=2").await).2["parameter"], "limit");
}

#[tokio::test]
async fn a_json_body_is_read_or_refused_with_line_or_pointer() {
    let running = start().await;
    let post = async |headers: &[(&str, &str)], body: &str| {
        running.request("POST", "/things/t-7", headers, body).await
    };
    let good = r#"{"name":"a","parts":[1]}"#;
    let utf8 = ("Content-Type", "application/json; charset=utf-8");
    assert_eq!(post(&[utf8], good).await.json()["thing"], json!({ "name": "a", "parts": [1] }));
    let untyped = post(&[], good).await;
    assert_eq!(
        refusal(&untyped),
        (
            415,
            "unsupported-media-type".into(),
            json!({ "header": "Content-Type", "detail": "is missing" })
        )
    );
    assert_eq!(untyped.header("accept"), "application/json");
    assert_eq!(post(&[("Content-Type", "text/plain")], good).await.status, 415);
    let broken = post(&[JSON], "{\n  \"name\": ,\n}").await;
    assert_eq!((broken.status, broken.slug().as_str()), (400, "invalid-json"));
    assert!(
        broken.json()["detail"].as_str().unwrap().starts_with("line 2, column 11: expected value")
    );
    assert_eq!(post(&[JSON], "").await.json()["detail"], "the body is empty; send a JSON document");
    assert_eq!(
        refusal(&post(&[JSON], r#"{"name":"a","parts":[1,"x"]}"#).await),
        (
            422,
            "invalid-body".into(),
            json!({ "pointer": "/parts/1", "detail": "invalid type: string \"x\", expected u8" })
        )
    );
    assert_eq!(refusal(&post(&[JSON], r#"{"name":"a"}"#).await).2["pointer"], "/parts");
    assert_eq!(
        refusal(&post(&[JSON], r#"{"name":"a","parts":[],"more":1}"#).await).2["pointer"],
        "/more"
    );
}

#[tokio::test]
async fn a_merge_patch_is_read_in_three_states_and_its_type_is_required() {
    let running = start().await;
    let patch = async |headers: &[(&str, &str)], body: &str| {
        running.request("PATCH", "/things/t-7", headers, body).await
    };
    let all = [MERGE_PATCH, IF_MATCH];
    let removed = patch(&all, r#"{"name":null}"#).await.json();
    assert_eq!(
        (&removed["change"], &removed["thing"]),
        (&json!({ "name": null }), &json!({ "parts": [1] }))
    );
    let untouched = patch(&all, "{}").await.json();
    assert_eq!(
        (&untouched["change"], &untouched["thing"]),
        (&json!({}), &json!({ "name": "old", "parts": [1] }))
    );
    let plain = patch(&[JSON, IF_MATCH], "{}").await;
    assert_eq!((plain.status, plain.slug().as_str()), (415, "unsupported-media-type"));
    assert_eq!(plain.header("accept-patch"), "application/merge-patch+json");
    assert_eq!(patch(&all, "{").await.slug(), "invalid-json");
    assert_eq!(
        refusal(&patch(&all, "[1]").await),
        (
            422,
            "invalid-body".into(),
            json!({ "pointer": "", "detail": "invalid type: sequence, expected a map" })
        )
    );
    assert_eq!(refusal(&patch(&all, r#"{"name":7}"#).await).2["pointer"], "/name");
}

#[tokio::test]
async fn if_match_is_required_and_may_be_a_list_over_several_lines() {
    let running = start().await;
    let patch = async |headers: &[(&str, &str)]| {
        running.request("PATCH", "/things/t-7", headers, "{}").await
    };
    let missing = patch(&[MERGE_PATCH]).await;
    assert_eq!(
        refusal(&missing),
        (
            428,
            "precondition-required".into(),
            json!({ "header": "If-Match", "detail": "is missing" })
        )
    );
    let malformed = patch(&[MERGE_PATCH, ("If-Match", "v1")]).await;
    let (status, slug, error) = refusal(&malformed);
    assert_eq!(
        (status, slug.as_str(), &error["header"]),
        (400, "invalid-header", &json!("If-Match"))
    );
    let listed = patch(&[MERGE_PATCH, IF_MATCH, ("If-Match", "W/\"v2\"")]).await.json();
    assert_eq!(listed["expected"].as_str().unwrap().matches("EntityTag").count(), 2);
    assert_eq!(patch(&[MERGE_PATCH, ("If-Match", "*")]).await.json()["expected"], "Any");
}

#[tokio::test]
async fn an_idempotency_key_is_optional_and_checked() {
    let running = start().await;
    let post = async |keys: &[(&str, &str)]| {
        let headers = [&[JSON], keys].concat();
        running.request("POST", "/things/t-7", &headers, r#"{"name":"a","parts":[]}"#).await
    };
    assert_eq!(post(&[]).await.json()["key"], Value::Null);
    assert_eq!(post(&[("Idempotency-Key", "\"abc\"")]).await.json()["key"], "abc");
    assert_eq!(post(&[("idempotency-key", "abc")]).await.json()["key"], "abc");
    for keys in [
        [("Idempotency-Key", "\"\"")].as_slice(),
        &[("Idempotency-Key", "a"), ("Idempotency-Key", "b")],
    ] {
        let (status, slug, error) = refusal(&post(keys).await);
        assert_eq!(
            (status, slug.as_str(), &error["header"]),
            (400, "invalid-idempotency-key", &json!("Idempotency-Key"))
        );
    }
}

#[tokio::test]
async fn trace_and_platform_headers_are_at_hand() {
    let headers = [
        ("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
        ("tracestate", "az=1"),
        ("X-MS-CLIENT-PRINCIPAL", "e30="),
    ];
    let reply = start().await.request("DELETE", "/things/t-7", &headers, "").await;
    assert_eq!(
        reply.json(),
        json!({ "trace": "0af7651916cd43dd8448eb211c80319c", "state": "az=1",
            "invocation": "6b1c2c5e-6f0e-4a53-9d0e-0f2a6f1f9a11", "principal": "e30=" })
    );
}

#[tokio::test]
async fn a_request_without_an_invocation_id_gets_one() {
    let reply = start()
        .await
        .send("DELETE /things/t-7 HTTP/1.1\r\nHost: h\r\nX-Azure-Functions-InvocationId: x\r\n\r\n")
        .await;
    assert_eq!(reply.json()["invocation"].as_str().unwrap().len(), 36);
}

/// Answers at once or later, as the client prefers.
async fn bake(_: &App, request: Request) -> Result<Response, Problem> {
    let prefer = request.prefer();
    if prefer.respond_async() {
        let later = Response::accepted_at(&json!({ "state": "baking" }), "/v1/cakes/7")
            .retry_after(std::time::Duration::from_secs(5))
            .preference_applied("respond-async");
        return Ok(later);
    }
    let wait = prefer.wait().map(|wait| wait.as_secs());
    let now = Response::ok(&json!({ "state": "baked", "wait": wait }));
    Ok(wait.map_or(now.clone(), |wait| now.preference_applied(format!("wait={wait}"))))
}

#[tokio::test]
async fn a_client_may_prefer_to_come_back_later() {
    let handler = Handler::new(App::default().leak())
        .http(http_function("bake", "v1/cakes", &["post"]), methods().post(bake));
    let running = Running::start(handler).await;
    let post =
        async |headers: &[(&str, &str)]| running.request("POST", "/v1/cakes", headers, "").await;
    let later = post(&[("Prefer", "return=minimal"), ("prefer", "respond-async, wait=10")]).await;
    assert_eq!((later.status, later.header("location")), (202, "/v1/cakes/7"));
    assert_eq!(
        (later.header("retry-after"), later.header("preference-applied")),
        ("5", "respond-async")
    );
    let waited = post(&[("Prefer", "wait=10")]).await;
    assert_eq!((waited.status, waited.header("preference-applied")), (200, "wait=10"));
    let plain = post(&[("Prefer", "wait=soon, ,;=")]).await;
    assert_eq!((plain.status, plain.header("preference-applied")), (200, ""));
    assert_eq!(plain.json(), json!({ "state": "baked", "wait": null }));
}
