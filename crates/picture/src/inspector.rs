//! The side of the program: starts the decoding process, feeds it, waits for it, and judges how it ended.

use crate::refusal::Code;
use crate::wire::{self, Job, MAX_ANSWER_BYTES};
use crate::{Failed, Format, Inspected, Limits, Refusal, worker};
use bytes::Bytes;
use rustix::process::Signal;
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, Command};
use tokio::sync::Semaphore;
use tokio::time::timeout;

/// Decoding processes at a time: one fills a core, and the memory that a handler may have.
static PLACES: Semaphore = Semaphore::const_new(1);

/// How long a picture waits for a place.
const MAX_WAIT: Duration = Duration::from_secs(60);

/// What runs here, also when its file was replaced meanwhile (Linux, `proc_pid_exe(5)`).
const THIS_PROGRAM: &str = "/proc/self/exe";

/// Checks a picture and makes new ones of it, in a decoding process that is this program started again.
///
/// `declared_type` is what the sender calls it, such as `image/jpeg`. One picture is worked on at a
/// time; others wait up to a minute.
///
/// # Errors
///
/// [`Failed::Refused`] for whatever is the file's fault; [`Failed::Broken`] and [`Failed::Stopped`] for whatever is not.
pub async fn inspect(
    bytes: Bytes,
    declared_type: &str,
    limits: &Limits,
) -> Result<Inspected, Failed> {
    Inspector::with_program(THIS_PROGRAM).inspect(bytes, declared_type, limits).await
}

/// [`inspect`] with the decoding process of another program: tests, whose own `main` is not theirs.
#[derive(Clone, Debug)]
pub struct Inspector {
    program: PathBuf,
}

impl Inspector {
    /// Starts `program`, which must call [`worker::run_if_asked`] first in its `main`.
    pub fn with_program(program: impl Into<PathBuf>) -> Self {
        Self { program: program.into() }
    }

    /// As [`inspect`].
    ///
    /// # Errors
    ///
    /// As [`inspect`].
    pub async fn inspect(
        &self,
        bytes: Bytes,
        declared_type: &str,
        limits: &Limits,
    ) -> Result<Inspected, Failed> {
        if bytes.len() > limits.max_bytes {
            let detail = format!("{} bytes, where {} are allowed", bytes.len(), limits.max_bytes);
            return Err(Failed::Refused(Code::TooManyBytes.because(detail)));
        }
        let format = Format::of(&bytes).map_err(Failed::Refused)?;
        format.must_be(declared_type).map_err(Failed::Refused)?;
        let place = timeout(MAX_WAIT, PLACES.acquire()).await;
        let _place = place
            .map_err(|_| Failed::Broken(format!("no decoding process was free in {MAX_WAIT:?}")))?
            .map_err(|error| Failed::Broken(error.to_string()))?;
        let mut child = self
            .start(limits)
            .map_err(|error| Failed::Broken(format!("starting the process: {error}")))?;
        let ended = timeout(limits.deadline, converse(&mut child, bytes, format)).await;
        let Ok(ended) = ended else {
            let _ = child.kill().await;
            return Err(Failed::Stopped(format!("not done in {:?}", limits.deadline)));
        };
        let (answer, status) =
            ended.map_err(|error| Failed::Broken(format!("talking to the process: {error}")))?;
        match wire::answer(answer, format) {
            Some(answer) if status.success() => answer.map_err(Failed::Refused),
            _ => Err(judge(status, limits)),
        }
    }

    /// No environment, no arguments but ours, no standard error: what a decoder prints is not for logs.
    fn start(&self, limits: &Limits) -> std::io::Result<Child> {
        let limits = serde_json::to_string(limits)?;
        Command::new(&self.program)
            .arg(worker::ARGUMENT)
            .env_clear()
            .env(worker::MARKER, limits)
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
    }
}

/// Sends the picture, then reads until the process has ended.
async fn converse(
    child: &mut Child,
    bytes: Bytes,
    format: Format,
) -> std::io::Result<(Bytes, ExitStatus)> {
    let mut stdin = child.stdin.take().expect("piped above");
    let stdout = child.stdout.take().expect("piped above");
    let header = wire::job(&Job { format, picture_bytes: bytes.len() });
    // A process that ended early leaves a broken pipe; how it ended says more than that.
    let _ = async {
        stdin.write_all(&header).await?;
        stdin.write_all(&bytes).await?;
        stdin.shutdown().await
    }
    .await;
    drop((stdin, bytes));
    let mut answer = Vec::new();
    stdout.take(MAX_ANSWER_BYTES as u64 + 1).read_to_end(&mut answer).await?;
    Ok((answer.into(), child.wait().await?))
}

/// Why a process ended without an answer. Its own limits are the file's fault, and so is what it does to itself: an
/// allocation that fails aborts it, a stack that overflows crashes it. Any other signal came from outside.
fn judge(status: ExitStatus, limits: &Limits) -> Failed {
    match status.signal().and_then(Signal::from_named_raw) {
        Some(Signal::XCPU) => {
            let seconds = limits.cpu_time.as_secs();
            refused(Code::TooMuchWork, &format!("decoding it takes more than {seconds} s"))
        }
        Some(Signal::ABORT) => {
            refused(Code::TooMuchWork, "decoding it takes more memory than is allowed")
        }
        Some(Signal::ILL | Signal::SEGV | Signal::FPE) => {
            refused(Code::Corrupt, "decoding it ends in a crash")
        }
        Some(_) => Failed::Stopped(format!("the process was ended from outside: {status}")),
        None => Failed::Broken(format!("the process ended without an answer: {status}")),
    }
}

fn refused(code: Code, detail: &str) -> Failed {
    let refusal: Refusal = code.because(detail);
    Failed::Refused(refusal)
}
