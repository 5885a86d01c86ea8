//! Log lines as they are shown: those of handlers are JSON more often than not.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::log::{Level, LogBook, LogLine};

/// How many lines are shown of an invocation or a trace.
const LINES_MAX: usize = 500;

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct LineView {
    pub(super) at: String,
    #[serde(skip)]
    pub(super) clock: String,
    pub(super) level: &'static str,
    pub(super) source: String,
    pub(super) message: String,
    /// `name=value …`, what a JSON line says besides.
    pub(super) fields: String,
    /// Whether it names the invocation or the trace; otherwise it was only written meanwhile.
    pub(super) correlated: bool,
}

/// The lines that mention one of these ids, and what `source` wrote plainly between two moments.
pub(super) fn about(
    book: &LogBook,
    ids: &[String],
    meanwhile: Option<(&str, Timestamp, Timestamp)>,
) -> Vec<LineView> {
    let mentions = |line: &LogLine| {
        let by_host = line.invocation.map(|id| id.to_string());
        ids.iter().any(|id| line.text.contains(id.as_str()) || by_host.as_ref() == Some(id))
    };
    let is_meanwhile = |line: &LogLine| {
        let Some((app, from, to)) = meanwhile else { return false };
        let of_app = line.source == app || line.source.starts_with(&format!("{app} #"));
        of_app && (from..=to).contains(&line.at) && !names_an_invocation(&line.text)
    };
    let lines = book.newest(LINES_MAX, |line| mentions(line) || is_meanwhile(line));
    lines.iter().map(|line| LineView::new(line, mentions(line))).collect()
}

/// Whether a line belongs to an invocation of its own.
fn names_an_invocation(text: &str) -> bool {
    text.starts_with('{')
        && (text.contains("\"invocationId\"") || text.contains("\"invocation_id\""))
}

impl LineView {
    fn new(line: &LogLine, correlated: bool) -> Self {
        let at = format!("{:.3}", line.at);
        let parsed: Option<Map<String, Value>> =
            line.text.starts_with('{').then(|| serde_json::from_str(&line.text).ok()).flatten();
        let (level, message, fields) = match parsed {
            Some(object) => structured(line.level, &object),
            None => (line.level, line.text.clone(), String::new()),
        };
        Self {
            clock: at.get(11..23).unwrap_or_default().to_owned(),
            at,
            level: level.name(),
            source: line.source.clone(),
            message,
            fields,
            correlated,
        }
    }
}

fn structured(level: Level, object: &Map<String, Value>) -> (Level, String, String) {
    let text = |name: &str| object.get(name).and_then(Value::as_str);
    let level = text("level").and_then(Level::parse).unwrap_or(level);
    let inner = object.get("fields").and_then(Value::as_object);
    let inner_message = inner.and_then(|inner| inner.get("message")).and_then(Value::as_str);
    let message = text("message").or_else(|| text("msg")).or(inner_message).unwrap_or_default();
    let is_shown = |name: &str| {
        !matches!(
            name,
            "level"
                | "message"
                | "msg"
                | "time"
                | "timestamp"
                | "fields"
                | "target"
                | "invocationId"
                | "traceId"
        )
    };
    let shown = object.iter().chain(inner.into_iter().flatten()).filter(|(name, _)| is_shown(name));
    let pair = |(name, value): (&String, &Value)| match value {
        Value::String(text) => format!("{name}={text}"),
        other => format!("{name}={other}"),
    };
    (level, message.to_owned(), shown.map(pair).collect::<Vec<_>>().join("  "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_found_by_id_and_by_time() {
        let book = LogBook::default();
        let from = Timestamp::now();
        book.add(
            Level::Info,
            "app",
            r#"{"message":"saved","level":"WARN","invocationId":"1-2","rows":3}"#,
            None,
        );
        book.add(Level::Info, "app", r#"{"message":"other","invocationId":"9"}"#, None);
        book.add(Level::Error, "app #2", "plain words", None);
        book.add(Level::Info, "elsewhere", "plain words", None);
        let lines = about(&book, &["1-2".to_owned()], Some(("app", from, Timestamp::now())));
        let told: Vec<_> = lines
            .iter()
            .map(|line| (line.level, line.message.as_str(), line.fields.as_str(), line.correlated))
            .collect();
        assert_eq!(
            told,
            [("warning", "saved", "rows=3", true), ("error", "plain words", "", false)]
        );
    }
}
