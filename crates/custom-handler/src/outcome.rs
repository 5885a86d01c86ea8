//! How a message function ends: done, again, or given up with a reason.

use std::fmt;

use crate::envelope::{Metadata, Payload};
use crate::outputs::Outputs;

/// Most log lines in a reply; further ones are counted.
const MAX_LOG_LINES: usize = 100;

/// The message has been dealt with.
#[derive(Debug, Clone, Default)]
pub struct Done {
    pub(crate) outputs: Outputs,
    logs: Vec<String>,
    dropped_logs: usize,
}

impl Done {
    /// Dealt with, nothing to write.
    pub fn nothing() -> Self {
        Self::default()
    }

    /// Dealt with, and the host writes these outputs.
    pub fn with(outputs: Outputs) -> Self {
        Self { outputs, ..Self::default() }
    }

    /// A line for the function's log in the host, which puts the invocation's id beside it.
    #[must_use]
    pub fn log(mut self, line: impl Into<String>) -> Self {
        if self.logs.len() < MAX_LOG_LINES {
            self.logs.push(line.into())
        } else {
            self.dropped_logs += 1
        }
        self
    }

    pub(crate) fn into_parts(self) -> (Outputs, Vec<String>) {
        let mut logs = self.logs;
        if self.dropped_logs > 0 {
            logs.push(format!("{} more lines were left out", self.dropped_logs));
        }
        (self.outputs, logs)
    }
}

/// The message has not been dealt with. Saying which of the two it is, is the function's decision
/// each time: there is no conversion from other errors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// It may work later: the host tries again by the trigger's rules.
    Again(String),
    /// It will never work: what [`Handler::on_give_up`](crate::Handler::on_give_up) names keeps the
    /// message with this reason.
    GiveUp(String),
}

impl Failure {
    /// It may work later; why not now.
    pub fn again(reason: impl fmt::Display) -> Self {
        Self::Again(reason.to_string())
    }

    /// It will never work; why.
    pub fn give_up(reason: impl fmt::Display) -> Self {
        Self::GiveUp(reason.to_string())
    }

    /// Why.
    pub fn reason(&self) -> &str {
        match self {
            Self::Again(reason) | Self::GiveUp(reason) => reason,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Again(reason) => write!(f, "to be tried again: {reason}"),
            Self::GiveUp(reason) => write!(f, "given up: {reason}"),
        }
    }
}

impl std::error::Error for Failure {}

/// A message that a function gave up, to be kept where people find it.
#[derive(Debug, Clone)]
pub struct GivenUp {
    /// The function that gave up.
    pub function: &'static str,
    /// The queue that triggers it, if a queue does.
    pub queue: Option<String>,
    /// Why.
    pub reason: String,
    /// The trigger's value: the message, the documents, the event.
    pub payload: Payload,
    /// What the host said about it.
    pub metadata: Metadata,
    /// The invocation's id.
    pub invocation_id: String,
    /// The trace's id, 32 hexadecimal digits.
    pub trace_id: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn log_lines_are_bounded_and_the_rest_is_counted() {
        let done =
            (0..MAX_LOG_LINES + 3).fold(Done::nothing(), |done, line| done.log(line.to_string()));
        let (_, logs) = done.into_parts();
        assert_eq!(logs.len(), MAX_LOG_LINES + 1);
        assert_eq!(logs[MAX_LOG_LINES], "3 more lines were left out");
    }

    #[test]
    fn a_failure_says_what_becomes_of_the_message() {
        assert_eq!(Failure::again("429").to_string(), "to be tried again: 429");
        assert_eq!(Failure::give_up("no id").to_string(), "given up: no id");
    }
}
