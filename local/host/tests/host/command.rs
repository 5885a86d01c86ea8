//! The `iommi` command as a process.

use std::{
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, ChildStdout, Command, Stdio},
};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

use crate::support::{TestApp, client, eventually, http, is_alive};

/// A started command and its JSON log. Killed when dropped.
pub(crate) struct Iommi {
    child: Child,
    log: BufReader<ChildStdout>,
}

impl Drop for Iommi {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) const FREE_PORTS: [&str; 12] = [
    "--port",
    "0",
    "--cosmos-port",
    "0",
    "--blob-port",
    "0",
    "--queue-port",
    "0",
    "--event-hubs-port",
    "0",
    "--amqp-port",
    "0",
];

pub(crate) fn iommi(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_iommi"));
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

impl Iommi {
    fn start(folder: &Path) -> Self {
        Self::spawn(iommi(
            &[&["start", folder.to_str().unwrap(), "--json"], &FREE_PORTS[..]].concat(),
        ))
    }

    pub(crate) fn spawn(mut command: Command) -> Self {
        let mut child = command.stderr(Stdio::null()).spawn().unwrap();
        let log = BufReader::new(child.stdout.take().unwrap());
        Self { child, log }
    }

    /// Reads the log up to the line that the host listens.
    pub(crate) fn url(&mut self) -> String {
        let lines = self.lines_up_to(|line| line["url"].is_string());
        lines.last().unwrap()["url"].as_str().unwrap().to_owned()
    }

    /// The next lines of the log, the last of them the wanted one.
    fn lines_up_to(&mut self, is_wanted: impl Fn(&Value) -> bool) -> Vec<Value> {
        let mut lines: Vec<Value> = Vec::new();
        while !lines.last().is_some_and(&is_wanted) {
            let mut line = String::new();
            assert_ne!(self.log.read_line(&mut line).unwrap(), 0, "the host ended");
            lines.push(serde_json::from_str(&line).unwrap());
        }
        lines
    }

    fn signal(&self, signal: Signal) {
        let pid = Pid::from_raw(self.child.id().try_into().unwrap()).unwrap();
        kill_process(pid, signal).unwrap();
    }
}

/// The pid of the handler behind a host.
async fn handler_pid(url: &str) -> u32 {
    client().get(format!("{url}/pid")).send().await.unwrap().text().await.unwrap().parse().unwrap()
}

/// Every process that was started by this one, directly or not.
fn descendants(pid: u32) -> Vec<u32> {
    let all = std::fs::read_dir("/proc").unwrap().filter_map(|entry| {
        let child: u32 = entry.ok()?.file_name().to_str()?.parse().ok()?;
        let stat = std::fs::read_to_string(format!("/proc/{child}/stat")).ok()?;
        let parent: u32 = stat.rsplit_once(") ")?.1.split(' ').nth(1)?.parse().ok()?;
        (parent == pid).then_some(child)
    });
    let direct: Vec<u32> = all.collect();
    let indirect: Vec<u32> = direct.iter().flat_map(|child| descendants(*child)).collect();
    [direct, indirect].concat()
}

#[tokio::test]
async fn ctrl_c_and_sigterm_end_everything_and_leave_no_process() {
    for signal in [Signal::INT, Signal::TERM] {
        let app = TestApp::new().written();
        let mut iommi = Iommi::start(app.path());
        let url = iommi.url();
        let handler = handler_pid(&url).await;
        let started = descendants(iommi.child.id());
        assert!(started.contains(&handler), "{started:?}");
        iommi.signal(signal);
        let status = eventually("the host ends", || {
            let ended = iommi.child.try_wait().unwrap();
            async move { ended }
        });
        assert!(status.await.success());
        eventually("no process is left", || async {
            (!started.iter().any(|pid| is_alive(*pid))).then_some(())
        })
        .await;
    }
}

#[tokio::test]
async fn a_host_that_is_killed_takes_its_handlers_with_it() {
    let app = TestApp::new().written();
    let mut iommi = Iommi::start(app.path());
    let handler = handler_pid(&iommi.url()).await;
    let started = descendants(iommi.child.id());
    assert!(started.contains(&handler));
    iommi.signal(Signal::KILL);
    iommi.child.wait().unwrap();
    eventually("no process is left", || async {
        (!started.iter().any(|pid| is_alive(*pid))).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_program_that_starts_the_host_with_keys_is_told_them() {
    let app = TestApp::new().written();
    let arguments = ["start", app.path().to_str().unwrap(), "--json", "--keys"];
    let mut iommi = Iommi::spawn(iommi(&[&arguments, &FREE_PORTS[..]].concat()));
    let started = iommi.lines_up_to(|line| line["message"] == "started").pop().unwrap();
    let status = async |path: &str, key: &str| {
        let url = format!("{}{path}", started["url"].as_str().unwrap());
        let request = client().post(url).header("x-functions-key", started[key].as_str().unwrap());
        request.send().await.unwrap().status().as_u16()
    };
    let restart = "/admin/host/restart";
    assert_eq!(status(restart, "masterKey").await, 200);
    assert_eq!(status(restart, "functionKey").await, 401);
    assert_eq!(status(restart, "systemKey").await, 401);
    let webhook = "/runtime/webhooks/EventGrid?functionName=none";
    assert_eq!(status(webhook, "functionKey").await, 401);
    assert_eq!(status(webhook, "systemKey").await, 404);
}

#[tokio::test]
async fn a_handler_that_fails_on_an_envelope_is_hinted_at_chunks_once() {
    let mut function = http("orders", &[]);
    let queue =
        json!({ "type": "queue", "direction": "out", "name": "out", "queueName": "orders" });
    function["bindings"].as_array_mut().unwrap().push(queue);
    let settings = r#"{"Values": {"REPLY_STATUS": "400", "AzureWebJobsStorage": "UseDevelopmentStorage=true"}}"#;
    let app = TestApp::empty()
        .function("Envelope", &function)
        .file("local.settings.json", settings)
        .written();
    let mut iommi = Iommi::start(app.path());
    let url = iommi.url();
    let mut lines = Vec::new();
    for _ in 0..2 {
        let response = client().get(format!("{url}/orders")).send().await.unwrap();
        assert_eq!(response.status(), 500);
        lines.extend(iommi.lines_up_to(|line| line["function"] == "Envelope"));
        assert_eq!(lines.last().unwrap()["status"], 500);
    }
    let is_hint = |line: &&Value| {
        line["message"].as_str().is_some_and(|message| message.contains("--sized-envelopes"))
    };
    assert_eq!(lines.iter().filter(is_hint).count(), 1, "{lines:?}");
}

#[test]
fn a_command_that_cannot_start_says_why_and_exits_with_1() {
    let folder = tempfile::tempdir().unwrap();
    let output = iommi(&[&["start", folder.path().to_str().unwrap()], &FREE_PORTS[..]].concat())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(text.contains("host.json is missing"), "{text}");
    let output = iommi(&[]).current_dir(folder.path()).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8(output.stderr).unwrap().contains("iommi start PATH"));
}

#[test]
fn help_tells_the_exit_codes_and_a_wrong_option_exits_with_2() {
    let help = String::from_utf8(iommi(&["--help"]).output().unwrap().stdout).unwrap();
    for expected in ["Exit codes:", "start", "--data <DIR>", "--instances <APP=N>"] {
        assert!(help.contains(expected), "{expected} is missing in {help}");
    }
    assert_eq!(iommi(&["--no-such-option"]).output().unwrap().status.code(), Some(2));
}
