//! HTTP functions as the host proxies and forwards them: routes, methods, bodies, failures.

use std::sync::Arc;
use std::time::Duration;

use custom_handler::{EntityTag, Handler, Outputs, Problem, Request, Response, header, methods};
use pretty_assertions::assert_eq;
use serde_json::json;
use tokio::io::AsyncWriteExt;
use tokio::sync::Notify;
use tokio::time::timeout;

use crate::support::{App, Running, echo, http_function, read_reply};

async fn broken(_: &App, request: Request) -> Result<Response, Problem> {
    match request.param::<String>("how")?.as_str() {
        "panic" => panic!("as told"),
        "flaw" => Ok(Response::text("x").header(header::LOCATION, "a\nb")),
        "outputs" => Ok(Response::no_content().outputs(Outputs::new().message("out", "x"))),
        "unknown-param" => Ok(Response::text(request.param::<String>("no-such")?)),
        _ => Err(Problem::internal("the account key is wrong")),
    }
}

async fn thing(_: &App, request: Request) -> Result<Response, Problem> {
    let tag = EntityTag::strong("v1").unwrap();
    if request.if_none_match()?.is_some_and(|seen| seen.matches(&tag)) {
        return Ok(Response::not_modified().etag(tag));
    }
    Ok(Response::ok(&json!({ "method": request.method().as_str() })).etag(tag))
}

fn handler(app: &'static App) -> Handler<App> {
    Handler::new(app)
        .http(
            http_function("all", "v1/things", &["get", "post"]),
            methods().get(echo).post(echo).max_body_bytes(10),
        )
        .http(http_function("thing", "v1/things/{id:int}", &["get", "head"]), methods().get(thing))
        .http(http_function("words", "v1/things/{*rest}", &["get"]), methods().get(echo))
        .http(http_function("writing", "v1/things/{id:int}", &["put"]), methods().put(echo))
        .http(http_function("broken", "v1/broken/{how}", &["get"]), methods().get(broken))
}

async fn start() -> Running {
    Running::start(handler(App::default().leak())).await
}

#[tokio::test]
async fn a_function_sees_the_clients_request() {
    let running = start().await;
    let reply = running
        .request("POST", "/v1/things?a=1&a=2%20", &[("Content-Type", "text/plain")], "héllo")
        .await;
    assert_eq!(
        reply.json(),
        json!({ "function": "all", "method": "POST", "path": "/v1/things", "query": "a=1&a=2%20", "body": "héllo" })
    );
    assert_eq!(reply.header("content-type"), "application/json");
}

#[tokio::test]
async fn the_most_specific_route_answers_and_functions_may_share_a_path() {
    let running = start().await;
    assert_eq!(running.get("/v1/things/7").await.json()["method"], "GET");
    assert_eq!(running.get("/V1/THINGS/seven/eight").await.json()["function"], "words");
    assert_eq!(running.request("PUT", "/v1/things/7", &[], "").await.json()["function"], "writing");
}

#[tokio::test]
async fn an_unknown_path_is_a_404_and_a_wrong_method_a_405_that_says_what_is_right() {
    let running = start().await;
    let unknown = running.get("/v1/nothing").await;
    assert_eq!((unknown.status, unknown.slug().as_str()), (404, "not-found"));
    let wrong = running.request("DELETE", "/v1/things/7", &[], "").await;
    assert_eq!((wrong.status, wrong.slug().as_str()), (405, "method-not-allowed"));
    assert_eq!(wrong.header("allow"), "GET, HEAD, PUT");
    let large = running.request("POST", "/v1/nothing", &[], vec![b'x'; 2_000_000]).await;
    assert_eq!(large.status, 404);
}

