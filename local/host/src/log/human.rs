//! Log lines for people. Styles are written always; the writer strips them when nobody can see them.

use std::{borrow::Cow, fmt::Write as _, time::Duration};

use anstyle::{AnsiColor, Style};
use jiff::Timestamp;
use serde_json::{Map, Value};

use super::Level;
use crate::journal::{InvocationRecord, Outcome};

const DIM: Style = Style::new().dimmed();
const BOLD: Style = Style::new().bold();
const RED: Style = AnsiColor::Red.on_default();
const YELLOW: Style = AnsiColor::Yellow.on_default();
const GREEN: Style = AnsiColor::Green.on_default();
const CYAN: Style = AnsiColor::Cyan.on_default();

/// The width that app and function names are padded to.
const SOURCE_WIDTH: usize = 24;

pub(super) fn message(level: Level, source: &str, message: &str) -> String {
    let mut line = start(source);
    push_text(&mut line, level, &printable(message));
    line
}

/// A JSON line as its level, its message and its other fields.
pub(super) fn structured(level: Level, source: &str, object: &Map<String, Value>) -> String {
    let level = object.get("level").and_then(Value::as_str).and_then(Level::parse).unwrap_or(level);
    let inner = object.get("fields").and_then(Value::as_object);
    let message = inner
        .unwrap_or(object)
        .get("message")
        .or_else(|| object.get("msg"))
        .and_then(Value::as_str);
    let mut line = start(source);
    push_text(&mut line, level, &printable(message.unwrap_or("")));
    for (name, value) in inner.into_iter().flatten().chain(object) {
        if !is_frame(name) {
            let value = value.as_str().map_or_else(|| Cow::Owned(value.to_string()), Cow::Borrowed);
            let _ = write!(line, " {DIM}{}={}{DIM:#}", printable(name), printable(&value));
        }
    }
    line
}

/// Fields that every line has, shown elsewhere or not at all.
fn is_frame(name: &str) -> bool {
    matches!(
        name,
        "level" | "message" | "msg" | "timestamp" | "time" | "target" | "fields" | "span" | "spans"
    )
}

pub(super) fn invocation(record: &InvocationRecord) -> String {
    let mut line = start(&format!("{}/{}", record.app, record.function));
    let style = match (&record.outcome, record.status) {
        (Outcome::Failed(_), _) | (_, Some(500..)) => RED,
        (Outcome::Abandoned, _) | (_, Some(400..)) => YELLOW,
        _ => GREEN,
    };
    let about = match record.trigger {
        "http" => printable(&record.about).into_owned(),
        trigger => format!("{trigger} {}", printable(&record.about)),
    };
    let status = record.status.map_or(Cow::Borrowed("-"), |status| Cow::Owned(status.to_string()));
    let _ =
        write!(line, "{BOLD}{about}{BOLD:#} {style}{status}{style:#} {}", took(record.duration));
    match &record.outcome {
        Outcome::Answered => {}
        Outcome::Failed(reason) => {
            let _ = write!(line, " {RED}{}{RED:#}", printable(reason));
        }
        Outcome::Abandoned => {
            let _ = write!(line, " {YELLOW}the client went away{YELLOW:#}");
        }
    }
    let _ = write!(line, " {DIM}trace {}{DIM:#}", record.trace_id);
    line
}

fn start(source: &str) -> String {
    let time = format!("{:.3}", Timestamp::now());
    // 2026-01-02T03:04:05.678Z: the day is known to who watches.
    let clock = time.get(11..23).unwrap_or(&time);
    format!("{DIM}{clock}{DIM:#} {CYAN}{:<SOURCE_WIDTH$}{CYAN:#} ", printable(source))
}

fn push_text(line: &mut String, level: Level, text: &str) {
    let _ = match level {
        Level::Debug => write!(line, "{DIM}{text}{DIM:#}"),
        Level::Info => write!(line, "{text}"),
        Level::Warning => write!(line, "{YELLOW}warning: {text}{YELLOW:#}"),
        Level::Error => write!(line, "{RED}error: {text}{RED:#}"),
    };
}

/// A request's path or a handler's output must not move the cursor or forge a second line.
fn printable(text: &str) -> Cow<'_, str> {
    if !text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
        return Cow::Borrowed(text);
    }
    Cow::Owned(
        text.chars()
            .map(|c| if c.is_control() && c != '\n' && c != '\t' { '\u{fffd}' } else { c })
            .collect(),
    )
}

fn took(duration: Duration) -> String {
    let ms = duration.as_secs_f64() * 1_000.0;
    if ms < 10.0 {
        format!("{ms:.1} ms")
    } else if ms < 10_000.0 {
        format!("{ms:.0} ms")
    } else {
        format!("{:.1} s", ms / 1_000.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(line: &str) -> String {
        anstream::adapter::strip_str(line).to_string()
    }

    #[test]
    fn a_json_line_is_shown_as_message_and_fields() {
        let object = serde_json::from_str(
            r#"{"timestamp":"t","level":"WARN","fields":{"message":"slow","duration_ms":12},"target":"x"}"#,
        )
        .expect("JSON");
        let line = plain(&structured(Level::Info, "profiles", &object));
        assert_eq!(&line[13..], format!("{:<24} warning: slow duration_ms=12", "profiles"));
    }

    #[test]
    fn control_characters_cannot_reach_the_terminal() {
        assert!(!message(Level::Info, "a", "x\u{1b}[2J").contains("\u{1b}[2J"));
    }

    #[test]
    fn durations_have_the_digits_that_matter() {
        assert_eq!(took(Duration::from_micros(1_234)), "1.2 ms");
        assert_eq!(took(Duration::from_millis(123)), "123 ms");
        assert_eq!(took(Duration::from_millis(12_345)), "12.3 s");
    }
}
