//! No handler outlives the host, not even one that is killed with `kill -9`.
//!
//! Each handler leads a process group of its own. A shell beside the host (one per host, about 1 MB) knows the groups
//! and reads from a pipe that only the host holds open; when the host is gone, for whatever reason, the pipe ends and
//! the shell kills the groups, grandchildren included. A parent-death signal would need unsafe code in the child and
//! would miss grandchildren, such as the server behind `npm start`.

use std::{
    collections::BTreeSet,
    io::Write as _,
    os::unix::process::CommandExt as _,
    process::{Child, ChildStdin, Command, Stdio},
    sync::{Mutex, PoisonError},
};

use rustix::process::{Pid, Signal, kill_process_group};

use crate::log::{HOST, Log};

/// `+ 123` and `- 123` add and remove a group; the end of input kills those that are left.
const SCRIPT: &str = r#"
trap '' HUP INT TERM
groups=
while read -r sign group; do
    rest=
    for known in $groups; do [ "$known" = "$group" ] || rest="$rest $known"; done
    groups=$rest
    [ "$sign" = + ] && groups="$groups $group"
done
for group in $groups; do kill -s KILL -- "-$group" 2>/dev/null; done
"#;

/// Knows the process groups of all handlers of a host.
#[derive(Debug)]
pub(crate) struct Guardian {
    log: Log,
    state: Mutex<Watched>,
}

#[derive(Debug, Default)]
struct Watched {
    groups: BTreeSet<u32>,
    watcher: Option<Watcher>,
    tried: bool,
}

#[derive(Debug)]
struct Watcher {
    shell: Child,
    orders: ChildStdin,
}

impl Guardian {
    pub(crate) fn new(log: Log) -> Self {
        Self { log, state: Mutex::default() }
    }

    /// Takes a process group into care; the shell is started for the first one.
    pub(super) fn add(&self, group: u32) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.groups.insert(group);
        if !state.tried {
            state.tried = true;
            state.watcher = start().inspect_err(|error| self.warn(error)).ok();
        }
        state.tell('+', group);
    }

    /// Kills what is left of a group and forgets it. Called when its leader has ended or shall end.
    pub(super) fn kill(&self, group: u32) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.groups.remove(&group) {
            kill(group);
            state.tell('-', group);
        }
    }

    /// Kills everything that is left.
    pub(crate) fn kill_all(&self) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        while let Some(group) = state.groups.pop_first() {
            kill(group);
            state.tell('-', group);
        }
    }

    fn warn(&self, error: &std::io::Error) {
        let message = format!(
            "starting sh to watch over the handlers: {error}; if this host is killed, they stay"
        );
        self.log.warn(HOST, message);
    }
}

impl Watched {
    fn tell(&mut self, sign: char, group: u32) {
        if let Some(watcher) = &mut self.watcher {
            // If the shell is gone, somebody killed it on purpose; the host works without it.
            let _ = writeln!(watcher.orders, "{sign} {group}");
        }
    }
}

impl Drop for Guardian {
    fn drop(&mut self) {
        let state = self.state.get_mut().unwrap_or_else(PoisonError::into_inner);
        state.groups.iter().copied().for_each(kill);
        if let Some(Watcher { mut shell, orders }) = state.watcher.take() {
            drop(orders);
            let _ = shell.wait();
        }
    }
}

fn start() -> std::io::Result<Watcher> {
    let mut shell = Command::new("/bin/sh")
        .args(["-c", SCRIPT])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        // Ctrl-C in a terminal goes to a whole group; this one must survive it.
        .process_group(0)
        .spawn()?;
    let orders = shell.stdin.take().expect("standard input was asked to be a pipe");
    Ok(Watcher { shell, orders })
}

fn kill(group: u32) {
    if let Some(pid) = i32::try_from(group).ok().and_then(Pid::from_raw) {
        // The group may have ended by itself.
        let _ = kill_process_group(pid, Signal::KILL);
    }
}
