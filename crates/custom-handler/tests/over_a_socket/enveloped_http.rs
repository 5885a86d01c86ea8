//! HTTP functions with further bindings: the request comes inside an envelope.

use custom_handler::{
    ErrorStatus, Handler, Outputs, Payload, Problem, Request, Response, StatusCode, header, methods,
};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};

use crate::support::{App, Running, function};

/// The host's request, with a body and headers of choice.
fn envelope(method: &str, content_type: &str, body: &Value) -> String {
    json!({
        "Data": { "req": {
            "Url": "http://localhost:7071/api/orders/5?x=1",
            "Method": method,
            "Query": { "x": "1" },
            "Headers": { "Content-Type": [content_type], "Host": ["localhost:7071"], "If-Match": ["\"a\"", "\"b\""] },
            "Params": { "id": "5", "part": null },
            "Identities": [],
            "Body": body
        }, "template": "\"Dear customer\"" },
        "Metadata": { "Query": { "x": "1" }, "Headers": { "Content-Type": "application/json" }, "x": "\"1\"", "id": "\"5\"",
            "n": "\"2\"", "sys": { "MethodName": "Order", "UtcNow": "2026-01-02T03:04:05.6789012Z", "RandGuid": "24ad4c06" } }
    })
    .to_string()
}

/// What the client would see: the `res` output.
async fn answer(running: &Running, envelope: &str) -> Value {
    let reply = running.invoke("Order", envelope).await;
    assert_eq!((reply.status, reply.header("content-type")), (200, "application/json"));
    let document = reply.json();
    assert_eq!(document["ReturnValue"], Value::Null);
    document["Outputs"].clone()
}

async fn order(app: &App, request: Request) -> Result<Response, Problem> {
    let id: u32 = request.param("id")?;
    let part: Option<String> = request.optional_param("part")?;
    let template = request.input("template").and_then(Payload::text).unwrap_or_default().to_owned();
    app.seen.lock().unwrap().push(format!(
        "{} {} {:?} {template} {:?}",
        request.path(),
        request.query_string(),
        part,
        request.if_match()?
    ));
    let body: Value = request.json()?;
    Ok(Response::created(&json!({ "ok": true }), format!("/orders/{id}"))
        .outputs(Outputs::new().message("out", body.to_string())))
}

async fn special(_: &App, request: Request) -> Result<Response, Problem> {
    match request.param::<String>("id")?.as_str() {
        "5" => match request.header("content-type").unwrap_or_default() {
            "text/bytes" => Ok(Response::bytes("application/octet-stream", vec![0xff, 0xfe])),
            "text/date" => Ok(Response::text("2026-01-02T03:04:05Z")),
            "text/unknown-output" => {
                Ok(Response::no_content().outputs(Outputs::new().message("nowhere", "x")))
            }
            "text/panic" => panic!("as told"),
            "text/empty" => Ok(Response::no_content()),
            "text/flaw" => Ok(Response::text("x")
                .header(header::LOCATION, "a\nb")
                .outputs(Outputs::new().message("out", "x"))),
            "text/refused" => Err(Problem::new(ErrorStatus::Conflict, "taken", "Taken")
                .response_header(header::RETRY_AFTER, "7")),
            _ => Ok(Response::text(format!("{} bytes", request.body().len()))
                .with_status(StatusCode::ACCEPTED)),
        },
        _ => Ok(Response::no_content()),
    }
}

async fn start(app: &'static App) -> Running {
    let bindings = json!([
        { "type": "httpTrigger", "name": "req", "methods": ["post", "put"], "route": "orders/{id}/{part?}" },
        { "type": "http", "direction": "out", "name": "res" },
        { "type": "queue", "direction": "out", "name": "out", "queueName": "o" },
        { "type": "blob", "direction": "in", "name": "template", "path": "templates/order.txt" }
    ]);
    let code = methods().post(order).put(special).max_body_bytes(64);
    Running::start(Handler::new(app).route_prefix("api").http(function("Order", bindings), code))
        .await
}

#[tokio::test]
async fn the_request_is_unwrapped_and_the_answer_wrapped() {
    let app = App::default().leak();
    let running = start(app).await;
    let outputs =
        answer(&running, &envelope("POST", "application/json", &json!("{\"n\":2}"))).await;
    assert_eq!(
        outputs,
        json!({
            "res": { "statusCode": 201, "headers": { "content-type": "application/json", "location": "/orders/5" }, "body": "{\"ok\":true}" },
            "out": "eyJuIjoyfQ=="
        })
    );
    assert_eq!(
        app.seen(),
        [
            r#"/api/orders/5 x=1 None Dear customer Tags([EntityTag { weak: false, opaque: "a" }, EntityTag { weak: false, opaque: "b" }])"#
        ]
    );
}

