//! Who calls: what a client's key says, and nothing that the client says itself.

use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::support::{Running, TestApp, header, http, seen};

const CALLERS: &str = r#"{"keyHeader": "Shop-Key", "callerHeader": "X-Shop-Caller",
                          "callers": {"k-1": "partner/one", "k-2": "partner/two"}}"#;

fn shop(app: TestApp) -> TestApp {
    let mut app = app.file("local/callers.json", CALLERS);
    app.options.workspace = Some(app.path().to_owned());
    app
}

/// In each way in which a handler is called.
async fn in_every_mode() -> [Running; 3] {
    let forwarded = TestApp::new()
        .host("customHandler.enableProxyingHttpRequest", json!(false))
        .host("customHandler.enableForwardingHttpRequest", json!(true));
    let enveloped = TestApp::empty()
        .host("customHandler.enableProxyingHttpRequest", json!(false))
        .function("Envelope", &http("{*path}", &[]));
    [
        shop(TestApp::new()).start().await,
        shop(forwarded).start().await,
        shop(enveloped).start().await,
    ]
}

impl Running {
    /// What the handler is told about who calls.
    async fn callers(&self, headers: &[(&str, &str)]) -> Vec<String> {
        let mut request = self.client.get(self.url("/x"));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.send().await.unwrap();
        if response.status() == 200 {
            let seen = seen(response).await;
            return claims(&seen);
        }
        assert_eq!(response.status(), 201);
        let seen: Value = serde_json::from_str(&response.text().await.unwrap()).unwrap();
        let sent = seen["envelope"]["Data"]["req"]["Headers"].as_object().unwrap();
        let named = sent.iter().filter(|(name, _)| is_claim(name));
        named.flat_map(|(_, values)| values.as_array().unwrap().clone()).map(text).collect()
    }

    /// What comes back for bytes that no client library would send.
    async fn raw(&self, request: &str) -> String {
        let address = self.host.url().strip_prefix("http://").unwrap();
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer
    }
}

fn text(value: Value) -> String {
    value.as_str().unwrap().to_owned()
}

fn is_claim(name: &str) -> bool {
    name.replace('_', "-").eq_ignore_ascii_case("x-shop-caller")
}

fn claims(seen: &Value) -> Vec<String> {
    let headers = seen["headers"].as_array().unwrap().iter();
    headers
        .filter(|pair| is_claim(pair[0].as_str().unwrap()))
        .map(|pair| text(pair[1].clone()))
        .collect()
}

#[tokio::test]
async fn a_key_says_who_calls_in_every_mode_and_a_claim_never_does() {
    for app in in_every_mode().await {
        assert_eq!(app.callers(&[]).await, [""; 0]);
        assert_eq!(app.callers(&[("Shop-Key", "k-1")]).await, ["partner/one"]);
        let claims = [
            ("X-Shop-Caller", "partner/two"),
            ("x-shop-caller", "partner/two"),
            ("X_Shop_Caller", "partner/two"),
        ];
        assert_eq!(app.callers(&claims).await, [""; 0]);
        let with_key = [&claims[..], &[("Shop-Key", "k-1")]].concat();
        assert_eq!(app.callers(&with_key).await, ["partner/one"]);
        let taken_away = [("Shop-Key", "k-1"), ("Connection", "x-shop-caller")];
        assert_eq!(app.callers(&taken_away).await, ["partner/one"]);
    }
}

#[tokio::test]
async fn an_unknown_key_is_answered_as_api_management_answers_it() {
    for app in in_every_mode().await {
        let request = app.client.get(app.url("/x")).header("Shop-Key", "k-9");
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), 401);
        let body: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
        assert_eq!(body["statusCode"], 401);
        assert!(body["message"].as_str().unwrap().contains("invalid subscription key"), "{body}");
        assert!(app.host.invocations().is_empty());
    }
}

#[tokio::test]
async fn a_folded_header_carries_no_claim() {
    let app = shop(TestApp::new()).start().await;
    for folded in [
        "X-Other: a\r\n X-Shop-Caller: partner/two",
        "X-Shop-Caller:\r\n partner/two",
        "X-Shop-Caller : partner/two",
        "X-Other: a\nX-Shop-Caller: partner/two",
        "X-Other: a\rX-Shop-Caller: partner/two",
    ] {
        let request =
            format!("GET /x HTTP/1.1\r\nHost: a\r\n{folded}\r\nConnection: close\r\n\r\n");
        let answer = app.raw(&request).await;
        match answer.split_once("\r\n\r\n") {
            Some((head, body)) if head.starts_with("HTTP/1.1 200") => {
                let body = &body[body.find('{').unwrap()..=body.rfind('}').unwrap()];
                assert_eq!(claims(&serde_json::from_str(body).unwrap()), [""; 0], "{folded:?}");
            }
            _ => assert!(answer.starts_with("HTTP/1.1 400"), "{folded:?}: {answer}"),
        }
    }
}

#[tokio::test]
async fn without_a_file_of_callers_headers_are_the_clients() {
    let app = TestApp::new().start().await;
    let request = app.client.get(app.url("/x")).header("X-Shop-Caller", "partner/two");
    assert_eq!(
        header(&seen(request.send().await.unwrap()).await, "x-shop-caller"),
        ["partner/two"]
    );
}
