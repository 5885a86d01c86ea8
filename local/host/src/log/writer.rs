//! A thread that owns standard output, so that no request waits for a slow terminal.

use std::{
    io::Write as _,
    sync::{
        atomic::{AtomicU64, Ordering},
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread,
    time::Duration,
};

/// Lines that may wait for the reader; more are left out and counted.
const WAITING_LINES_MAX: usize = 8_192;

/// The longest a flush may take.
const FLUSH_TIMEOUT: Duration = Duration::from_millis(500);

enum Job {
    Line(String),
    Flushed(SyncSender<()>),
}

#[derive(Debug)]
pub(super) struct Writer {
    jobs: SyncSender<Job>,
    left_out: AtomicU64,
}

impl Writer {
    pub(super) fn start() -> Self {
        let (jobs, received) = sync_channel(WAITING_LINES_MAX);
        // Without the thread lines are left out like those of a full queue: a log is no reason to stop a host.
        let _ = thread::Builder::new().name("log".into()).spawn(move || write_all(&received));
        Self { jobs, left_out: AtomicU64::new(0) }
    }

    pub(super) fn send(&self, line: String) {
        if self.jobs.try_send(Job::Line(line)).is_err() {
            self.left_out.fetch_add(1, Ordering::Relaxed);
            return;
        }
        if self.left_out.load(Ordering::Relaxed) > 0 {
            let count = self.left_out.swap(0, Ordering::Relaxed);
            let note =
                format!("({count} log lines left out: the reader of this output is too slow)");
            if count > 0 && self.jobs.try_send(Job::Line(note)).is_err() {
                self.left_out.fetch_add(count, Ordering::Relaxed);
            }
        }
    }

    pub(super) fn flush(&self) {
        let (done, flushed) = sync_channel(1);
        if self.jobs.try_send(Job::Flushed(done)).is_ok() {
            let _ = flushed.recv_timeout(FLUSH_TIMEOUT);
        }
    }
}

/// Writes until every sender is gone. A closed pipe (`iommi | head`) ends the output, not the host.
fn write_all(jobs: &Receiver<Job>) {
    let mut out = anstream::stdout();
    let mut text = String::new();
    while let Ok(first) = jobs.recv() {
        let mut waiting = Vec::new();
        take(first, &mut text, &mut waiting);
        while let Ok(job) = jobs.try_recv() {
            take(job, &mut text, &mut waiting);
        }
        let _ = out.write_all(text.as_bytes());
        let _ = out.flush();
        text.clear();
        for done in waiting {
            let _ = done.send(());
        }
    }
}

fn take(job: Job, text: &mut String, waiting: &mut Vec<SyncSender<()>>) {
    match job {
        Job::Line(line) => {
            text.push_str(&line);
            text.push('\n');
        }
        Job::Flushed(done) => waiting.push(done),
    }
}