#[tokio::test]
async fn the_status_goes_as_status_code_and_a_body_as_text() {
    let running = start(App::default().leak()).await;
    let outputs = answer(&running, &envelope("PUT", "text/plain", &json!("hello"))).await;
    assert_eq!(
        outputs["res"],
        json!({ "statusCode": 202, "headers": { "content-type": "text/plain; charset=utf-8" }, "body": "5 bytes" })
    );
    assert_eq!(
        answer(&running, &envelope("PUT", "text/empty", &json!(""))).await["res"],
        json!({ "statusCode": 204, "headers": {} })
    );
}

#[tokio::test]
async fn a_refusal_is_a_successful_reply_that_holds_a_problem() {
    let running = start(App::default().leak()).await;
    let outputs = answer(&running, &envelope("PUT", "text/refused", &json!(""))).await;
    let res = &outputs["res"];
    assert_eq!((&res["statusCode"], &res["headers"]["retry-after"]), (&json!(409), &json!("7")));
    let problem: Value = serde_json::from_str(res["body"].as_str().unwrap()).unwrap();
    assert_eq!((&problem["type"], &problem["status"]), (&json!("/problems#taken"), &json!(409)));
    assert_eq!(outputs.as_object().unwrap().len(), 1);
}

#[tokio::test]
async fn refusals_of_the_crate_travel_the_same_way() {
    let running = start(App::default().leak()).await;
    let status = async |method: &str, content_type: &str, body: Value| {
        let outputs = answer(&running, &envelope(method, content_type, &body)).await;
        outputs["res"]["statusCode"].as_u64().unwrap()
    };
    assert_eq!(status("POST", "text/plain", json!("{}")).await, 415);
    assert_eq!(status("POST", "application/json", json!("{")).await, 400);
    assert_eq!(status("POST", "application/json", json!("x".repeat(65))).await, 413);
    assert_eq!(status("DELETE", "text/plain", Value::Null).await, 405);
    assert_eq!(status("PUT", "text/panic", Value::Null).await, 500);
}

#[tokio::test]
async fn a_binary_request_body_is_decoded() {
    let running = start(App::default().leak()).await;
    let outputs =
        answer(&running, &envelope("PUT", "application/octet-stream", &json!("aGk="))).await;
    assert_eq!(outputs["res"]["body"], "2 bytes");
}

#[tokio::test]
async fn what_an_envelope_cannot_carry_is_a_500_for_the_client() {
    let running = start(App::default().leak()).await;
    for kind in ["text/bytes", "text/date", "text/unknown-output", "text/flaw"] {
        let outputs = answer(&running, &envelope("PUT", kind, &json!(""))).await;
        assert_eq!(outputs["res"]["statusCode"], 500, "{kind}");
        assert_eq!(outputs.get("out"), None, "{kind}");
        assert!(!outputs["res"]["body"].as_str().unwrap().contains("nowhere"));
    }
}

#[tokio::test]
async fn an_answer_called_return_travels_as_the_return_value() {
    let bindings = json!([
        { "type": "httpTrigger", "name": "req", "route": "orders/{id}" },
        { "type": "http", "direction": "out", "name": "$return" },
        { "type": "queue", "direction": "out", "name": "out", "queueName": "o" }
    ]);
    let handler = Handler::new(App::default().leak())
        .http(function("Order", bindings), methods().any(special));
    let reply = Running::start(handler)
        .await
        .invoke("Order", &envelope("PUT", "text/plain", &json!("hello")))
        .await;
    let document = reply.json();
    assert_eq!(document["Outputs"], json!({}));
    assert_eq!(
        (&document["ReturnValue"]["statusCode"], &document["ReturnValue"]["body"]),
        (&json!(202), &json!("5 bytes"))
    );
}

#[tokio::test]
async fn the_clients_path_of_an_enveloped_function_is_not_served() {
    let running = start(App::default().leak()).await;
    let reply = running.request("POST", "/api/orders/5", &[], "{}").await;
    assert_eq!((reply.status, reply.slug().as_str()), (404, "not-found"));
}
