//! What the host does when a handler ends (host `HttpFunctionInvocationDispatcher.cs`).

use std::{fmt, process::ExitStatus, time::Duration};

use tokio::time::Instant;

/// The error with this number stops the host.
pub(crate) const ERRORS_MAX: u32 = 3;

/// An error later than this after the one before starts the count anew.
const ERROR_MEMORY: Duration = Duration::from_secs(30 * 60);

/// The exit code by which a handler asks to be started again.
const RESTART_CODE: i32 = 200;

/// How a process ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    Code(i32),
    Signal(i32),
}

impl From<ExitStatus> for Exit {
    fn from(status: ExitStatus) -> Self {
        use std::os::unix::process::ExitStatusExt as _;
        match (status.code(), status.signal()) {
            (Some(code), _) => Self::Code(code),
            (None, signal) => Self::Signal(signal.unwrap_or_default()),
        }
    }
}

impl fmt::Display for Exit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Code(code) => write!(f, "exited with code {code}"),
            Self::Signal(9) => f.write_str("was killed (signal 9)"),
            Self::Signal(signal) => write!(f, "was ended by signal {signal}"),
        }
    }
}

/// What follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Nothing is started; the host goes on believing that the handler is there.
    StayGone,
    /// Another process at once; how many errors there have been.
    Respawn { errors: u32 },
    /// Too many errors: the host stops.
    Stop,
}

/// Counts errors.
#[derive(Debug, Default)]
pub(crate) struct RestartRules {
    errors: u32,
    last: Option<Instant>,
}

impl RestartRules {
    pub(crate) fn ended(&mut self, exit: Exit, now: Instant) -> Verdict {
        match exit {
            Exit::Code(0) => Verdict::StayGone,
            Exit::Code(RESTART_CODE) => Verdict::Respawn { errors: self.errors },
            _ => self.error(now),
        }
    }

    /// A crash, a start that failed or a handler that never became ready.
    pub(crate) fn error(&mut self, now: Instant) -> Verdict {
        if self.last.is_some_and(|last| now.duration_since(last) > ERROR_MEMORY) {
            self.errors = 0;
        }
        self.errors += 1;
        self.last = Some(now);
        if self.errors < ERRORS_MAX {
            Verdict::Respawn { errors: self.errors }
        } else {
            Verdict::Stop
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CRASH: Exit = Exit::Code(1);

    fn after(start: Instant, minutes: u64) -> Instant {
        start + Duration::from_secs(minutes * 60)
    }

    #[test]
    fn code_0_is_left_alone_and_code_200_is_never_counted() {
        let mut rules = RestartRules::default();
        let now = Instant::now();
        assert_eq!(rules.ended(Exit::Code(0), now), Verdict::StayGone);
        for _ in 0..10 {
            assert_eq!(rules.ended(Exit::Code(200), now), Verdict::Respawn { errors: 0 });
        }
    }

    #[test]
    fn the_third_error_stops_the_host_whatever_it_was() {
        let mut rules = RestartRules::default();
        let now = Instant::now();
        assert_eq!(rules.ended(CRASH, now), Verdict::Respawn { errors: 1 });
        assert_eq!(rules.ended(Exit::Signal(9), now), Verdict::Respawn { errors: 2 });
        assert_eq!(rules.error(now), Verdict::Stop);
    }

    #[test]
    fn the_count_is_cleared_by_an_error_more_than_half_an_hour_after_the_one_before() {
        let start = Instant::now();
        let mut rules = RestartRules::default();
        rules.ended(CRASH, start);
        rules.ended(CRASH, after(start, 30));
        assert_eq!(rules.ended(CRASH, after(start, 61)), Verdict::Respawn { errors: 1 });
        rules.ended(CRASH, after(start, 62));
        assert_eq!(
            rules.ended(CRASH, after(start, 92)),
            Verdict::Stop,
            "30 minutes are not more than 30 minutes"
        );
    }
}
