//! What changed, and for whom it matters.

use std::fmt;

use serde::Serialize;

use crate::{Options, pointer::Pointer, rules};

/// How much a change matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Somebody who did nothing wrong fails.
    Breaking,
    /// It may matter, or it cannot be told.
    Warning,
    /// Nobody fails.
    Additive,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Breaking => "breaking",
            Self::Warning => "warning",
            Self::Additive => "additive",
        })
    }
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Change {
    /// How much it matters.
    pub severity: Severity,
    /// The operation, such as `PUT /v1/cakes/{id}`, or `message`.
    pub place: String,
    /// A JSON pointer, as if every `$ref` of the document were written out.
    pub pointer: String,
    /// The rule, by the id that [`crate::RULES`] has.
    pub rule: &'static str,
    /// What was and what is.
    pub what: String,
    /// Whom it breaks and how.
    pub why: &'static str,
    /// What to do instead.
    pub remedy: &'static str,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.severity, self.place)?;
        if !self.pointer.is_empty() {
            write!(f, " {}", self.pointer)?;
        }
        write!(f, ": {} [{}]", self.what, self.rule)?;
        if self.severity != Severity::Additive {
            write!(f, ": {}; {}", self.why, self.remedy)?;
        }
        Ok(())
    }
}

/// What was found so far.
pub(crate) struct Report {
    changes: Vec<Change>,
    pub(crate) options: Options,
    /// The operation that is looked at.
    pub(crate) place: String,
}

impl Report {
    pub(crate) fn new(options: Options) -> Self {
        Self { changes: Vec::new(), options, place: String::new() }
    }

    /// Adds a change as severe as its rule.
    pub(crate) fn add(&mut self, rule: &str, at: &Pointer, what: String) {
        let severity = rules::rule(rule).severity;
        self.add_as(rule, severity, at, what);
    }

    /// Adds a change that is more or less severe than its rule.
    pub(crate) fn add_as(&mut self, rule: &str, severity: Severity, at: &Pointer, what: String) {
        let rule = rules::rule(rule);
        self.changes.push(Change {
            severity,
            place: self.place.clone(),
            pointer: at.to_string(),
            rule: rule.id,
            what,
            why: rule.why,
            remedy: rule.remedy,
        });
    }

    /// All changes, each once, those that break first.
    pub(crate) fn finish(mut self) -> Vec<Change> {
        self.changes.sort();
        self.changes.dedup();
        self.changes
    }
}
