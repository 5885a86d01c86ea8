//! The example, started as the Functions host starts a handler.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

/// Longest wait for the handler; a test that reaches it has failed.
const DEADLINE: Duration = Duration::from_secs(20);
/// Ports that are tried before a test gives up.
const MAX_STARTS: usize = 5;

/// The example, which `cargo test` builds beside the tests.
fn bakery() -> Command {
    let tests = std::env::current_exe().unwrap();
    let built: PathBuf = tests.ancestors().nth(2).unwrap().join("examples").join("bakery");
    assert!(
        built.exists(),
        "build the example first: cargo build -p custom-handler --example bakery"
    );
    let mut command = Command::new(built);
    command.env_clear().stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

pub(crate) fn refused(settings: &[(&str, &str)]) -> (Output, String) {
    let output = bakery().envs(settings.iter().copied()).output().unwrap();
    let text = String::from_utf8(output.stderr.clone()).unwrap();
    assert_eq!(output.status.code(), Some(1), "{text}");
    (output, text)
}

/// What it says when it is started with arguments that it does not take.
pub(crate) fn refused_with(arguments: &[&str]) -> String {
    let output = bakery().args(arguments).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    String::from_utf8(output.stderr).unwrap()
}

/// What it prints for `--describe`, started with nothing set.
pub(crate) fn described() -> String {
    let output = bakery().arg("--describe").output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!((output.status.code(), errors.as_ref()), (Some(0), ""));
    String::from_utf8(output.stdout).unwrap()
}

pub(crate) struct Running {
    child: Child,
    port: u16,
}

impl Running {
    /// Starts the example on a free port; on another one when somebody was quicker to take it.
    pub(crate) fn start(settings: &[(&str, &str)]) -> Self {
        (0..MAX_STARTS).find_map(|_| Self::try_start(settings)).expect("no port was free")
    }

    fn try_start(settings: &[(&str, &str)]) -> Option<Self> {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut command = bakery();
        command.env("FUNCTIONS_CUSTOMHANDLER_PORT", port.to_string()).env("BAKERY_MOTTO", "warm");
        let child = command.envs(settings.iter().copied()).spawn().unwrap();
        let mut running = Self { child, port };
        let started = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(started.elapsed() < DEADLINE, "the handler does not listen");
            if running.child.try_wait().unwrap().is_some() {
                return None;
            }
            std::thread::yield_now();
        }
        Some(running)
    }

    pub(crate) fn request(&self, head: &str, body: &str) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(DEADLINE)).unwrap();
        let length = body.len();
        write!(
            stream,
            "{head}\r\nHost: h\r\nConnection: close\r\nX-Azure-Functions-InvocationId: 6b1c2c5e-6f0e-4a53-9d0e-0f2a6f1f9a11\r\n\
             Content-Length: {length}\r\n\r\n{body}"
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    /// Kills the handler, as the host does, and gives what it wrote: log lines and standard error.
    pub(crate) fn kill(mut self) -> (Vec<Value>, String) {
        self.child.kill().unwrap();
        let lines = BufReader::new(self.child.stdout.take().unwrap()).lines();
        let lines = lines.map(|line| serde_json::from_str(&line.unwrap()).unwrap()).collect();
        let mut errors = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut errors).unwrap();
        (lines, errors)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
