//! The management interface.

use local_host::{AppSource, Executable, Options, start};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::TcpStream,
};

use crate::support::{Running, TestApp, client, http};

async fn json_of(response: reqwest::Response) -> Value {
    serde_json::from_str(&response.text().await.unwrap()).unwrap()
}

#[tokio::test]
async fn ping_is_200_and_empty_and_the_status_tells_of_broken_functions() {
    let app = TestApp::new().file("bad/function.json", "{").start().await;
    let ping = app.get("/admin/host/ping").await;
    assert_eq!((ping.status().as_u16(), ping.text().await.unwrap()), (200, String::new()));
    let status = json_of(app.get("/admin/host/status").await).await;
    assert_eq!(status["state"], "Running");
    assert!(status["errors"][0].as_str().unwrap().contains("bad/function.json"), "{status}");
    assert_eq!(app.status("/works").await, 200, "the others are loaded");
}

#[tokio::test]
async fn functions_are_listed_by_name_and_by_app_and_name() {
    let app = TestApp::empty()
        .function("hello", &http("hi/{name}", &[]))
        .file("bad/function.json", "{")
        .start()
        .await;
    let all = json_of(app.get("/admin/functions").await).await;
    assert_eq!(all.as_array().unwrap().len(), 1);
    for path in ["/admin/functions/hello", "/admin/functions/app/hello"] {
        let one = json_of(app.get(path).await).await;
        assert_eq!(one, all[0], "{path}");
        assert_eq!(one["invoke_url_template"], app.url("/hi/{name}"));
    }
    assert_eq!(json_of(app.get("/admin/functions/hello/status").await).await, json!({}));
    let status = json_of(app.get("/admin/functions/bad/status").await).await;
    assert!(status["errors"][0].as_str().unwrap().contains("line 1"), "{status}");
    assert_eq!(app.status("/admin/functions/none").await, 404);
    assert_eq!(app.status("/admin/functions/none/status").await, 404);
    assert_eq!(app.status("/admin/none").await, 404);
}

#[tokio::test]
async fn drain_and_resume_are_told_by_the_drain_status() {
    let app = TestApp::new().start().await;
    let state =
        || async { json_of(app.get("/admin/host/drain/status").await).await["state"].clone() };
    assert_eq!(state().await, "Disabled");
    assert_eq!(app.post("/admin/host/drain", "").await.status(), 202);
    assert_eq!(state().await, "Completed");
    assert_eq!(app.status("/echo").await, 200, "HTTP goes on");
    assert_eq!(json_of(app.post("/admin/host/resume", "").await).await["state"], "Running");
    assert_eq!(state().await, "Disabled");
}

#[tokio::test]
async fn keys_are_asked_for_only_when_switched_on() {
    let mut function = http("secret", &[]);
    function["bindings"][0].as_object_mut().unwrap().remove("authLevel");
    let mut admin = http("boss", &[]);
    admin["bindings"][0]["authLevel"] = json!("admin");
    let build = || TestApp::new().function("secret", &function).function("boss", &admin);
    let open = build().start().await;
    assert_eq!((open.status("/secret").await, open.status("/admin/functions").await), (200, 200));

    let app = build().keys().start().await;
    let (function_key, master_key) =
        (app.host.function_key().unwrap(), app.host.master_key().unwrap());
    let with =
        |path: &str, key: &str| app.client.get(app.url(path)).header("x-functions-key", key).send();
    let refused = app.get("/secret").await;
    assert_eq!((refused.status().as_u16(), refused.text().await.unwrap()), (401, String::new()));
    assert_eq!(app.status("/anonymous").await, 200);
    assert_eq!(app.status(&format!("/secret?code={function_key}")).await, 200);
    assert_eq!(with("/secret", function_key).await.unwrap().status(), 200);
    assert_eq!(with("/secret", master_key).await.unwrap().status(), 200);
    assert_eq!(with(&format!("/secret?code={function_key}"), "wrong").await.unwrap().status(), 401);
    assert_eq!(with("/boss", function_key).await.unwrap().status(), 401);
    assert_eq!(with("/boss", master_key).await.unwrap().status(), 200);
    assert_eq!(app.status("/admin/functions").await, 401);
    assert_eq!(with("/admin/functions", function_key).await.unwrap().status(), 401);
    assert_eq!(with("/admin/functions", master_key).await.unwrap().status(), 200);
    assert_eq!(app.status("/admin/host/ping").await, 200);
    assert_eq!(app.status("/runtime/webhooks/EventGrid").await, 401);
}

