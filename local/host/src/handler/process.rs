//! One process, of a handler or a simulator, from its start to its end.

use std::{
    io,
    process::Stdio,
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::{
    process::{Child, Command},
    task::JoinHandle,
};

use super::{
    Guardian, Launch,
    console::{self, LastWords},
    rules::Exit,
};
use crate::log::{Level, Log};

/// How long the console of an ended process is read to its end.
const CONSOLE_TIMEOUT: Duration = Duration::from_millis(500);

/// How long a killed process may take to be gone (host `WorkerProcess.Dispose`).
const KILL_TIMEOUT: Duration = Duration::from_secs(1);

pub(crate) struct Process {
    child: Child,
    pid: u32,
    started: Instant,
    guardian: Arc<Guardian>,
    crash_lines: Arc<console::CrashLines>,
    console: [JoinHandle<()>; 2],
}

/// How a process ended.
pub(crate) struct Ended {
    pub(crate) exit: Exit,
    pub(crate) after: Duration,
}

impl Process {
    pub(crate) fn start(
        launch: &Launch,
        app: &str,
        stderr_is_for_errors: bool,
        guardian: Arc<Guardian>,
        log: &Log,
    ) -> io::Result<Self> {
        let mut child = Command::new(&launch.program)
            .args(&launch.arguments)
            .current_dir(&launch.directory)
            .envs(launch.environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0)
            .kill_on_drop(true)
            .spawn()?;
        let pid = child.id().expect("a child that was not waited for has a pid");
        guardian.add(pid);
        let crash_lines = Arc::new(console::CrashLines::default());
        let console = read_console(&mut child, app, stderr_is_for_errors, &crash_lines, log);
        Ok(Self { child, pid, started: Instant::now(), guardian, crash_lines, console })
    }

    pub(crate) fn pid(&self) -> u32 {
        self.pid
    }

    /// Waits for the process's end. Safe to cancel and call again.
    pub(crate) async fn ended(&mut self) -> Ended {
        let exit = match self.child.wait().await {
            Ok(status) => Exit::from(status),
            // Waiting fails only if somebody else has reaped the child: it is gone, and not by its own will.
            Err(_) => Exit::Signal(0),
        };
        Ended { exit, after: self.started.elapsed() }
    }

    /// The last error lines of a process that has ended. Whatever it has started and left behind is killed.
    pub(super) async fn last_words(&mut self) -> LastWords {
        self.guardian.kill(self.pid);
        for reader in &mut self.console {
            if !reader.is_finished() {
                let _ = tokio::time::timeout(CONSOLE_TIMEOUT, reader).await;
            }
        }
        self.crash_lines.last_words()
    }

    /// SIGKILL to the process and all it started, as the real host ends its handler; waits until it is gone.
    pub(crate) async fn kill(&mut self) {
        self.guardian.kill(self.pid);
        let _ = tokio::time::timeout(KILL_TIMEOUT, self.child.wait()).await;
    }

    /// SIGKILL without a word to the supervisor, as an accident would do it.
    pub(crate) fn crash(&mut self) {
        // It may just have ended by itself.
        let _ = self.child.start_kill();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.guardian.kill(self.pid);
    }
}

fn read_console(
    child: &mut Child,
    app: &str,
    stderr_is_for_errors: bool,
    crash_lines: &Arc<console::CrashLines>,
    log: &Log,
) -> [JoinHandle<()>; 2] {
    let stdout = child.stdout.take().expect("standard output was asked to be a pipe");
    let stderr = child.stderr.take().expect("standard error was asked to be a pipe");
    let (out_log, out_app) = (log.clone(), app.to_owned());
    let out = tokio::spawn(async move {
        console::follow(stdout, |line| {
            if let Some(line) = console::shown(line) {
                out_log.console(Level::Info, &out_app, line);
            }
        })
        .await;
    });
    let (err_log, err_app, crash_lines) = (log.clone(), app.to_owned(), Arc::clone(crash_lines));
    let err = tokio::spawn(async move {
        console::follow(stderr, |line| {
            let Some(line) = console::shown(line) else { return };
            let level = console::stderr_level(line, stderr_is_for_errors);
            if level == Level::Error {
                crash_lines.add(line);
            }
            err_log.console(level, &err_app, line);
        })
        .await;
    });
    [out, err]
}
