//! One process of the platform.

use std::fs::OpenOptions;
use std::io::Write;
use std::process::{Child, Command, Stdio};

use serde::{Deserialize, Serialize};

use super::Layout;

/// What makes the test program a part: its [`Role`] as JSON.
pub(super) const ROLE: &str = "IOMMI_PROOF_PART";
/// The test that `proof!` makes.
const ACTOR: &str = "acts_as_a_part_of_the_platform";

/// Which part a process plays.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Role {
    pub(super) part: String,
    pub(super) layout: Layout,
}

/// Ends with SIGKILL when it is dropped: nothing is flushed, nobody is told.
#[derive(Debug)]
pub(super) struct Process(Child);

impl Process {
    pub(super) fn start(part: &str, layout: &Layout) -> Self {
        let log = layout.log(part);
        let log = OpenOptions::new().create(true).append(true).open(log).unwrap();
        let role = Role { part: part.to_owned(), layout: layout.clone() };
        let child = Command::new(std::env::current_exe().unwrap())
            .args([ACTOR, "--exact", "--nocapture"])
            .env(ROLE, serde_json::to_string(&role).unwrap())
            // Errors are everyday here, and each would cost a backtrace.
            .env("RUST_LIB_BACKTRACE", "0")
            // It ends with us, however we end.
            .stdin(Stdio::piped())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap();
        Self(child)
    }

    pub(super) fn has_ended(&mut self) -> bool {
        self.0.try_wait().unwrap().is_some()
    }

    /// Tells it something. It may be gone by now.
    pub(super) fn say(&self, line: &str) {
        if let Some(mut input) = self.0.stdin.as_ref() {
            let _ = writeln!(input, "{line}");
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