#[tokio::test]
async fn a_function_is_run_by_hand_with_a_text() {
    let app = TestApp::new()
        .function(
            "Envelope",
            &json!({ "bindings": [{ "type": "queueTrigger", "name": "m", "queueName": "q" }] }),
        )
        .setting("AzureWebJobsStorage", "UseDevelopmentStorage=true")
        .setting("REPLY", "{}")
        .start()
        .await;
    let app = &app;
    let run = async |name: &str, body: &'static str| {
        app.post(&format!("/admin/functions/{name}"), body).await.status()
    };
    assert_eq!(run("none", "{\"input\":\"x\"}").await, 404);
    assert_eq!(run("Envelope", "x").await, 400);
    assert_eq!(run("Envelope", "{\"input\":\"hello\"}").await, 202);
    let record = app.invocation().await;
    assert_eq!((record.function.as_str(), record.status), ("Envelope", Some(200)));
}

#[tokio::test]
async fn a_name_that_two_apps_have_is_exact_only_with_the_app() {
    let build = |own: &str| {
        let all = format!("{own}/{{*path}}");
        TestApp::empty().function("shared", &http(&all, &[])).function(own, &http(own, &[]))
    };
    let (first, second) = (build("one").written(), build("two").written());
    let source = |name: &str, app: &TestApp| AppSource::new(name, app.path(), Executable::HostJson);
    let apps = vec![source("first", &first), source("second", &second)];
    let host = start(Options { apps, ..Options::for_tests() }).await.unwrap();
    let client = client();
    let get = async |path: &str| client.get(format!("{}{path}", host.url())).send().await.unwrap();
    let ambiguous = get("/admin/functions/shared").await;
    assert_eq!(ambiguous.status(), 409);
    let text = ambiguous.text().await.unwrap();
    assert!(
        text.contains("/admin/functions/first/shared or /admin/functions/second/shared"),
        "{text}"
    );
    for (path, app) in
        [("/admin/functions/second/shared", "second"), ("/admin/functions/two", "second")]
    {
        assert_eq!(json_of(get(path).await).await["app"], app, "{path}");
    }
    assert_eq!(get("/two").await.status(), 200);
    let pids = (host.handler_pids("first"), host.handler_pids("second"));
    assert_eq!((pids.0.len(), pids.1.len()), (0, 1));
}

/// The status line that a request gets which announces a body and sends none of it.
async fn answer_to_announced(app: &Running, path: &str, length_bytes: u64) -> String {
    let address = app.host.url().strip_prefix("http://").unwrap().to_owned();
    let mut stream = BufReader::new(TcpStream::connect(&address).await.unwrap());
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/json\r\n\
         content-length: {length_bytes}\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut line = String::new();
    stream.read_line(&mut line).await.unwrap();
    line
}

#[tokio::test]
async fn a_body_that_is_too_large_is_413_on_every_address_of_the_host() {
    let app = TestApp::empty().function("hello", &http("hi", &[])).start().await;
    for (path, limit_bytes) in [
        ("/admin/functions/hello", 1 << 20),
        ("/runtime/webhooks/EventGrid?functionName=hello", 104_857_600),
        ("/runtime/webhooks/blobs?functionName=Host.Functions.hello", 104_857_600),
        ("/admin/faults", 64 << 10),
        ("/admin/page/actions/invoke", 4 << 20),
        ("/hi", 104_857_600),
    ] {
        let line = answer_to_announced(&app, path, limit_bytes + 1).await;
        assert_eq!(line, "HTTP/1.1 413 Payload Too Large\r\n", "{path}");
    }
}

#[tokio::test]
async fn pages_of_other_sites_and_foreign_names_reach_neither_admin_nor_webhooks() {
    let app = TestApp::new().start().await;
    let webhook = "/runtime/webhooks/EventGrid?functionName=works";
    for path in ["/admin/host/drain", "/admin/functions/app/works", "/admin/faults", webhook] {
        let post = || client().post(app.url(path)).body("{}");
        for (name, value) in [("sec-fetch-site", "cross-site"), ("origin", "http://evil.example")] {
            let refused = post().header(name, value).send().await.unwrap();
            assert_eq!(refused.status(), 403, "{path} {name}");
        }
        let rebound = post().header("host", "evil.example").send().await.unwrap();
        assert_eq!(rebound.status(), 421, "{path}");
    }
    assert_eq!(json_of(app.get("/admin/host/drain/status").await).await["state"], "Disabled");
}
