//! The page at `/` and below `/admin/page`.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{Running, TestApp, eventually, http, is_alive};

fn queue_function(queue: &str) -> Value {
    json!({ "bindings": [{ "type": "queueTrigger", "name": "m", "queueName": queue }] })
}

/// An app with an HTTP function and one for the queue `orders`.
async fn with_queue() -> Running {
    TestApp::new()
        .function("ByQueue", &queue_function("orders"))
        .file(
            "app.json",
            r#"{"owns":{"queues":["orders","orders-poison"],"blobContainers":[{"name":"pictures"}]}}"#,
        )
        .setting("AzureWebJobsStorage", "UseDevelopmentStorage=true")
        .setting("REPLY", "{}")
        .start()
        .await
}

impl Running {
    async fn csrf(&self) -> String {
        let page = self.text("/admin/page/faults").await;
        let (_, rest) = page.split_once("name=\"csrf\" value=\"").unwrap();
        rest.split_once('"').unwrap().0.to_owned()
    }

    /// Sends a form as a browser does and follows it to where it leads.
    async fn act(&self, action: &str, fields: &[(&str, &str)]) -> (u16, String) {
        let csrf = self.csrf().await;
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("csrf", &csrf).append_pair("back", "/admin/page/queues");
        let body = form.extend_pairs(fields).finish();
        let response = self.post(&format!("/admin/page/actions/{action}"), body).await;
        (response.status().as_u16(), response.text().await.unwrap())
    }

    async fn json(&self, path: &str) -> Value {
        serde_json::from_str(&self.text(path).await).unwrap()
    }
}

#[tokio::test]
async fn the_page_shows_apps_functions_services_and_invocations() {
    let app = TestApp::empty()
        .function("list", &http("v1/things", &["get"]))
        .function("one", &http("v1/things/{id}", &["get", "put"]))
        .file("bad/function.json", "{")
        .start()
        .await;
    let before = app.text("/").await;
    assert!(before.contains("asleep") && before.contains("None yet"), "{before}");
    assert_eq!(app.status("/v1/things/%3Cscript%3E").await, 200);
    app.invocation().await;
    let page = app.text("/").await;
    for expected in [
        "<a href=\"/v1/things\">",
        "/v1/things/{id}",
        "GET PUT",
        "Needs attention",
        "bad is not loaded",
        "running",
        "MiB",
        app.host.cosmos_url(),
        "GET /v1/things/%3Cscript%3E",
    ] {
        assert!(page.contains(expected), "{expected} is missing in {page}");
    }
}

#[tokio::test]
async fn an_app_that_owns_the_root_keeps_it_and_the_page_moves_aside() {
    let app = TestApp::new().start().await;
    assert_eq!(app.status("/").await, 404, "the handler's own answer");
    for path in ["/admin", "/admin/page"] {
        assert!(app.text(path).await.contains("running locally"), "{path}");
    }
}

#[tokio::test]
async fn every_page_is_there_also_as_json_and_allows_nothing_inline() {
    let app = with_queue().await;
    let paths = [
        "overview",
        "apps",
        "invocations",
        "traces",
        "metrics",
        "queues",
        "queues/orders",
        "containers",
        "blobs",
        "blobs/pictures",
        "faults",
    ];
    for path in paths {
        let page = app.get(&format!("/admin/page/{path}")).await;
        assert_eq!(page.status(), 200, "{path}");
        let policy = page.headers()["content-security-policy"].to_str().unwrap().to_owned();
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
        let html = page.text().await.unwrap();
        assert!(
            !html.contains(" style=") && !html.contains(" onclick=") && !html.contains("<script>"),
            "{path}"
        );
        assert!(app.json(&format!("/admin/{path}")).await.is_object(), "{path}");
    }
    assert_eq!(app.status("/admin/page/none").await, 404);
    assert_eq!(
        app.status("/admin/page/queues/none").await,
        502,
        "the service says that there is none"
    );
}

