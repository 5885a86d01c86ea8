//! All that was told while an app was fed: over OTLP, and in lines of the log.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::mpsc;

use serde_json::{Map, Value};

use super::Marks;
use super::receiver::Receiver;
use super::told::{Text, texts};
use crate::proof::{Kept, Markers};

/// Findings that are shown: the first places of all marks say enough.
const MOST_SHOWN: usize = 40;

/// What is heard.
#[derive(Debug)]
pub(crate) struct Heard {
    receiver: Receiver,
    lines: mpsc::Receiver<String>,
    /// Lines that came already.
    log: Vec<String>,
}

impl Heard {
    /// From now on; what is to be said in the log goes to the sender.
    pub(crate) async fn start() -> (Self, mpsc::Sender<String>) {
        let (sender, lines) = mpsc::channel();
        (Self { receiver: Receiver::start().await, lines, log: Vec::new() }, sender)
    }

    /// Where OTLP is to be sent.
    pub(crate) fn url(&self) -> &str {
        self.receiver.url()
    }

    /// Every text that came over OTLP so far.
    pub(crate) fn texts(&self) -> Vec<Text> {
        self.receiver.messages().iter().filter_map(texts).flatten().collect()
    }

    /// How many messages came so far with this signal's path.
    pub(crate) fn count(&self, path: &str) -> usize {
        self.receiver.messages().iter().filter(|message| message.path == path).count()
    }

    /// Every line of the log so far: of the host and of the handlers.
    pub(crate) fn log(&mut self) -> &[String] {
        self.log.extend(self.lines.try_iter());
        &self.log
    }

    /// Where marks came out again, each place once; `others` is what was told elsewhere.
    pub(crate) fn findings(&mut self, marks: &Marks, others: &[Text]) -> Vec<String> {
        let mut search = Search::of(marks);
        for text in others {
            search.look(text.place(), &text.text);
        }
        for message in self.receiver.messages() {
            let mut is_known = false;
            for text in texts(&message).unwrap_or_default() {
                is_known |= search.look(text.place(), &text.text);
            }
            // What cannot be taken apart may say it all the same.
            if !is_known {
                let bytes = String::from_utf8_lossy(&message.body);
                search.look(format!("a message to {}", message.path), &bytes);
            }
        }
        for line in self.log() {
            search.look_at_line(line);
        }
        search.found.into_values().take(MOST_SHOWN).collect()
    }
}

/// The search, and what it has found: the first mark of each place.
struct Search {
    anywhere: Markers,
    whole: BTreeSet<String>,
    found: BTreeMap<String, String>,
}

impl Search {
    fn of(marks: &Marks) -> Self {
        let anywhere = Markers::of_any_trace(marks.anywhere());
        Self { anywhere, whole: marks.whole().into_iter().collect(), found: BTreeMap::new() }
    }

    /// Whether something is in a text.
    fn look(&mut self, place: String, text: &str) -> bool {
        let kept = Kept { place, bytes: text.as_bytes().to_vec() };
        let first = self.anywhere.found_in(&kept).into_iter().next();
        let whole = || self.whole.contains(text).then(|| format!("{text:?} in {}", kept.place));
        let Some(found) = first.or_else(whole) else { return false };
        self.found.entry(kept.place).or_insert(found);
        true
    }

    /// A line of the log, field by field.
    fn look_at_line(&mut self, line: &str) {
        let Ok(Value::Object(fields)) = serde_json::from_str(line) else {
            self.look("a line of the log".to_owned(), line);
            return;
        };
        let (app, message) = (text(&fields, "app"), text(&fields, "message"));
        for (name, value) in &fields {
            if is_asked_path(&fields, name) {
                continue;
            }
            let place = format!("a line of the log of {app}, {message:.60?}: {name}");
            match value {
                Value::String(text) => self.look(place, text),
                other => self.look(place, &other.to_string()),
            };
        }
    }
}

/// The local host says which path was asked for, like Azure's: clients are told to put ids there and nothing else
/// (invariant 14 of ARCHITECTURE.md), and here it is a developer's own terminal. The query is never in it.
fn is_asked_path(fields: &Map<String, Value>, name: &str) -> bool {
    name == "message" && fields.contains_key("durationMs") && text(fields, "trigger") == "http"
}

fn text<'a>(fields: &'a Map<String, Value>, name: &str) -> &'a str {
    fields.get(name).and_then(Value::as_str).unwrap_or_default()
}
