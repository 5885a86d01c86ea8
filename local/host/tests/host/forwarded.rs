//! Forwarded calls, with the damage that the real host does.

use serde_json::json;

use crate::support::{TestApp, header, http, seen};

fn forwarding() -> TestApp {
    TestApp::new()
        .host("customHandler.enableProxyingHttpRequest", json!(false))
        .host("customHandler.enableForwardingHttpRequest", json!(true))
}

#[tokio::test]
async fn repeated_query_keys_are_joined_and_the_hosts_product_is_appended() {
    let app = forwarding().start().await;
    let request =
        app.client.get(app.url("/api/hello/a%20b?a=1&a=2")).header("user-agent", "curl/8");
    let seen = seen(request.send().await.unwrap()).await;
    assert_eq!(seen["target"], "/api/hello/a%20b?a=1%2C2");
    assert_eq!(header(&seen, "user-agent"), ["curl/8 Azure-Functions-Host/4.1045.0.0"]);
    assert_eq!(header(&seen, "x-ms-invocation-id"), [""; 0]);
}

#[tokio::test]
async fn content_headers_but_length_and_type_are_lost() {
    let app = forwarding().start().await;
    let request = app
        .client
        .post(app.url("/x"))
        .header("content-type", "text/plain")
        .header("content-encoding", "identity")
        .header("content-language", "de")
        .header("x-kept", "1")
        .body("text");
    let seen = seen(request.send().await.unwrap()).await;
    assert_eq!(seen["body"], "text");
    assert_eq!(header(&seen, "content-type"), ["text/plain"]);
    assert_eq!(header(&seen, "x-kept"), ["1"]);
    assert_eq!(header(&seen, "content-encoding"), [""; 0]);
    assert_eq!(header(&seen, "content-language"), [""; 0]);
}

#[tokio::test]
async fn a_chunked_body_is_a_500() {
    let app = forwarding().start().await;
    let pieces = futures::stream::iter([Ok::<_, std::io::Error>(b"x".to_vec())]);
    assert_eq!(app.post("/x", reqwest::Body::wrap_stream(pieces)).await.status(), 500);
}

#[tokio::test]
async fn a_status_of_the_handler_is_passed_on() {
    let app = forwarding().start().await;
    assert_eq!(app.status("/status/404").await, 404);
}

#[tokio::test]
async fn the_older_section_forwards_to_the_functions_name() {
    let app = TestApp::empty().function("Order", &http("orders/{id}", &[]));
    let program = std::env::current_exe().unwrap();
    let app = app
        .host("customHandler", json!(null))
        .host(
            "httpWorker",
            json!({ "description": { "defaultExecutablePath": program, "arguments": crate::handler::ARGUMENTS } }),
        )
        .start()
        .await;
    assert_eq!(seen(app.get("/orders/5?x=1").await).await["target"], "/Order?x=1");
}