#[tokio::test]
async fn an_invocation_shows_what_went_in_and_out_and_what_was_logged() {
    let app = TestApp::new()
        .function("Envelope", &json!({ "bindings": [
            { "type": "httpTrigger", "direction": "in", "name": "req", "route": "enveloped", "authLevel": "anonymous" },
            { "type": "http", "direction": "out", "name": "res" },
            { "type": "queue", "direction": "out", "name": "q", "queueName": "out" },
        ]}))
        .setting("AzureWebJobsStorage", "UseDevelopmentStorage=true")
        .start()
        .await;
    app.post("/proxied?q=<1>", "{\"hostile\":\"</pre><script>alert(1)</script>\"}")
        .await
        .text()
        .await
        .unwrap();
    let id = app.invocation().await.id;
    let told = app.json(&format!("/admin/invocations/{id}")).await;
    assert_eq!(told["target"], "/proxied?q=%3C1%3E");
    assert!(told["input"]["text"].as_str().unwrap().contains("hostile"), "{told}");
    assert!(told["output"]["text"].as_str().unwrap().contains("\"method\": \"POST\""), "{told}");
    let page = app.text(&format!("/admin/page/invocations/{id}")).await;
    assert!(!page.contains("<script>alert") && page.contains("&#60;script&#62;"), "{page}");

    assert_eq!(app.get("/enveloped").await.status(), 201);
    let id = app.host.invocations().pop().unwrap().id;
    let told = app.json(&format!("/admin/invocations/{id}")).await;
    assert!(told["input"]["text"].as_str().unwrap().contains("\"Data\""), "{told}");
    assert_eq!(told["log"][0]["message"], "seen", "{told}");
}

#[tokio::test]
async fn a_trace_gathers_its_invocations_also_those_whose_message_carries_it() {
    let app = with_queue().await;
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    let parent = format!("00-{trace}-00f067aa0ba902b7-01");
    let request = app.client.get(app.url("/echo")).header("traceparent", &parent);
    request.send().await.unwrap().text().await.unwrap();
    app.act(
        "message",
        &[("queue", "orders"), ("text", &json!({ "traceparent": parent }).to_string())],
    )
    .await;
    let spans = eventually("the message is processed", || async {
        let told = app.json(&format!("/admin/traces/{trace}")).await;
        told["spans"].as_array().filter(|spans| spans.len() == 2).cloned()
    })
    .await;
    let names: Vec<_> = spans.iter().map(|span| &span["name"]).collect();
    assert_eq!(names, ["GET /{*path}", "queue orders"]);
    let page = app.text(&format!("/admin/page/traces/{trace}")).await;
    assert_eq!(page.matches("<rect ").count(), 2, "{page}");
    assert_eq!(app.status("/admin/page/traces/short").await, 400);
}

#[tokio::test]
async fn hostile_messages_and_blob_names_are_escaped() {
    let app = with_queue().await;
    let text = "<img src=x onerror=alert(1)>";
    let (status, page) = app.act("message", &[("queue", "orders-poison"), ("text", text)]).await;
    assert_eq!(status, 200, "{page}");
    let name = "\"><script>x.png";
    assert_eq!(upload(&app, &app.csrf().await, name, b"\x89PNG\r\n\x1a\n").await, 200);
    for path in ["/admin/page/queues/orders-poison", "/admin/page/blobs/pictures"] {
        let page = app.text(path).await;
        assert!(!page.contains("<img src=x") && !page.contains("<script>"), "{page}");
    }
    let overview = app.text("/admin/page").await;
    assert!(overview.contains("1 message in orders-poison could not be processed"), "{overview}");
}

