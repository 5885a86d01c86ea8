//! Proxied calls: what the handler sees and what the client gets.

use std::time::Duration;

use futures::StreamExt as _;
use local_host::Outcome;
use pretty_assertions::assert_eq;
use serde_json::json;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::support::{SOON, TestApp, eventually, header, http, seen};

const TRACE: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

#[tokio::test]
async fn the_handler_sees_the_request_as_it_was_sent() {
    let app = TestApp::new().start().await;
    let request = app
        .client
        .put(app.url("/api/a%20b/c%2Fd?x=1&x=2&y=%20"))
        .header("x-mine", "1")
        .body("the body");
    let seen = seen(request.send().await.unwrap()).await;
    assert_eq!(seen["method"], "PUT");
    assert_eq!(seen["target"], "/api/a%20b/c%2Fd?x=1&x=2&y=%20");
    assert_eq!(seen["body"], "the body");
    assert_eq!(header(&seen, "x-mine"), ["1"]);
    assert_eq!(header(&seen, "content-length"), ["8"]);
    assert_eq!(header(&seen, "host"), [app.host.url().trim_start_matches("http://")]);
}

#[tokio::test]
async fn the_host_overwrites_its_own_headers_and_removes_those_of_the_connection() {
    let app = TestApp::new().start().await;
    let request = app
        .client
        .get(app.url("/echo"))
        .header("x-azure-functions-invocationid", "mine")
        .header("x-azure-functions-hostversion", "mine")
        .header("x-ms-invocation-id", "mine")
        .header("connection", "close, x-only-here")
        .header("x-only-here", "1")
        .header("proxy-authorization", "secret");
    let response = request.send().await.unwrap();
    assert_eq!(response.headers().get("keep-alive"), None);
    assert_eq!(response.headers()["x-from-handler"], "yes");
    let seen = seen(response).await;
    let record = app.invocation().await;
    assert_eq!(header(&seen, "x-azure-functions-invocationid"), [record.id.to_string()]);
    assert_eq!(header(&seen, "x-ms-invocation-id"), [record.id.to_string()]);
    assert_eq!(header(&seen, "x-azure-functions-hostversion"), ["4.1045.0.0"]);
    assert_eq!(header(&seen, "x-only-here"), [""; 0]);
    assert_eq!(header(&seen, "proxy-authorization"), [""; 0]);
}

#[tokio::test]
async fn a_trace_is_continued_or_begun_and_stands_in_the_record() {
    let app = TestApp::new().start().await;
    let given =
        seen(app.client.get(app.url("/given")).header("traceparent", TRACE).send().await.unwrap())
            .await;
    assert_eq!(header(&given, "traceparent"), [TRACE]);
    assert_eq!(app.invocation().await.trace_id, "4bf92f3577b34da6a3ce929d0e0e4736");
    let begun = seen(app.get("/other").await).await;
    let trace = header(&begun, "traceparent")[0].to_owned();
    let record = eventually("the second record", || async {
        app.host.invocations().into_iter().find(|record| record.about == "GET /other")
    })
    .await;
    assert_eq!(trace[3..35], record.trace_id);
}

#[tokio::test]
async fn any_status_of_the_handler_is_the_clients() {
    let app = TestApp::new().start().await;
    for status in [204, 304, 404, 418, 500, 503] {
        assert_eq!(app.status(&format!("/status/{status}")).await, status);
    }
    let records = app.host.invocations();
    assert!(records.iter().all(|record| record.outcome == Outcome::Answered), "{records:?}");
}

#[tokio::test]
async fn a_wrong_method_or_an_unknown_path_is_an_empty_404() {
    let app = TestApp::empty()
        .function("read", &http("things/{id}", &["get"]))
        .function("off", &{
            let mut off = http("off", &[]);
            off["disabled"] = json!(true);
            off
        })
        .function("also-off", &http("also-off", &[]))
        .setting("AzureWebJobs.also-off.Disabled", "true")
        .start()
        .await;
    assert_eq!(app.status("/THINGS/1").await, 200);
    for (method, path) in
        [("DELETE", "/things/1"), ("GET", "/other"), ("GET", "/off"), ("GET", "/also-off")]
    {
        let method = method.parse().unwrap();
        let response = app.client.request(method, app.url(path)).send().await.unwrap();
        assert_eq!(response.status(), 404, "{path}");
        assert_eq!(response.text().await.unwrap(), "", "{path}");
    }
}

#[tokio::test]
async fn the_route_prefix_stays_in_the_path_the_handler_sees() {
    let app = TestApp::empty()
        .function("hello", &http("hello/{name}", &[]))
        .host("extensions.http.routePrefix", json!("api"))
        .start()
        .await;
    assert_eq!(seen(app.get("/api/hello/you").await).await["target"], "/api/hello/you");
    assert_eq!(app.status("/hello/you").await, 404);
}

#[tokio::test]
async fn bodies_stream_both_ways_before_they_are_complete() {
    let app = TestApp::new().start().await;
    let (pieces, received) = futures::channel::mpsc::unbounded::<Result<Vec<u8>, std::io::Error>>();
    pieces.unbounded_send(Ok(b"one".to_vec())).unwrap();
    let response = app.post("/stream", reqwest::Body::wrap_stream(received)).await;
    let mut back = response.bytes_stream();
    assert_eq!(&back.next().await.unwrap().unwrap()[..], b"one");
    pieces.unbounded_send(Ok(b"two".to_vec())).unwrap();
    assert_eq!(&back.next().await.unwrap().unwrap()[..], b"two");
    drop(pieces);
    assert!(back.next().await.is_none());
    assert_eq!(app.invocation().await.outcome, Outcome::Answered);
}

