//! Handler processes: started on first use, restarted by the host's rules, stopped when idle.

use std::time::Duration;

use local_host::Outcome;
use serde_json::{Value, json};

use crate::support::{TestApp, eventually, is_alive};

#[tokio::test]
async fn a_handler_starts_with_the_first_request_and_has_its_five_variables() {
    let app = TestApp::new().setting("GREETING", "hello").start().await;
    assert!(app.pids().is_empty());
    let pid: u32 = app.text("/pid").await.parse().unwrap();
    assert_eq!(app.pids(), [pid]);
    let port = app.text("/env/FUNCTIONS_CUSTOMHANDLER_PORT").await;
    assert!(port.parse::<u16>().is_ok());
    assert_eq!(app.text("/env/FUNCTIONS_HTTPWORKER_PORT").await, port);
    let worker = app.text("/env/FUNCTIONS_CUSTOMHANDLER_WORKER_ID").await;
    assert!(!worker.is_empty());
    assert_eq!(app.text("/env/FUNCTIONS_HTTPWORKER_ID").await, worker);
    assert!(!app.text("/env/FUNCTIONS_APP_ROOT_PATH").await.is_empty());
    assert_eq!(app.text("/env/GREETING").await, "hello");
}

#[tokio::test]
async fn a_handler_is_told_where_the_files_of_its_package_are() {
    let app = TestApp::new()
        .file("app.json", r#"{"files": {"fonts": "letters"}}"#)
        .file("letters/latin.ttf", "a font")
        .start()
        .await;
    let folder = app.text("/env/FILES__fonts").await;
    let font = std::path::Path::new(&folder).join("latin.ttf");
    assert_eq!(std::fs::read_to_string(&font).unwrap(), "a font", "{folder}");
}

#[tokio::test]
async fn an_idle_handler_falls_asleep_and_the_next_request_wakes_it() {
    let app = TestApp::new().idle(Duration::from_millis(200)).start().await;
    let first: u32 = app.text("/pid").await.parse().unwrap();
    eventually("the handler is stopped", || async {
        (app.pids().is_empty() && !is_alive(first)).then_some(())
    })
    .await;
    let second: u32 = app.text("/pid").await.parse().unwrap();
    assert_ne!(first, second);
}

#[tokio::test]
async fn a_request_that_takes_longer_than_the_idle_time_is_not_cut() {
    let app = TestApp::new().idle(Duration::from_millis(50)).start().await;
    assert_eq!(app.text("/wait/500").await, "waited");
}

#[tokio::test]
async fn a_respawned_handler_keeps_its_port() {
    let app = TestApp::new().start().await;
    let port = app.text("/env/FUNCTIONS_CUSTOMHANDLER_PORT").await;
    app.host.kill_handler("app").await;
    assert_eq!(app.text("/env/FUNCTIONS_CUSTOMHANDLER_PORT").await, port);
}

#[tokio::test]
async fn three_crashes_stop_the_app_and_every_request_says_so_until_a_restart() {
    let app = TestApp::new().start().await;
    for _ in 0..3 {
        assert_eq!(app.post("/exit/1", "a body").await.status(), 500);
    }
    let response = eventually("the app is stopped", || async {
        let response = app.get("/echo").await;
        (response.status() == 503).then_some(response)
    });
    let text = response.await.text().await.unwrap();
    assert!(
        text.contains("exited with code 1") && text.contains("POST /admin/host/restart"),
        "{text}"
    );
    assert_eq!(app.post("/admin/host/restart", "").await.status(), 200);
    assert_eq!(app.status("/echo").await, 200);
}

#[tokio::test]
async fn an_app_that_is_replaced_after_three_crashes_goes_on_for_ever() {
    let mut app = TestApp::new();
    app.options.replace_crashed = true;
    let app = app.start().await;
    for crash in 1..=7 {
        assert_eq!(app.post("/exit/1", "a body").await.status(), 500, "crash {crash}");
    }
    // A request during the replacement waits, as for a cold start.
    assert_eq!(app.status("/echo").await, 200);
}

#[tokio::test]
async fn the_crash_message_is_the_last_three_error_lines() {
    let app = TestApp::new().setting("HANDLER", "exit 3").start().await;
    let text = app.text("/echo").await;
    assert!(text.contains("exited with code 3"), "{text}");
    assert!(text.contains("second\nthird\nlast words"), "{text}");
    assert!(!text.contains("first") && !text.contains("WARN"), "{text}");
}

#[tokio::test]
async fn a_handler_that_asks_for_it_is_restarted_without_end() {
    let app = TestApp::new().start().await;
    let mut pids = std::collections::BTreeSet::new();
    for _ in 0..5 {
        assert_eq!(app.post("/exit/200", "a body").await.status(), 500);
        pids.insert(app.text("/pid").await);
    }
    assert_eq!(pids.len(), 5);
}

#[tokio::test]
async fn a_handler_that_leaves_with_code_0_is_not_replaced_and_calls_fail() {
    let app = TestApp::new().start().await;
    assert_eq!(app.status("/exit/0").await, 500);
    eventually("the process is gone", || async { app.pids().is_empty().then_some(()) }).await;
    assert_eq!(app.status("/echo").await, 500);
    assert!(app.pids().is_empty());
    app.post("/admin/host/restart", "").await;
    assert_eq!(app.status("/echo").await, 200);
}

#[tokio::test]
async fn a_handler_that_never_listens_is_killed_and_stops_the_app_with_the_third_try() {
    let app = TestApp::new()
        .setting("HANDLER", "never-ready")
        .host("customHandler.initializationTimeout", json!("00:00:00.3"))
        .start()
        .await;
    let response = app.get("/echo").await;
    assert_eq!(response.status(), 503);
    let text = response.text().await.unwrap();
    assert!(
        text.contains("did not listen on 127.0.0.1")
            && text.contains("FUNCTIONS_CUSTOMHANDLER_PORT")
            && text.contains("`localhost` may be ::1"),
        "{text}"
    );
}

#[tokio::test]
async fn a_stopped_app_gives_triggers_one_line_and_says_so_in_the_status() {
    let by_queue =
        json!({ "bindings": [{ "type": "queueTrigger", "name": "m", "queueName": "q" }] });
    let app = TestApp::new()
        .function("ByQueue", &by_queue)
        .setting("AzureWebJobsStorage", "UseDevelopmentStorage=true")
        .setting("HANDLER", "exit 3")
        .start()
        .await;
    assert_eq!(app.status("/echo").await, 503);
    for _ in 0..3 {
        let run = app.post("/admin/functions/ByQueue", r#"{"input": "x"}"#).await;
        assert_eq!(run.status(), 202);
    }
    let records = eventually("all are recorded", || async {
        let mut records = app.host.invocations();
        records.retain(|record| record.function == "ByQueue");
        (records.len() == 3).then_some(records)
    });
    for record in records.await {
        let Outcome::Failed(reason) = record.outcome else { panic!("{:?}", record.outcome) };
        assert!(reason.contains("stopped") && reason.contains("exited with code 3"), "{reason}");
        assert_eq!(reason.lines().count(), 1, "{reason}");
    }
    let status: Value = serde_json::from_str(&app.text("/admin/host/status").await).unwrap();
    assert_eq!(status["state"], "Error");
    let why = status["errors"][0].as_str().unwrap();
    assert!(why.starts_with("app: ") && why.contains("last words"), "{why}");
}

#[tokio::test]
async fn garbage_instead_of_http_counts_as_ready() {
    let app = TestApp::new().setting("HANDLER", "garbage-first").start().await;
    assert_eq!(
        app.status("/echo").await,
        200,
        "the first attempt finds the real server or is tried again"
    );
}

#[tokio::test]
async fn a_program_that_does_not_exist_is_named() {
    let app = TestApp::new()
        .host("customHandler.description.defaultExecutablePath", json!("no-such-program"))
        .start();
    let app = app.await;
    let response = app.get("/echo").await;
    assert_eq!(response.status(), 503);
    let text = response.text().await.unwrap();
    assert!(text.contains("starting no-such-program") && text.contains("host.json"), "{text}");
}

#[tokio::test]
async fn several_instances_take_requests_in_turn() {
    let app = TestApp::new().instances(3).start().await;
    let mut pids = Vec::new();
    for _ in 0..6 {
        pids.push(app.text("/pid").await);
    }
    assert_eq!(pids[..3], pids[3..]);
    pids.sort();
    pids.dedup();
    assert_eq!(pids.len(), 3);
}

#[tokio::test]
async fn neither_stopping_nor_dropping_a_host_leaves_a_process() {
    for drops in [false, true] {
        let app = TestApp::new().instances(2).start().await;
        let pids: Vec<u32> =
            vec![app.text("/pid").await.parse().unwrap(), app.text("/pid").await.parse().unwrap()];
        assert!(pids.iter().all(|pid| is_alive(*pid)));
        if drops {
            drop(app.host)
        } else {
            app.host.stop().await
        }
        eventually("the processes are gone", || async {
            (!pids.iter().any(|pid| is_alive(*pid))).then_some(())
        })
        .await;
    }
}

#[tokio::test]
async fn storage_without_a_key_wins_over_an_identity_and_the_host_does_not_start() {
    let no_key =
        "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=;EndpointSuffix=core.windows.net";
    let app = TestApp::new()
        .setting("AzureWebJobsStorage", no_key)
        .setting("AzureWebJobsStorage__accountName", "a");
    let error = app.try_start().await.err().unwrap().to_string();
    assert!(error.contains("remove AzureWebJobsStorage"), "{error}");
    TestApp::new().setting("AzureWebJobsStorage__accountName", "a").start().await;
}
