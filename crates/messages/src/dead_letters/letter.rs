//! Dead letters: messages that need people. They are kept until somebody decides, and every decision is kept too.

use super::content::{Content, Form};
use super::report::Report;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use values::moment;

/// Most actions that are kept; of more, the first and the latest.
const MAX_ACTIONS: usize = 100;

/// Whether somebody has decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LetterState {
    /// Nobody has.
    Open,
    /// Its message was sent once more.
    Redriven,
    /// Nothing more will be done.
    Discarded,
}

impl LetterState {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Open, Self::Redriven, Self::Discarded];

    /// As it is written in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Redriven => "redriven",
            Self::Discarded => "discarded",
        }
    }
}

impl std::str::FromStr for LetterState {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|state| state.name() == text);
        found.ok_or("must be open, redriven or discarded")
    }
}

/// A message that needs people. In JSON it is what the API shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Letter {
    /// Made from the content, so that the same failure reported twice is one letter.
    pub id: String,
    /// Why it is here.
    pub reason: String,
    /// The function that failed on it, gave it up, or reported it.
    pub function: String,
    /// The queue it came from.
    pub queue: Option<String>,
    /// What went wrong, for people.
    pub detail: String,
    /// What the message is about.
    pub subject: Option<String>,
    /// What else the app has to say, by name.
    #[serde(default)]
    pub fields: Map<String, Value>,
    /// The message as text; usually JSON.
    pub message: String,
    /// What the message is written in.
    pub form: Form,
    /// Whether the message was too long to be kept whole.
    pub cut: bool,
    /// Whether somebody changed the message.
    pub edited: bool,
    /// How often it failed.
    pub attempts: u32,
    /// When it was first tried.
    #[serde(with = "moment")]
    pub first_at: Timestamp,
    /// When it last failed.
    #[serde(with = "moment")]
    pub last_at: Timestamp,
    /// Whether somebody has decided.
    pub state: LetterState,
    /// One more at every change; the ETag.
    pub version: u64,
    /// What was done, oldest first.
    pub actions: Vec<Action>,
    /// The name of what reported it last: delivered twice, it counts once.
    pub last_report: String,
    /// The trace that it failed in, 32 hexadecimal digits.
    pub trace_id: Option<String>,
}

/// Something that was done about a letter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Action {
    /// When.
    #[serde(with = "moment")]
    pub at: Timestamp,
    /// Who: a person's id, a caller, `key` for somebody with a function key, or a function.
    pub by: String,
    /// What.
    pub what: Decision,
    /// Why; always there for what was discarded.
    pub why: Option<String>,
}

/// What can be done about a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Decision {
    /// Reported for the first time.
    Kept,
    /// Reported again after it was re-driven.
    Reopened,
    /// Its message was changed.
    Edited,
    /// Its message was sent once more.
    Redriven,
    /// It was closed.
    Discarded,
    /// Its message was removed: the person it was about was erased, or nobody could tell who that is for too long.
    Emptied,
}

impl Decision {
    /// As it is written in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::Reopened => "reopened",
            Self::Edited => "edited",
            Self::Redriven => "redriven",
            Self::Discarded => "discarded",
            Self::Emptied => "emptied",
        }
    }
}

impl Letter {
    /// The letter for a first report.
    #[must_use]
    pub fn new(report: Report, now: Timestamp) -> Self {
        let Content { text, form, cut } = report.content;
        let by = report.origin.function.clone();
        Self {
            id: report.id,
            reason: report.reason,
            function: report.origin.function,
            queue: report.origin.queue,
            detail: report.detail,
            subject: report.subject,
            fields: report.fields,
            message: text,
            form,
            cut,
            edited: false,
            attempts: report.attempts,
            first_at: report.first_at.unwrap_or(now).min(now),
            last_at: now,
            state: LetterState::Open,
            version: 1,
            actions: vec![Action { at: now, by, what: Decision::Kept, why: None }],
            last_report: report.name,
            trace_id: report.trace_id,
        }
    }

    /// The same failure reported again; `None` if it is the same report. What was discarded stays so; what was re-driven
    /// and failed again is open again. An edit stays.
    ///
    /// What lasts ([`Report::lasts`]) is open again even if the report is known: else nobody would ever hear of it.
    #[must_use]
    pub fn reported_again(&self, report: Report, now: Timestamp) -> Option<Self> {
        let is_known = self.last_report == report.name;
        let is_closed = report.lasts && self.state == LetterState::Redriven;
        if is_known && !is_closed {
            return None;
        }
        let mut next = self.clone();
        if !is_known {
            next.attempts = next.attempts.saturating_add(report.attempts);
        }
        next.last_report = report.name;
        next.fields = report.fields;
        next.detail = report.detail;
        next.trace_id = report.trace_id;
        if next.state == LetterState::Redriven {
            next.state = LetterState::Open;
            next.note(report.origin.function, Decision::Reopened, None, now);
        }
        next.last_at = now;
        next.version += 1;
        Some(next)
    }

    /// With another message, to be re-driven.
    #[must_use]
    pub fn edited(&self, message: String, by: String, now: Timestamp) -> Self {
        let Content { text, form, cut } = Content::of_text(message);
        let next = Self { message: text, form, cut, edited: true, ..self.clone() };
        next.decided(by, Decision::Edited, None, now)
    }

    /// After its message was sent once more.
    #[must_use]
    pub fn redriven(&self, by: String, why: Option<String>, now: Timestamp) -> Self {
        let next = Self { state: LetterState::Redriven, ..self.clone() };
        next.decided(by, Decision::Redriven, why, now)
    }

    /// Closed.
    #[must_use]
    pub fn discarded(&self, by: String, why: String, now: Timestamp) -> Self {
        let next = Self { state: LetterState::Discarded, ..self.clone() };
        next.decided(by, Decision::Discarded, Some(why), now)
    }

    /// Without what it says about a person.
    #[must_use]
    pub fn emptied(&self, by: String, why: String, now: Timestamp) -> Self {
        let next = Self {
            state: LetterState::Discarded,
            message: String::new(),
            form: Form::Text,
            detail: String::new(),
            ..self.clone()
        };
        next.decided(by, Decision::Emptied, Some(why), now)
    }

    /// Whether there is nothing in it about a person.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.message.is_empty() && self.detail.is_empty()
    }

    fn decided(mut self, by: String, what: Decision, why: Option<String>, now: Timestamp) -> Self {
        self.note(by, what, why, now);
        self.version += 1;
        self
    }

    fn note(&mut self, by: String, what: Decision, why: Option<String>, at: Timestamp) {
        if self.actions.len() >= MAX_ACTIONS {
            self.actions.remove(1);
        }
        self.actions.push(Action { at, by, what, why });
    }
}

#[cfg(test)]
#[path = "letter_tests.rs"]
mod tests;
