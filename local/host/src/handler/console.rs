//! What a handler writes to its console, line by line (host `WorkerProcess.cs`).

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
};

use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _, BufReader};

use crate::log::Level;

/// A line longer than this is shown in pieces.
const LINE_MAX_BYTES: u64 = 64 << 10;

/// How many error lines become the message of a crash.
const CRASH_LINES: usize = 3;

/// How many of Node's error lines become the reason why an app is stopped: its stack hides the message in three.
const NODE_CRASH_LINES: usize = 10;

/// The last line of a crash of Node, before the version.
const NODE_ENDING: &str = "Node.js v";

/// How many error lines are remembered: a stack of Node's default depth with the message above it, and some more.
const LINES_KEPT: usize = 32;

/// Lines with this prefix are the host's own business; the prefix is removed.
const SYSTEM_PREFIX: &str = "LanguageWorkerConsoleLog";

/// Lines with this prefix are for development tools, not for readers.
const TOOL_PREFIX: &str = "azfuncjsonlog:";

/// The level of a line on standard error. With `for_errors_only` it is an error unless it speaks of a warning;
/// otherwise it is information unless it speaks of an error.
pub(super) fn stderr_level(line: &str, for_errors_only: bool) -> Level {
    let lower = line.to_ascii_lowercase();
    let speaks_of = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    if speaks_of(&["warn"]) {
        Level::Warning
    } else if for_errors_only || speaks_of(&["error", "fail", "severe", "unhandled exception"]) {
        Level::Error
    } else {
        Level::Info
    }
}

/// The text to show, or nothing for a line that is not for readers.
pub(super) fn shown(line: &str) -> Option<&str> {
    if line.starts_with(TOOL_PREFIX) {
        return None;
    }
    Some(line.strip_prefix(SYSTEM_PREFIX).unwrap_or(line))
}

/// The last error lines of a process.
#[derive(Debug, Default)]
pub(super) struct CrashLines(Mutex<VecDeque<String>>);

/// What a process that has ended said last; empty when it said nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct LastWords {
    /// At most [`CRASH_LINES`] lines, for the log, which has shown the others already.
    pub(super) short: String,
    /// At most [`NODE_CRASH_LINES`] lines when they are Node's, otherwise as `short`.
    pub(super) long: String,
}

impl CrashLines {
    pub(super) fn add(&self, line: &str) {
        if line.trim().is_empty() {
            return;
        }
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if lines.len() == LINES_KEPT {
            lines.pop_front();
        }
        lines.push_back(line.to_owned());
    }

    pub(super) fn last_words(&self) -> LastWords {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let lines: &[String] = lines.make_contiguous();
        let last = |count: usize| lines.len().saturating_sub(count);
        if !lines.last().is_some_and(|line| line.starts_with(NODE_ENDING)) {
            let text = lines[last(CRASH_LINES)..].join("\n");
            return LastWords { short: text.clone(), long: text };
        }
        let names_error =
            |line: &String| line.contains("Error") && !line.trim_start().starts_with("at ");
        let error = lines.iter().rposition(names_error);
        let from = |start: usize, count: usize| {
            lines[start..].iter().take(count).map(String::as_str).collect::<Vec<_>>().join("\n")
        };
        let short = from(error.unwrap_or(last(CRASH_LINES)), CRASH_LINES);
        // A long stack pushes the error out of the last lines.
        let start = error.map_or(last(NODE_CRASH_LINES), |error| error.min(last(NODE_CRASH_LINES)));
        LastWords { short, long: from(start, NODE_CRASH_LINES) }
    }
}

/// Calls `each` with every line until the stream ends. Bytes that are no UTF-8 are shown as U+FFFD.
pub(super) async fn follow(stream: impl AsyncRead + Unpin, mut each: impl FnMut(&str)) {
    let mut reader = BufReader::new(stream);
    let mut line = Vec::new();
    loop {
        line.clear();
        match (&mut reader).take(LINE_MAX_BYTES).read_until(b'\n', &mut line).await {
            Ok(0) | Err(_) => return,
            Ok(_) => each(String::from_utf8_lossy(&line).trim_end_matches(['\n', '\r'])),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn standard_error_is_an_error_unless_it_warns() {
        assert_eq!(stderr_level("boom", true), Level::Error);
        assert_eq!(stderr_level("npm WARN old", true), Level::Warning);
        assert_eq!(stderr_level("Debugger listening", false), Level::Info);
        assert_eq!(stderr_level("it FAILED", false), Level::Error);
    }

    #[test]
    fn lines_for_tools_are_not_shown_and_system_lines_lose_their_prefix() {
        assert_eq!(shown("azfuncjsonlog:{}"), None);
        assert_eq!(shown("LanguageWorkerConsoleLogstarted"), Some("started"));
        assert_eq!(shown("plain"), Some("plain"));
    }

    #[test]
    fn the_last_three_error_lines_make_the_crash_message() {
        let lines = CrashLines::default();
        ["1", "2", "", "3", "4", " \t"].iter().for_each(|line| lines.add(line));
        assert_eq!(
            lines.last_words(),
            LastWords { short: "2\n3\n4".into(), long: "2\n3\n4".into() }
        );
        assert_eq!(CrashLines::default().last_words(), LastWords::default());
    }

    #[test]
    fn a_crash_of_node_is_told_from_the_line_with_the_error() {
        for depth in [2, 11] {
            let lines = CrashLines::default();
            ["/app/a.js:3", "throw new Error('no');", "^", "", "TypeError: no"]
                .iter()
                .for_each(|line| lines.add(line));
            (1..=depth).for_each(|frame| lines.add(&format!("    at throwError (a.js:{frame})")));
            ["", "Node.js v22.1.0"].iter().for_each(|line| lines.add(line));
            let LastWords { short, long } = lines.last_words();
            let frames = "    at throwError (a.js:1)\n    at throwError (a.js:2)";
            assert_eq!(short, format!("TypeError: no\n{frames}"));
            assert!(long.contains(&short), "{long}");
            assert!(long.lines().count() <= NODE_CRASH_LINES, "{long}");
        }
    }

    #[tokio::test]
    async fn a_long_line_arrives_in_pieces_and_bad_bytes_are_replaced() {
        let long = vec![b'x'; 70_000];
        let text = [b"a\xff\r\n".as_slice(), &long, b"\nlast"].concat();
        let mut lines = Vec::new();
        follow(text.as_slice(), |line| lines.push(line.to_owned())).await;
        assert_eq!(lines[0], "a\u{fffd}");
        assert_eq!((lines[1].len(), lines[2].len()), (65_536, 70_000 - 65_536));
        assert_eq!(lines[3], "last");
    }
}
