//! Several apps behind one gateway: resources, catch-alls and messages from one to another.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use local_host::{AppSource, Executable, Host, Options, StartError, start};
use serde_json::{Value, json};

use crate::support::{TestApp, client, eventually, http};

/// Owns the containers; its catch-all is the widest.
fn profiles() -> TestApp {
    TestApp::empty()
        .function("profile", &http("v1/profiles/{id}", &["get"]))
        .function("unmatched", &http("v1/{*path}", &[]))
        .file("app.json", &owning("profiles", "decisions"))
}

/// Listens to a queue that the other app declares.
fn photos() -> TestApp {
    let erase = json!({ "bindings": [
        { "type": "queueTrigger", "name": "m", "queueName": "decisions", "connection": "STORAGE" }] });
    TestApp::empty()
        .function("photo", &http("v1/photos/{id}", &["get"]))
        .function("photos_of", &http("v1/profiles/{id}/photos", &["get"]))
        .function("unmatched_photo", &http("v1/photos/{*path}", &[]))
        .function("ByQueue", &erase)
        .file("app.json", &owning("photos", "erasures"))
}

fn owning(container: &str, queue: &str) -> String {
    json!({ "owns": {
        "containers": [{ "name": container, "partitionKey": "/id" }],
        "queues": [queue],
    } })
    .to_string()
}

async fn both() -> (Host, [TestApp; 2]) {
    let (host, apps) = started([photos(), profiles()]).await;
    (host.unwrap(), apps)
}

/// Apps called `photos`, `profiles`, `third` and `fourth`.
async fn started<const N: usize>(apps: [TestApp; N]) -> (Result<Host, StartError>, [TestApp; N]) {
    let apps = apps.map(TestApp::written);
    let source =
        |(name, app): (&str, &TestApp)| AppSource::new(name, app.path(), Executable::HostJson);
    let sources =
        ["photos", "profiles", "third", "fourth"].into_iter().zip(&apps).map(source).collect();
    let mut options = Options { apps: sources, ..Options::for_tests() };
    for (name, value) in
        [("STORAGE__queueServiceUri", "http://127.0.0.1:10001/devstoreaccount1"), ("REPLY", "{}")]
    {
        options.settings.insert(name.into(), value.into());
    }
    (start(options).await, apps)
}

async fn function_of(host: &Host, method: &str, path: &str) -> String {
    let before = host.invocations().len();
    let request = client().request(method.parse().unwrap(), format!("{}{path}", host.url()));
    if request.send().await.unwrap().status() == 404 {
        return "404".to_owned();
    }
    let record = eventually("it is recorded", || async { host.invocations().get(before).cloned() });
    let record = record.await;
    format!("{}/{}", record.app, record.function)
}

#[tokio::test]
async fn every_path_reaches_the_app_that_owns_it() {
    let (host, _folders) = both().await;
    for (method, path, expected) in [
        ("GET", "/v1/profiles/1", "profiles/profile"),
        ("DELETE", "/v1/profiles/1", "profiles/unmatched"),
        ("GET", "/v1/photos/1", "photos/photo"),
        ("PUT", "/v1/photos/1", "photos/unmatched_photo"),
        ("GET", "/v1/photos/1/large/x", "photos/unmatched_photo"),
        ("GET", "/v1/profiles/1/photos", "photos/photos_of"),
        ("PUT", "/v1/profiles/1/photos", "404"),
        ("GET", "/v1/nothing/here", "profiles/unmatched"),
    ] {
        assert_eq!(function_of(&host, method, path).await, expected, "{method} {path}");
    }
}

#[tokio::test]
async fn what_all_apps_own_is_there_before_any_of_them_is_called() {
    let (host, _folders) = both().await;
    assert!(host.handler_pids("photos").is_empty() && host.handler_pids("profiles").is_empty());
    for container in ["photos", "profiles"] {
        let url = format!("{}dbs/{container}/colls/{container}", host.cosmos_url());
        assert_eq!(client().get(url).send().await.unwrap().status(), 200, "{container}");
    }
    let signature = local_data::account_sas("2100-01-01T00:00:00Z".parse().unwrap());
    for queue in ["decisions", "erasures"] {
        let url = format!("{}/{queue}?comp=metadata&{signature}", host.queue_url());
        assert_eq!(client().get(url).send().await.unwrap().status(), 200, "{queue}");
    }
}