#[tokio::test]
async fn an_answer_that_breaks_off_breaks_the_clients_connection() {
    let app = TestApp::new().start().await;
    let response = app.get("/break-off").await;
    assert_eq!(response.status(), 200);
    assert!(response.bytes().await.is_err());
    assert!(matches!(app.invocation().await.outcome, Outcome::Failed(_)));
}

#[tokio::test]
async fn a_body_over_the_limit_is_413_whether_its_length_is_told_or_not() {
    let app = TestApp::new().setting("FUNCTIONS_REQUEST_BODY_SIZE_LIMIT", "1000").start().await;
    assert_eq!(app.post("/x", vec![b'x'; 1_000]).await.status(), 200);
    assert_eq!(app.post("/x", vec![b'x'; 1_001]).await.status(), 413);
    let pieces = futures::stream::iter((0..11).map(|_| Ok::<_, std::io::Error>(vec![b'x'; 100])));
    assert_eq!(app.post("/x", reqwest::Body::wrap_stream(pieces)).await.status(), 413);
}

#[tokio::test]
async fn a_body_that_is_no_body_is_the_clients_fault() {
    let app = TestApp::new().start().await;
    let pid = app.text("/pid").await;
    let address = app.host.url().trim_start_matches("http://").to_owned();
    for (head, body) in [("transfer-encoding: chunked", "zz\r\n{}"), ("content-length: 200", "cut")]
    {
        let mut client = TcpStream::connect(&address).await.unwrap();
        let request = format!("POST /x HTTP/1.1\r\nhost: x\r\n{head}\r\n\r\n{body}");
        client.write_all(request.as_bytes()).await.unwrap();
        client.shutdown().await.unwrap();
        let mut answer = String::new();
        client.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 400 "), "{head}: {answer}");
    }
    assert_eq!(app.text("/pid").await, pid, "the handler is not to blame");
}

#[tokio::test]
async fn a_request_without_a_connection_is_tried_again_until_the_respawned_handler_listens() {
    let app = TestApp::new().start().await;
    let before: u32 = app.text("/pid").await.parse().unwrap();
    app.host.kill_handler("app").await;
    let after: u32 = app
        .post("/pid", "a body that no attempt may lose")
        .await
        .text()
        .await
        .unwrap()
        .parse()
        .unwrap();
    assert_ne!(before, after);
}

#[tokio::test]
async fn a_request_whose_handler_dies_in_the_middle_is_an_empty_500_and_not_tried_again() {
    let app = TestApp::new().start().await;
    let response = app.post("/exit/1", "body").await;
    assert_eq!(response.status(), 500);
    assert_eq!(response.text().await.unwrap(), "");
    assert_eq!(app.status("/echo").await, 200, "one crash only: the handler is back");
    assert_eq!(app.host.invocations().len(), 2);
}

#[tokio::test]
async fn a_handler_that_speaks_http_1_0_does_not_show_in_the_clients_connection() {
    let app = TestApp::new().start().await;
    let response = app.get("/http-1.0").await;
    assert_eq!(response.version(), reqwest::Version::HTTP_11);
    assert_eq!(response.text().await.unwrap(), "old");
}

#[tokio::test]
async fn a_client_that_leaves_ends_the_call_upstream() {
    let app = TestApp::new().start().await;
    app.status("/echo").await;
    let address = app.host.url().trim_start_matches("http://").to_owned();
    let mut client = TcpStream::connect(address).await.unwrap();
    client.write_all(b"GET /hang HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
    let silent = tokio::time::timeout(Duration::from_millis(100), client.read_u8()).await;
    assert!(silent.is_err(), "the handler hangs");
    drop(client);
    let abandoned = eventually("the call is recorded as abandoned", || async {
        app.host.invocations().into_iter().find(|record| record.about == "GET /hang")
    });
    assert_eq!(abandoned.await.outcome, Outcome::Abandoned);
}

#[tokio::test]
async fn two_hundred_clients_at_once_get_their_own_answers() {
    let app = TestApp::new().start().await;
    let requests = (0..200).map(|number| {
        let app = &app;
        async move { seen(app.post(&format!("/echo/{number}"), number.to_string()).await).await }
    });
    let answers = tokio::time::timeout(SOON, futures::future::join_all(requests)).await.unwrap();
    for (number, answer) in answers.iter().enumerate() {
        assert_eq!(answer["target"], format!("/echo/{number}"));
        assert_eq!(answer["body"], number.to_string());
    }
}

#[tokio::test]
async fn requests_over_the_limit_of_host_json_are_429() {
    let app = TestApp::new().host("extensions.http.maxOutstandingRequests", json!(1)).start().await;
    app.status("/echo").await;
    let waiting = app.get("/wait/2000");
    let beside = eventually("a request beside it is refused", || async {
        (app.status("/echo").await == 429).then_some(())
    });
    let (waited, ()) = futures::join!(waiting, beside);
    assert_eq!(waited.status(), 200);
    assert_eq!(app.status("/echo").await, 200);
}
