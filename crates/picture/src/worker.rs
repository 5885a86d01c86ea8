//! The decoding process: one picture from standard input to standard output, then the end.

use crate::refusal::Code;
use crate::{Limits, make, wire};
use rustix::process::{Resource, Rlimit, setrlimit};
use std::ffi::OsStr;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The one argument of a decoding process.
pub(crate) const ARGUMENT: &str = "--decode-one-picture";

/// Holds the limits as JSON. With the argument alone nothing happens: nobody gets here by a mistyped
/// command line.
pub(crate) const MARKER: &str = "PICTURE_DECODER";

/// Address space beyond the pictures' memory: program text, stacks, what the system maps.
const ADDRESS_SPACE_FOR_THE_PROGRAM_BYTES: u64 = 128 << 20;

/// The soft limit of processor time ends the process by SIGXCPU, which says why. At the hard one it is SIGKILL, as when the
/// system is short of memory (`setrlimit(2)`): so the hard one comes later.
const CPU_SECONDS_UNTIL_KILLED: u64 = 5;

/// Standard input, output and error.
const OPEN_FILES: u64 = 3;

/// Does the work and ends the process if this process was started as a decoding process; else returns.
///
/// Call it before anything else in `main`: before settings, threads and network.
pub fn run_if_asked() {
    let asked = std::env::args_os().nth(1).is_some_and(|argument| argument == OsStr::new(ARGUMENT));
    let Some(limits) = asked.then(|| std::env::var(MARKER).ok()).flatten() else { return };
    let Ok(limits) = serde_json::from_str(&limits) else { return };
    let done = run(&limits);
    std::process::exit(if done.is_ok() { 0 } else { EXIT_NOTHING_DONE });
}

/// The process could not confine itself, or was not sent a whole picture: its parent tries again.
const EXIT_NOTHING_DONE: i32 = 71;

fn run(limits: &Limits) -> io::Result<()> {
    confine(limits)?;
    let (job, picture) = wire::read_job(io::stdin().lock(), limits)?;
    // A panic says what the decoder was at, on a standard error that nobody reads; the code is for all.
    let outcome = catch_unwind(AssertUnwindSafe(|| make::all(job.format, picture, limits)));
    let outcome =
        outcome.unwrap_or_else(|_| Err(Code::Corrupt.because("the decoder gave up on it")));
    wire::write_answer(io::stdout().lock(), &outcome)
}

/// Limits that this process cannot lift again. Memory: an allocation that fails ends the process.
fn confine(limits: &Limits) -> io::Result<()> {
    let address_space = limits.max_memory_bytes + ADDRESS_SPACE_FOR_THE_PROGRAM_BYTES;
    let all = [
        (Resource::Core, 0),
        (Resource::Fsize, 0),
        (Resource::Nofile, OPEN_FILES),
        (Resource::Data, limits.max_memory_bytes),
        (Resource::As, address_space),
    ];
    for (resource, most) in all {
        setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) })?;
    }
    let seconds = limits.cpu_time.as_secs();
    let most = Some(seconds + CPU_SECONDS_UNTIL_KILLED);
    Ok(setrlimit(Resource::Cpu, Rlimit { current: Some(seconds), maximum: most })?)
}