#[tokio::test]
async fn a_message_is_sent_and_processed_and_poison_is_sent_again() {
    let app = with_queue().await;
    let (status, page) = app.act("message", &[("queue", "orders"), ("text", "hello")]).await;
    assert_eq!(status, 200);
    assert!(page.contains("Sent 5 bytes to orders."), "{page}");
    assert_eq!(app.invocation().await.function, "ByQueue");

    app.act("message", &[("queue", "orders-poison"), ("text", "failed before")]).await;
    let (_, page) = app.act("redrive", &[("queue", "orders-poison")]).await;
    assert!(page.contains("Sent 1 message of orders-poison to orders again."), "{page}");
    eventually("it is processed", || async { (app.host.invocations().len() == 2).then_some(()) })
        .await;
    assert_eq!(app.json("/admin/queues/orders-poison").await["depth"], 0);
    assert_eq!(app.act("redrive", &[("queue", "orders")]).await.0, 400, "it is no poison queue");
}

/// Uploads a file into the container `pictures` and tells the status.
async fn upload(app: &Running, csrf: &str, name: &str, bytes: &[u8]) -> u16 {
    let field = |name: &str, value: &str| {
        format!("--XX\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let head = [field("csrf", csrf), field("container", "pictures"), field("name", name)].concat()
        + "--XX\r\ncontent-disposition: form-data; name=\"file\"; filename=\"f\"\r\ncontent-type: image/png\r\n\r\n";
    let body = [head.as_bytes(), bytes, b"\r\n--XX--\r\n"].concat();
    let request = app.client.post(app.url("/admin/page/actions/upload")).body(body);
    let request = request.header("content-type", "multipart/form-data; boundary=XX");
    request.send().await.unwrap().status().as_u16()
}

#[tokio::test]
async fn an_uploaded_picture_is_shown_and_anything_else_is_a_file_to_keep() {
    let app = with_queue().await;
    let csrf = app.csrf().await;
    let picture = b"\x89PNG\r\n\x1a\nrest";
    assert_eq!(upload(&app, &csrf, "a.png", picture).await, 200);
    assert_eq!(upload(&app, &csrf, "fake.png", b"<svg onload=alert(1)>").await, 200);
    let page = app.text("/admin/page/blobs/pictures").await;
    assert!(page.contains("content?name=a.png\" alt=\"a.png\""), "{page}");
    let shown = app.get("/admin/page/blobs/pictures/content?name=a.png").await;
    assert_eq!(shown.headers()["content-type"], "image/png");
    assert_eq!(shown.bytes().await.unwrap(), &picture[..]);
    let kept = app.get("/admin/page/blobs/pictures/content?name=fake.png").await;
    assert_eq!(kept.headers()["content-type"], "application/octet-stream");
    assert_eq!(kept.headers()["content-disposition"], "attachment");
    assert!(kept.headers()["content-security-policy"].to_str().unwrap().contains("sandbox"));
}

#[tokio::test]
async fn a_function_is_invoked_over_its_route_or_by_hand() {
    let app = with_queue().await;
    let fields = [
        ("app", "app"),
        ("function", "unmatched"),
        ("method", "POST"),
        ("path", "/tried"),
        ("input", "{}"),
    ];
    let (status, page) = app.act("invoke", &fields).await;
    assert_eq!(status, 200);
    assert!(
        page.contains("was answered with 200 OK") && page.contains("/admin/page/traces/"),
        "{page}"
    );
    let (_, page) =
        app.act("invoke", &[("app", "app"), ("function", "ByQueue"), ("input", "hi")]).await;
    assert!(page.contains("It succeeded."), "{page}");
    assert_eq!(app.host.invocations().len(), 2);
    assert_eq!(app.act("invoke", &[("app", "app"), ("function", "none")]).await.0, 404);
    assert!(app.text("/admin/page/functions/app/ByQueue").await.contains("Invoke it"));
}

#[tokio::test]
async fn a_handler_is_killed_and_a_stopped_app_started_again() {
    let app = with_queue().await;
    assert_eq!(app.act("kill", &[("app", "app")]).await.0, 409, "nothing runs yet");
    for _ in 0..3 {
        let pid = eventually("a handler runs", || async {
            app.status("/echo").await;
            app.pids().pop()
        })
        .await;
        let (status, page) = app.act("kill", &[("app", "app"), ("pid", &pid.to_string())]).await;
        assert_eq!(status, 200, "{page}");
        eventually("it is gone", || async { (!is_alive(pid)).then_some(()) }).await;
    }
    eventually("the third crash stops the app", || async {
        app.text("/admin/page").await.contains("Restart app").then_some(())
    })
    .await;
    assert_eq!(app.status("/echo").await, 503);
    let (_, page) = app.act("restart", &[("app", "app")]).await;
    assert!(page.contains("Restarted app"), "{page}");
    eventually("it answers again", || async { (app.status("/echo").await == 200).then_some(()) })
        .await;
}

#[tokio::test]
async fn a_form_without_the_token_does_nothing() {
    let app = with_queue().await;
    let actions = [
        "invoke",
        "message",
        "redrive",
        "kill",
        "restart",
        "fault-add",
        "fault-remove",
        "fault-clear",
    ];
    for action in actions {
        for body in ["", "csrf=wrong&fault=queue%3Dstop&app=app&queue=orders&function=all"] {
            let refused = app.post(&format!("/admin/page/actions/{action}"), body).await;
            assert_eq!(refused.status(), 403, "{action}");
        }
    }
    assert_eq!(upload(&app, "wrong", "a.png", b"x").await, 403);
    let cross_site = app.client.post(app.url("/admin/page/actions/fault-add"));
    let cross_site = cross_site.header("sec-fetch-site", "cross-site").send().await.unwrap();
    assert_eq!(cross_site.status(), 403);
    assert!(app.host.fault_switches().list().is_empty() && app.host.invocations().is_empty());
}

#[tokio::test]
async fn a_name_that_is_made_to_point_here_is_refused() {
    let app = with_queue().await;
    for path in ["/admin/page", "/admin/invocations"] {
        let rebound = app.client.get(app.url(path)).header("host", "rebound.example").send().await;
        assert_eq!(rebound.unwrap().status(), 421, "{path}");
    }
}

#[tokio::test]
async fn an_action_leads_back_to_this_page_only() {
    let app = with_queue().await;
    let csrf = app.csrf().await;
    let client = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none());
    let client = client.build().unwrap();
    for (back, expected) in [
        ("/admin/page/blobs?marker=a%20b&notice=1", "/admin/page/blobs?marker=a+b&notice="),
        ("//elsewhere.example", "/admin/page?notice="),
        ("https://elsewhere.example/", "/admin/page?notice="),
    ] {
        let body = form_urlencoded::Serializer::new(String::new())
            .append_pair("csrf", &csrf)
            .append_pair("back", back)
            .finish();
        let response = client
            .post(app.url("/admin/page/actions/fault-clear"))
            .body(body)
            .send()
            .await
            .unwrap();
        assert_eq!(response.status(), 303);
        let location = response.headers()["location"].to_str().unwrap();
        assert!(location.starts_with(expected), "{location}");
    }
}

#[tokio::test]
async fn with_keys_the_page_asks_for_the_admin_key_once() {
    let app = TestApp::new().keys().start().await;
    assert_eq!(app.status("/admin/page").await, 401);
    assert_eq!(app.status("/admin/faults").await, 401);
    let client = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none());
    let client = client.timeout(Duration::from_secs(20)).build().unwrap();
    let key = app.host.master_key().unwrap();
    let shown = client.get(app.url(&format!("/admin/page?code={key}"))).send().await.unwrap();
    assert_eq!(
        (shown.status().as_u16(), &shown.headers()["location"]),
        (303, &"/admin/page".parse().unwrap())
    );
    let cookie = shown.headers()["set-cookie"].to_str().unwrap();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
    let cookie = cookie.split(';').next().unwrap();
    let page = client.get(app.url("/admin/page")).header("cookie", cookie).send().await.unwrap();
    assert_eq!(page.status(), 200);
}