#[tokio::test]
async fn a_message_belongs_to_the_trace_that_it_names() {
    let (host, _folders) = both().await;
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    let parent = format!("00-{trace}-00f067aa0ba902b7-01");
    let request = client().get(format!("{}/v1/photos/1", host.url()));
    request.header("traceparent", &parent).send().await.unwrap();

    // Longer than what is kept of a body: the trace is found in the whole of it.
    let event = json!({ "data": "x".repeat(20_000), "traceparent": parent }).to_string();
    let text = STANDARD.encode(event);
    let signature = local_data::account_sas("2100-01-01T00:00:00Z".parse().unwrap());
    let url = format!("{}/decisions/messages?{signature}", host.queue_url());
    let message = format!("<QueueMessage><MessageText>{text}</MessageText></QueueMessage>");
    assert_eq!(client().post(url).body(message).send().await.unwrap().status(), 201);
    let by_queue = eventually("the message is delivered", || async {
        host.invocations().into_iter().find(|record| record.function == "ByQueue")
    })
    .await;
    assert_eq!(by_queue.trace_id, trace);

    let url = format!("{}/admin/traces/{trace}", host.url());
    let text = client().get(url).send().await.unwrap().text().await.unwrap();
    let page: Value = serde_json::from_str(&text).unwrap();
    let spans = page["spans"].as_array().unwrap().iter();
    let names: Vec<_> = spans.map(|span| span["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["GET /v1/photos/{id}", "queue decisions"]);
}

async fn refusal(apps: [TestApp; 2]) -> String {
    started(apps).await.0.unwrap_err().to_string()
}

#[tokio::test]
async fn a_name_that_two_apps_claim_keeps_the_host_from_starting() {
    let queue = refusal([photos().file("app.json", &owning("photos", "Decisions")), profiles()]);
    let queue = queue.await;
    for part in ["apps photos and profiles", "queue decisions"] {
        assert!(queue.contains(part), "{part}: {queue}");
    }
    let route = http("v1/Photos/{id}", &[]);
    let route = refusal([photos(), profiles().function("picture", &route)]).await;
    for part in ["photos/photo", "profiles/picture", "the same route v1/"] {
        assert!(route.contains(part), "{part}: {route}");
    }
}

#[tokio::test]
async fn each_app_has_its_own_value_of_a_setting_and_its_own_host_json() {
    let with = |app: TestApp, value: &str, prefix: &str| {
        let text = json!({
            "settings": { "GREETING": { "local": value } },
            "host": { "AzureFunctionsJobHost__extensions__http__routePrefix": prefix },
        });
        app.file("app.json", &text.to_string())
    };
    let app = || TestApp::empty().function("read", &http("env/{name}", &["get"]));
    let apps = [with(app(), "hello", "a"), with(app(), "ahoy", "b")];
    let (host, _folders) = started(apps).await;
    let host = host.unwrap();
    for (path, expected) in [("/a/env/GREETING", "hello"), ("/b/env/GREETING", "ahoy")] {
        let url = format!("{}{path}", host.url());
        let seen = client().get(url).send().await.unwrap().text().await.unwrap();
        assert_eq!(seen, expected, "{path}");
    }
}

#[tokio::test]
async fn many_apps_are_a_row_each_with_their_people_and_all_of_each_is_on_a_page_of_its_own() {
    let declared = json!({
        "purpose": "Sells", "people": [{ "role": "Baker", "page": "/third/orders" }],
        "settings": { "GREETING": { "local": "not to be shown" } },
    });
    let app = |route: &str| TestApp::empty().function("call", &http(route, &[]));
    let third = app("third").file("app.json", &declared.to_string());
    let (host, _folders) = started([photos(), profiles(), third, app("fourth")]).await;
    let host = host.unwrap();
    let page = async |path: &str| {
        let url = format!("{}{path}", host.url());
        client().get(url).send().await.unwrap().text().await.unwrap()
    };
    let overview = page("/admin/page").await;
    for part in ["/admin/page/apps#app-fourth", "/third/orders"] {
        assert!(overview.contains(part), "{part}: {overview}");
    }
    assert!(!overview.contains("/admin/page/functions/third/call"), "{overview}");
    let apps = page("/admin/page/apps").await;
    let parts =
        ["/admin/page/functions/third/call", "Sells", "Baker", "GREETING</code></dt><dd>app.json"];
    for part in parts {
        assert!(apps.contains(part), "{part}: {apps}");
    }
    assert!(!apps.contains("not to be shown"), "{apps}");
}
