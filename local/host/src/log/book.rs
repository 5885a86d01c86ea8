//! The latest log lines, kept for the page.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
};

use jiff::Timestamp;
use uuid::Uuid;

use super::Level;

/// How many lines are kept.
const LINES_MAX: usize = 20_000;
/// How much of all lines is kept, in bytes.
const LINES_MAX_BYTES: usize = 8 << 20;
/// How much of one line is kept, in bytes.
const LINE_MAX_BYTES: usize = 8 << 10;

/// A line of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LogLine {
    pub(crate) at: Timestamp,
    pub(crate) level: Level,
    /// The app, or `host`.
    pub(crate) source: String,
    /// As it was written: a JSON object when the handler writes such.
    pub(crate) text: String,
    /// The invocation, where the host knows it.
    pub(crate) invocation: Option<Uuid>,
}

/// A bounded ring of lines, newest last.
#[derive(Debug, Default)]
pub(crate) struct LogBook(Mutex<Ring>);

#[derive(Debug, Default)]
struct Ring {
    lines: VecDeque<LogLine>,
    size_bytes: usize,
}

impl LogBook {
    pub(crate) fn add(&self, level: Level, source: &str, text: &str, invocation: Option<Uuid>) {
        let text = beginning(text, LINE_MAX_BYTES).to_owned();
        let line =
            LogLine { at: Timestamp::now(), level, source: source.to_owned(), text, invocation };
        let mut ring = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        ring.size_bytes += line.text.len();
        ring.lines.push_back(line);
        while ring.lines.len() > LINES_MAX || ring.size_bytes > LINES_MAX_BYTES {
            let Some(oldest) = ring.lines.pop_front() else { return };
            ring.size_bytes -= oldest.text.len();
        }
    }

    /// The newest `count` lines that are wanted, oldest first.
    pub(crate) fn newest(
        &self,
        count: usize,
        is_wanted: impl Fn(&LogLine) -> bool,
    ) -> Vec<LogLine> {
        let ring = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut found: Vec<LogLine> =
            ring.lines.iter().rev().filter(|line| is_wanted(line)).take(count).cloned().collect();
        found.reverse();
        found
    }
}

/// The first `limit` bytes, without half a character.
fn beginning(text: &str, limit: usize) -> &str {
    &text[..text.floor_char_boundary(limit)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_lines_give_way_and_long_ones_are_cut() {
        let book = LogBook::default();
        for number in 0..=LINES_MAX {
            book.add(Level::Info, "app", &number.to_string(), None);
        }
        let all = book.newest(usize::MAX, |_| true);
        assert_eq!((all.len(), all[0].text.as_str()), (LINES_MAX, "1"));
        book.add(Level::Info, "app", &"ü".repeat(LINE_MAX_BYTES), None);
        let newest = book.newest(1, |_| true).remove(0);
        assert_eq!(newest.text.len(), LINE_MAX_BYTES);
    }

    #[test]
    fn many_long_lines_stay_within_the_limit() {
        let book = LogBook::default();
        let long = "x".repeat(LINE_MAX_BYTES);
        (0..2_000).for_each(|_| book.add(Level::Error, "app", &long, None));
        assert_eq!(book.newest(usize::MAX, |_| true).len(), LINES_MAX_BYTES / LINE_MAX_BYTES);
    }
}
