//! Why a host does not start: the message says what to do.

use local_host::{Options, StartError};
use serde_json::json;
use tokio::net::TcpListener;

use crate::support::TestApp;

async fn refusal(app: TestApp) -> String {
    match app.try_start().await {
        Err(error) => error.to_string(),
        Ok(_) => panic!("started"),
    }
}

#[tokio::test]
async fn a_port_that_is_taken_is_named_with_the_way_out() {
    let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = taken.local_addr().unwrap().port();
    let mut app = TestApp::new();
    app.options.http_port = port;
    let text = refusal(app).await;
    assert!(text.contains(&format!("port {port}")) && text.contains("--port"), "{text}");
    let mut app = TestApp::new();
    app.options.otlp_port = port;
    let text = refusal(app).await;
    assert!(text.contains(&format!("port {port}")) && text.contains("--otlp-port"), "{text}");
    for option in ["--cosmos-port", "--blob-port", "--queue-port", "--event-hubs-port"] {
        let mut app = TestApp::new();
        let data = &mut app.options.data;
        match option {
            "--cosmos-port" => data.cosmos = port,
            "--blob-port" => data.blob = port,
            "--queue-port" => data.queue = port,
            _ => data.event_hubs = port,
        }
        let text = refusal(app).await;
        assert!(text.contains(&format!("port {port}")) && text.contains(option), "{text}");
    }
}

#[tokio::test]
async fn a_host_json_without_a_program_names_the_key() {
    let text = refusal(TestApp::new().host("customHandler.description", json!({}))).await;
    assert!(text.contains("customHandler.description.defaultExecutablePath is missing"), "{text}");
}

#[tokio::test]
async fn an_app_without_functions_and_one_without_host_json_say_so() {
    let text = refusal(TestApp::empty()).await;
    assert!(text.contains("no functions found"), "{text}");
    let folder = tempfile::tempdir().unwrap();
    let source = local_host::AppSource::new("a", folder.path(), local_host::Executable::HostJson);
    let started = local_host::start(Options { apps: vec![source], ..Options::for_tests() }).await;
    assert!(
        matches!(&started, Err(error @ StartError::Discovery(_)) if error.to_string().contains("host.json is missing"))
    );
}
