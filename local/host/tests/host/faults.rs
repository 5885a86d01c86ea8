//! Simulated faults, switched from the page, over JSON, by the command line and by the library.

use std::{process::Stdio, time::Duration};

use serde_json::{Value, json};
use tokio::process::Command;

use crate::support::{Running, TestApp, eventually, is_alive};

async fn json_of(response: reqwest::Response) -> Value {
    serde_json::from_str(&response.text().await.unwrap()).unwrap()
}

async fn switch_on(app: &Running, fault: &str) -> reqwest::Response {
    let request =
        app.client.post(app.url("/admin/faults")).header("content-type", "application/json");
    request.body(json!({ "fault": fault }).to_string()).send().await.unwrap()
}

async fn cosmos_status(app: &Running) -> Result<u16, reqwest::Error> {
    let answer = app.client.get(format!("{}dbs", app.host.cosmos_url())).send().await?;
    Ok(answer.status().as_u16())
}

#[tokio::test]
async fn a_service_is_throttled_stopped_and_well_again() {
    let app = TestApp::new().start().await;
    assert_eq!(cosmos_status(&app).await.unwrap(), 200);
    assert_eq!(switch_on(&app, "cosmos=throttle:next:2").await.status(), 200);
    // Looking at the pages must not use the fault up.
    assert!(app.text("/admin/page").await.contains("a simulated fault of Cosmos DB is on"));
    assert_eq!(app.status("/admin/page/containers/iommi/profiles").await, 503);
    let statuses =
        [cosmos_status(&app).await, cosmos_status(&app).await, cosmos_status(&app).await];
    assert_eq!(statuses.map(Result::unwrap), [429, 429, 200]);

    let on = json_of(switch_on(&app, "cosmos=stop").await).await;
    assert!(cosmos_status(&app).await.is_err(), "the connection is closed");
    let id = on["faults"][0]["id"].as_str().unwrap();
    let off = app.client.delete(app.url(&format!("/admin/faults/{id}"))).send().await.unwrap();
    assert_eq!(json_of(off).await["faults"], json!([]));
    assert_eq!(cosmos_status(&app).await.unwrap(), 200);
}

#[tokio::test]
async fn faults_of_messages_and_of_the_clock_reach_the_triggers() {
    let app = TestApp::new().start().await;
    for fault in ["messages=duplicate:2", "messages=delay:250ms", "clock=skew:-1h"] {
        assert_eq!(switch_on(&app, fault).await.status(), 200, "{fault}");
    }
    let faults = app.host.faults();
    assert_eq!((faults.duplicates_left(), faults.message_delay()), (2, Duration::from_millis(250)));
    assert_eq!(faults.clock_skew().as_hours(), -1);
    let all_off = app.client.delete(app.url("/admin/faults")).send().await.unwrap();
    assert_eq!(json_of(all_off).await["faults"], json!([]));
    assert_eq!((faults.duplicates_left(), faults.message_delay()), (0, Duration::ZERO));
    assert!(faults.clock_skew().is_zero());
}

#[tokio::test]
async fn a_message_is_delivered_twice_when_asked_to() {
    let app = TestApp::new()
        .function("ByQueue", &json!({ "bindings": [{ "type": "queueTrigger", "name": "m", "queueName": "orders" }] }))
        .file("app.json", r#"{"owns":{"queues":["orders"]}}"#)
        .setting("AzureWebJobsStorage", "UseDevelopmentStorage=true")
        .setting("REPLY", "{}")
        .start()
        .await;
    app.host.fault_switches().add(&"messages=duplicate:1".parse().unwrap());
    let page = app.text("/admin/page/queues/orders").await;
    let (_, rest) = page.split_once("name=\"csrf\" value=\"").unwrap();
    let csrf = rest.split_once('"').unwrap().0;
    app.post("/admin/page/actions/message", format!("csrf={csrf}&queue=orders&text=once")).await;
    eventually("it came twice", || async { (app.host.invocations().len() == 2).then_some(()) })
        .await;
    assert!(app.host.fault_switches().list().is_empty());
}

#[tokio::test]
async fn what_is_no_fault_or_no_json_is_refused_with_a_reason() {
    let app = TestApp::new().start().await;
    let refused = switch_on(&app, "cosmos=explode").await;
    assert_eq!(refused.status(), 400);
    assert!(json_of(refused).await["error"].as_str().unwrap().contains("cosmos=throttle:next:5"));
    let plain = app.post("/admin/faults", "{\"fault\":\"queue=stop\"}").await;
    assert_eq!(plain.status(), 415, "a form of another site could send this");
    assert_eq!(app.client.delete(app.url("/admin/faults/9")).send().await.unwrap().status(), 404);
    assert!(app.host.fault_switches().list().is_empty());
}

#[tokio::test]
async fn a_fault_may_be_on_from_the_beginning() {
    let mut app = TestApp::new();
    app.options.faults = vec!["queue=fail:next:1".parse().unwrap()];
    let app = app.start().await;
    let url = format!("{}?comp=list", app.host.queue_url());
    let status = async || app.client.get(&url).send().await.unwrap().status().as_u16();
    assert_eq!(status().await, 500);
    assert_ne!(status().await, 500);
}

/// `iommi fault …` against the host of the test.
async fn command(app: &Running, arguments: &[&str]) -> (bool, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_iommi"));
    command.arg("fault").args(arguments).args(["--url", app.host.url()]).stdin(Stdio::null());
    let output = command.kill_on_drop(true).output().await.unwrap();
    let text = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(text).unwrap())
}

#[tokio::test]
async fn the_command_switches_faults_of_a_running_host() {
    let app = TestApp::new().start().await;
    let (done, text) = command(&app, &["add", "cosmos=fail:chance:0.5", "messages=delay:1s"]).await;
    assert!(
        done && text.contains("cosmos=fail:chance:0.5") && text.contains("messages=delay:1s"),
        "{text}"
    );
    let (_, text) = command(&app, &["clear", "delay"]).await;
    assert!(!text.contains("messages=delay"), "{text}");
    let (_, text) = command(&app, &["clear"]).await;
    assert_eq!(text, "no fault is on\n");
    assert_eq!(command(&app, &["list"]).await.1, "no fault is on\n");
    let (done, text) = command(&app, &["add", "disk=full"]).await;
    assert!(!done && text.contains("cosmos=throttle:next:5"), "{text}");

    assert_eq!(app.status("/echo").await, 200);
    let pid = app.pids()[0];
    let (done, text) = command(&app, &["kill", "app"]).await;
    assert!(done && text.contains("Killed every process of app."), "{text}");
    eventually("it is gone", || async { (!is_alive(pid)).then_some(()) }).await;
    let (done, text) = command(&app, &["kill", "none"]).await;
    assert!(!done && text.contains("there is no app none"), "{text}");
}
