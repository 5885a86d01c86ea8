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

use crate::support::{Running, SOON, TestApp, eventually, header, http, seen};

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
    assert_eq!(seen["target"], "/api/a%20b/c%252Fd?x=1&x=2&y=%20");
    assert_eq!(seen["body"], "the body");
    assert_eq!(header(&seen, "x-mine"), ["1"]);
    assert_eq!(header(&seen, "content-length"), ["8"]);
}

#[tokio::test]
async fn the_handler_is_told_by_the_gateway_alone_who_asked_whom() {
    let app = TestApp::new().start().await;
    let request = app
        .client
        .get(app.url("/echo"))
        .header("x-forwarded-host", "evil.example")
        .header("x-forwarded-for", "203.0.113.7")
        .header("x-forwarded-proto", "https")
        .header("x-forwarded-prefix", "/evil")
        .header("forwarded", "host=evil.example");
    let seen = seen(request.send().await.unwrap()).await;
    let called = app.host.url().trim_start_matches("http://").to_owned();
    let [host] = header(&seen, "host")[..] else { panic!("{seen}") };
    assert!(host.starts_with("127.0.0.1:") && host != called, "{host} is not the handler's own");
    assert_eq!(header(&seen, "x-forwarded-host"), [called]);
    assert_eq!(header(&seen, "x-forwarded-for"), ["127.0.0.1"]);
    assert_eq!(header(&seen, "x-forwarded-proto"), ["http"]);
    assert_eq!(header(&seen, "x-forwarded-prefix"), [""; 0]);
    assert_eq!(header(&seen, "forwarded"), [""; 0]);
}

#[tokio::test]
async fn a_path_is_decoded_and_encoded_anew_and_routes_see_it_decoded_once() {
    let app = TestApp::empty()
        .function("thing", &http("things/{id}", &[]))
        .function("unmatched", &http("{*path}", &[]))
        .start()
        .await;
    for (asked, target, function) in [
        ("/things/a%2Fb", "/things/a%252Fb", "thing"),
        ("/things/%5Bx%5D%40%7E?q=%2F%40", "/things/%5Bx%5D@~?q=%2F%40", "thing"),
        ("/%74hings/1", "/things/1", "thing"),
        ("/other/%2E%2E/things/./1", "/things/1", "thing"),
        ("/things//1", "/things//1", "unmatched"),
    ] {
        let answer =
            raw(&app, &format!("GET {asked} HTTP/1.1\r\nhost: x\r\nconnection: close")).await;
        assert!(answer.contains(&format!("\"target\":\"{target}\"")), "{asked}: {answer}");
        assert_eq!(app.invocation().await.function, function, "{asked}");
    }
    let refused = raw(&app, "GET /things/%00 HTTP/1.1\r\nhost: x\r\nconnection: close").await;
    assert!(refused.starts_with("HTTP/1.1 400 "), "{refused}");
}

#[tokio::test]
async fn a_request_whose_head_says_two_things_is_refused() {
    let app = TestApp::new().start().await;
    for (head, status) in [
        ("connection: close", 400),
        ("host: a\r\nhost: b\r\nconnection: close", 400),
        ("host: a\r\ntransfer-encoding: gzip, chunked\r\nconnection: close\r\n\r\n0", 501),
    ] {
        let answer = raw(&app, &format!("POST /echo HTTP/1.1\r\n{head}")).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{head}: {answer}");
    }
    assert!(app.host.invocations().is_empty());
}

#[tokio::test]
async fn strict_transport_security_is_the_hosts_word_and_never_the_handlers() {
    let app = TestApp::new().start().await;
    let header = "strict-transport-security";
    assert_eq!(app.get("/hsts").await.headers().get(header), None);
    let app = TestApp::new()
        .host("extensions.http.hsts", json!({ "isEnabled": true, "maxAge": "1.00:00:00" }))
        .start()
        .await;
    let answer = app.get("/hsts").await;
    let values: Vec<_> = answer.headers().get_all(header).iter().collect();
    assert_eq!(values, ["max-age=86400"]);
}

#[tokio::test]
async fn the_host_overwrites_its_own_headers_and_removes_what_its_proxy_leaves_out() {
    let app = TestApp::new().start().await;
    let request = app
        .client
        .get(app.url("/echo"))
        .header("x-azure-functions-invocationid", "mine")
        .header("x-azure-functions-hostversion", "mine")
        .header("x-ms-invocation-id", "mine")
        .header("connection", "close, x-only-here")
        .header("x-only-here", "1")
        .header("expect", "something-else")
        .header("upgrade-insecure-requests", "1")
        .header("proxy-authorization", "secret");
    let response = request.send().await.unwrap();
    assert_eq!(response.headers().get("keep-alive"), None);
    assert_eq!(response.headers()["x-from-handler"], "yes");
    let seen = seen(response).await;
    let record = app.invocation().await;
    assert_eq!(header(&seen, "x-azure-functions-invocationid"), [record.id.to_string()]);
    assert_eq!(header(&seen, "x-ms-invocation-id"), [record.id.to_string()]);
    assert_eq!(header(&seen, "x-azure-functions-hostversion"), ["4.1045.0.0"]);
    assert_eq!(header(&seen, "x-only-here"), ["1"]);
    assert_eq!(header(&seen, "expect"), ["something-else"]);
    assert_eq!(header(&seen, "upgrade-insecure-requests"), [""; 0]);
    assert_eq!(header(&seen, "proxy-authorization"), [""; 0]);
}

#[tokio::test]
async fn a_trace_is_continued_or_begun_and_stands_in_the_record() {
    let app = TestApp::new().start().await;
    let given =
        seen(app.client.get(app.url("/given")).header("traceparent", TRACE).send().await.unwrap())
            .await;
    let told = header(&given, "traceparent")[0];
    assert_eq!(told[..36], TRACE[..36], "the client's trace");
    assert_ne!(told, TRACE, "the span is that of the invocation");
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

/// The whole answer to what is sent as it is; the head ends with an empty line.
async fn raw(app: &Running, head: &str) -> String {
    let address = app.host.url().trim_start_matches("http://");
    let mut client = TcpStream::connect(address).await.unwrap();
    client.write_all(format!("{head}\r\n\r\n").as_bytes()).await.unwrap();
    let mut answer = String::new();
    client.read_to_string(&mut answer).await.unwrap();
    answer
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
