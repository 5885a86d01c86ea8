//! The host's log on standard output: readable lines, or one JSON object per line.

mod book;
mod human;
mod json;
mod writer;

use std::{
    fmt::Display,
    sync::{Arc, mpsc::Sender},
};

use serde_json::{Map, Value};
use uuid::Uuid;

use crate::{endpoints::Endpoints, journal::InvocationRecord, keys::Keys};
pub(crate) use book::{LogBook, LogLine};
use writer::Writer;

/// How the log is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogFormat {
    /// For people; coloured when standard output is a terminal.
    #[default]
    Human,
    /// One JSON object per line.
    Json,
    /// Nothing at all, for tests.
    Silent,
}

/// How grave a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Detail, only interesting to who looks for it.
    Debug,
    /// The course of things.
    Info,
    /// Something a reader may want to change.
    Warning,
    /// Something went wrong.
    Error,
}

impl Level {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Debug => "debug",
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }

    /// The level that a log library calls `name`, in any case.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        match name.to_ascii_lowercase().as_str() {
            "trace" | "debug" => Some(Self::Debug),
            "info" | "information" => Some(Self::Info),
            "warn" | "warning" => Some(Self::Warning),
            "error" | "critical" | "fatal" => Some(Self::Error),
            _ => None,
        }
    }
}

/// A handle to the log; cheap to clone. Writing never blocks: lines that a slow reader leaves no room for are counted.
#[derive(Clone, Debug)]
pub struct Log {
    format: LogFormat,
    writer: Option<Arc<Writer>>,
    reader: Option<Sender<String>>,
    book: Arc<LogBook>,
}

/// The source of lines that come from no app.
pub(crate) const HOST: &str = "host";

impl Log {
    /// A log in this format on standard output.
    pub fn new(format: LogFormat) -> Self {
        Self::read_by(format, None)
    }

    /// A log that this one gets too, as JSON, and all of it.
    pub(crate) fn read_by(format: LogFormat, reader: Option<Sender<String>>) -> Self {
        let writer = (format != LogFormat::Silent).then(|| Arc::new(Writer::start()));
        Self { format, writer, reader, book: Arc::default() }
    }

    /// One message from `source`: an app's name, or `host`.
    pub fn message(&self, level: Level, source: &str, message: impl Display) {
        let message = message.to_string();
        self.book.add(level, source, &message, None);
        self.write(|format| match format {
            LogFormat::Json => json::message(level, source, &message),
            _ => human::message(level, source, &message),
        });
    }

    /// A message about the course of things.
    pub fn info(&self, source: &str, message: impl Display) {
        self.message(Level::Info, source, message);
    }

    /// A message about something a reader may want to change.
    pub fn warn(&self, source: &str, message: impl Display) {
        self.message(Level::Warning, source, message);
    }

    /// A message about something that went wrong.
    pub fn error(&self, source: &str, message: impl Display) {
        self.message(Level::Error, source, message);
    }

    /// A line a handler wrote to its console. A JSON object is shown with its own level, message and fields.
    pub(crate) fn console(&self, level: Level, app: &str, line: &str) {
        self.book.add(level, app, line, None);
        self.write(|format| match (format, object(line)) {
            (LogFormat::Json, Some(object)) => json::passed_through(app, object),
            (LogFormat::Json, None) => json::message(level, app, line),
            (_, Some(object)) => human::structured(level, app, &object),
            (_, None) => human::message(level, app, line),
        });
    }

    /// The line of one finished invocation.
    pub(crate) fn invocation(&self, record: &InvocationRecord) {
        self.write(|format| match format {
            LogFormat::Json => json::invocation(record),
            _ => human::invocation(record),
        });
    }

    /// A line from a reply's `Logs`, with the invocation it belongs to.
    pub(crate) fn invocation_log(&self, app: &str, function: &str, id: Uuid, line: &str) {
        self.book.add(Level::Info, app, line, Some(id));
        self.write(|format| match format {
            LogFormat::Json => json::invocation_log(app, function, id, line),
            _ => human::message(Level::Info, &format!("{app}/{function}"), line),
        });
    }

    /// Everything is up: a text for people, one object with the addresses (and keys) for programs.
    pub(crate) fn started(&self, banner: &str, endpoints: &Endpoints, keys: Option<&Keys>) {
        self.write(|format| match format {
            LogFormat::Json => json::started(endpoints, keys),
            _ => banner.to_owned(),
        });
    }

    /// The latest lines.
    pub(crate) fn book(&self) -> &LogBook {
        &self.book
    }

    /// Waits until everything written so far is on standard output, at most half a second.
    pub(crate) fn flush(&self) {
        if let Some(writer) = &self.writer {
            writer.flush();
        }
    }

    fn write(&self, line: impl Fn(LogFormat) -> String) {
        if let Some(writer) = &self.writer {
            writer.send(line(self.format));
        }
        if let Some(reader) = &self.reader {
            // It may have heard enough.
            let _ = reader.send(line(LogFormat::Json));
        }
    }
}

fn object(line: &str) -> Option<Map<String, Value>> {
    if !line.starts_with('{') {
        return None;
    }
    serde_json::from_str(line).ok()
}