#[tokio::test]
async fn head_is_answered_by_get_without_a_body() {
    let reply = start().await.request("HEAD", "/v1/things/7", &[], "").await;
    assert_eq!((reply.status, reply.header("etag"), reply.body.len()), (200, "\"v1\"", 0));
    assert_eq!(reply.header("content-length"), r#"{"method":"HEAD"}"#.len().to_string());
}

#[tokio::test]
async fn a_reader_that_has_the_current_version_gets_no_body() {
    let reply =
        start().await.request("GET", "/v1/things/7", &[("If-None-Match", "W/\"v1\"")], "").await;
    assert_eq!((reply.status, reply.header("etag"), reply.body.len()), (304, "\"v1\"", 0));
}

#[tokio::test]
async fn a_body_over_the_functions_limit_is_a_413_that_names_it() {
    let running = start().await;
    let fits = running.request("POST", "/v1/things", &[], "0123456789").await;
    assert_eq!((fits.status, &fits.json()["body"]), (200, &json!("0123456789")));
    let large = running.request("POST", "/v1/things", &[], vec![b'x'; 2_000_000]).await;
    assert_eq!((large.status, large.slug().as_str()), (413, "content-too-large"));
    assert_eq!(large.json()["maxBodyBytes"], 10);
    let chunked = "POST /v1/things HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n6\r\n012345\r\n6\r\n012345\r\n0\r\n\r\n";
    assert_eq!(running.send(chunked).await.status, 413);
}

#[tokio::test]
async fn failures_of_ours_are_500s_that_tell_the_client_nothing() {
    let running = start().await;
    for how in ["panic", "flaw", "outputs", "unknown-param", "error"] {
        let reply = running.get(&format!("/v1/broken/{how}")).await;
        assert_eq!((reply.status, reply.slug().as_str()), (500, "internal-error"), "{how}");
        let text = String::from_utf8_lossy(&reply.body).to_string();
        assert!(
            !text.contains("key") && !text.contains("told") && !text.contains("no-such"),
            "{text}"
        );
    }
    assert_eq!(running.get("/v1/things").await.status, 200);
}

#[tokio::test]
async fn the_root_is_readiness_only_for_the_host() {
    let running = start().await;
    assert_eq!(running.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n").await.status, 200);
    assert_eq!(running.get("/").await.status, 404);
    let everything = http_function("everything", "{*rest}", &["get"]);
    let running =
        Running::start(Handler::new(App::default().leak()).http(everything, methods().get(echo)))
            .await;
    assert_eq!(running.get("/").await.json()["function"], "everything");
}

#[tokio::test]
async fn a_connection_serves_one_request_after_the_other() {
    let running = start().await;
    let mut stream = running.connect().await;
    for _ in 0..3 {
        stream.write_all(b"GET /v1/things HTTP/1.1\r\nHost: h\r\n\r\n").await.unwrap();
        assert_eq!(read_reply(&mut stream, false).await.status, 200);
    }
}

#[tokio::test]
async fn a_route_prefix_stands_before_every_route() {
    let handler = Handler::new(App::default().leak()).route_prefix("api");
    let running =
        Running::start(handler.http(http_function("all", "things", &["get"]), methods().get(echo)))
            .await;
    assert_eq!(running.get("/api/things").await.json()["path"], "/api/things");
    assert_eq!(running.get("/things").await.status, 404);
}

#[tokio::test]
async fn the_base_of_problem_types_is_the_handlers() {
    let handler = Handler::new(App::default().leak()).problem_types("https://a.example/problems/");
    let running =
        Running::start(handler.http(http_function("all", "things", &["get"]), methods().get(echo)))
            .await;
    assert_eq!(
        running.get("/nothing").await.json()["type"],
        "https://a.example/problems/not-found"
    );
}

#[tokio::test]
async fn a_function_runs_to_its_end_when_the_client_hangs_up() {
    let (started, go_on, ended) =
        (Arc::new(Notify::new()), Arc::new(Notify::new()), Arc::new(Notify::new()));
    let notes = (started.clone(), go_on.clone(), ended.clone());
    let slow = move |_: &'static App, _: Request| {
        let (started, go_on, ended) = notes.clone();
        async move {
            started.notify_one();
            go_on.notified().await;
            ended.notify_one();
            Ok(Response::no_content())
        }
    };
    let handler = Handler::new(App::default().leak())
        .http(http_function("slow", "slow", &["post"]), methods().post(slow));
    let running = Running::start(handler).await;
    let mut stream = running.connect().await;
    stream.write_all(b"POST /slow HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n").await.unwrap();
    let wait = Duration::from_secs(20);
    timeout(wait, started.notified()).await.unwrap();
    drop(stream);
    // The handler has noticed the hang-up once it has answered somebody else.
    assert_eq!(running.get("/nothing").await.status, 404);
    go_on.notify_one();
    timeout(wait, ended.notified()).await.expect("the function was stopped halfway");
}

#[tokio::test]
async fn fifty_requests_at_once_are_answered_each_with_its_own() {
    let running = Arc::new(start().await);
    let requests = (0..50).map(|n| {
        let running = running.clone();
        async move { running.get(&format!("/v1/things?n={n}")).await.json()["query"].clone() }
    });
    let answers = futures::future::join_all(requests).await;
    let expected: Vec<_> = (0..50).map(|n| json!(format!("n={n}"))).collect();
    assert_eq!(answers, expected);
}
