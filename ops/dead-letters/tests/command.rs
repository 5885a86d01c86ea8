//! The command as whoever is on call types it, against the app on a local host.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use futures::{StreamExt, stream};
use local_host::{AppSource, Executable, Host, Options};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};
use std::{path::PathBuf, process::Stdio};
use tokio::process::Command;

/// Letters in the large test; `IOMMI_LETTERS=5000` for as many as an incident brings.
const LETTERS: usize = 600;

async fn platform() -> Host {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let workspace = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    let app = |name: &str| {
        let executable =
            Executable::Cargo { package: name.to_owned(), workspace: workspace.clone() };
        AppSource::of_workspace(&workspace, name, executable)
    };
    let apps = vec![app("profiles"), app("legacy")];
    local_host::start(Options { apps, ..Options::for_tests() }).await.unwrap()
}

/// Runs the command: its exit code, and what it printed to standard output and standard error.
async fn run(host: &Host, arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dead-letters"));
    command.arg("--url").arg(host.url()).args(arguments).stdin(Stdio::null());
    let output = command.output().await.unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

async fn json_of(host: &Host, arguments: &[&str]) -> Value {
    let (code, out, err) = run(host, &[arguments, &["--json"]].concat()).await;
    assert_eq!(code, 0, "{err}");
    serde_json::from_str(&out).unwrap()
}

/// Refused events, as the app keeps them.
async fn keep_letters(host: &Host, count: usize) {
    let client = reqwest::Client::new();
    let letter = |number: usize| {
        let (id, profile) =
            (format!("{number:032x}"), format!("01980c6e-7777-7000-8000-{number:012}"));
        let event = json!({
            "specversion": "1.0", "id": format!("{profile}-1"), "source": "/legacy",
            "type": "com.iommi.legacy.profile-changed.v1", "subject": profile, "time": "2026-03-01T08:00:00Z",
            "datacontenttype": "application/json", "revision": 1, "data": {"id": profile, "revision": 1},
        });
        let at = "2026-03-01T08:00:00.000Z";
        json!({
            "id": id, "reason": "refused", "function": "apply_acknowledgement", "queue": null, "detail": "a name is too long",
            "subject": profile, "fields": {"code": "MF-1043", "revision": 1}, "form": "json", "traceId": null, "message": event.to_string(), "cut": false, "edited": false, "attempts": 1, "firstAt": at,
            "lastAt": at, "state": "open", "version": 1, "actions": [], "lastReport": "a", "sortKey": format!("{at} {id}"),
        })
    };
    let url = format!("{}dbs/legacy/colls/dead-letters/docs", host.cosmos_url());
    let writes = stream::iter(0..count).map(|number| {
        let document = letter(number);
        let partition = format!("[{}]", document["id"]);
        let request = client.post(&url).header("x-ms-version", "2020-07-15");
        request.header("x-ms-documentdb-partitionkey", partition).body(document.to_string()).send()
    });
    let mut written = writes.buffer_unordered(16);
    while let Some(answer) = written.next().await {
        assert_eq!(answer.unwrap().status(), 201);
    }
}

#[tokio::test]
async fn thousands_are_driven_in_one_command_and_again_is_harmless() {
    let letters =
        std::env::var("IOMMI_LETTERS").ok().and_then(|text| text.parse().ok()).unwrap_or(LETTERS);
    let host = platform().await;
    keep_letters(&host, letters).await;
    let first =
        json_of(&host, &["redrive", "--all", "--reason", "refused", "--why", "rule lifted"]).await;
    assert_eq!(first, json!({"done": letters, "already": 0, "failed": []}));
    let second = json_of(&host, &["redrive", "--all", "--reason", "refused"]).await;
    assert_eq!(second, json!({"done": 0, "already": 0, "failed": []}));
    let status = json_of(&host, &["status"]).await;
    assert_eq!(status["openDeadLetters"]["count"], 0);
    assert!(status["outboxLength"].as_u64() >= Some(letters as u64));
    host.stop().await;
}

#[tokio::test]
async fn one_letter_is_shown_edited_and_discarded() {
    let host = platform().await;
    keep_letters(&host, 3).await;
    let (code, list, _) = run(&host, &["list"]).await;
    assert_eq!((code, list.lines().count()), (0, 3));
    let id = format!("{:032x}", 1);
    let (_, shown, _) = run(&host, &["show", &id]).await;
    assert!(
        shown.contains("MF-1043") && shown.contains("com.iommi.legacy.profile-changed.v1"),
        "{shown}"
    );

    let file = std::env::temp_dir().join(format!("dead-letter-{}.json", std::process::id()));
    std::fs::write(&file, "no event").unwrap();
    let edited = json_of(&host, &["edit", &id, "--file", file.to_str().unwrap()]).await;
    std::fs::remove_file(&file).unwrap();
    assert_eq!((&edited["message"], &edited["edited"]), (&json!("no event"), &json!(true)));
    let (code, out, err) = run(&host, &["redrive", &id, "--json"]).await;
    assert_eq!(
        (code, serde_json::from_str::<Value>(&out).unwrap()["done"].as_u64()),
        (1, Some(0)),
        "{err}"
    );
    let gone = json_of(&host, &["discard", &id, "--why", "rubbish"]).await;
    assert_eq!(gone["done"], 1);
    assert_eq!(json_of(&host, &["show", &id]).await["state"], "discarded");
    host.stop().await;
}

#[tokio::test]
async fn exit_codes_say_what_went_wrong() {
    let host = platform().await;
    assert_eq!(run(&host, &["show", "none"]).await.0, 3);
    assert_eq!(run(&host, &["redrive"]).await.0, 2);
    assert_eq!(run(&host, &["edit", "x", "--file", "/does/not/exist"]).await.0, 2);
    let resend =
        json_of(&host, &["resend", "--profile", "01980c6e-1111-7000-8000-000000009999"]).await;
    assert_eq!((&resend["state"], &resend["sent"]), (&json!("done"), &json!(0)));
    let url = host.url().to_owned();
    host.stop().await;
    let mut command = Command::new(env!("CARGO_BIN_EXE_dead-letters"));
    assert_eq!(
        command.args(["--url", &url, "status"]).output().await.unwrap().status.code(),
        Some(4)
    );
}
