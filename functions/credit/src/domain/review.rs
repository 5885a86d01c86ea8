//! A result that somebody contests, and what a person of ours finds.

use super::{AssessmentId, PartnerId, Sealed};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use values::{Fields, Revision, Violations};

/// Longest statement and finding, in characters.
pub(crate) const MAX_STATEMENT: usize = 2_000;

/// An assessment that a person of ours looks at again. It has the assessment's id: one is looked at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Review {
    pub(crate) id: AssessmentId,
    pub(crate) partner: PartnerId,
    /// Why it is contested, in the person's words.
    pub(crate) statement: Sealed,
    pub(crate) asked_at: Timestamp,
    pub(crate) state: ReviewState,
    /// What was found, in our words.
    pub(crate) finding: Option<String>,
    pub(crate) decided_at: Option<Timestamp>,
    pub(crate) revision: Revision,
}

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum ReviewState {
    Open,
    /// The result stands.
    Upheld,
    /// The result must not be used.
    Overturned,
}

/// The body of `PATCH reviews/{assessmentId}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Decision {
    state: ReviewState,
    finding: String,
}

/// The body of `POST review`: why it is contested.
pub(crate) fn parse_statement(body: &Value) -> Result<String, Violations> {
    let mut fields = Fields::of(body)?;
    let statement = fields.text("statement", prose);
    fields.finish()?;
    Ok(statement?)
}

impl Decision {
    pub(crate) fn parse(body: &Value) -> Result<Self, Violations> {
        let mut fields = Fields::of(body)?;
        let state = fields.text("state", |text| match text.parse() {
            Ok(state @ (ReviewState::Upheld | ReviewState::Overturned)) => Ok(state),
            _ => Err("must be upheld or overturned"),
        });
        let finding = fields.text("finding", prose);
        fields.finish()?;
        Ok(Self { state: state?, finding: finding? })
    }
}

impl Review {
    pub(crate) fn ask(
        id: AssessmentId,
        partner: PartnerId,
        statement: Sealed,
        now: Timestamp,
    ) -> Self {
        Self {
            id,
            partner,
            statement,
            asked_at: now,
            state: ReviewState::Open,
            finding: None,
            decided_at: None,
            revision: Revision::FIRST,
        }
    }

    /// A person of ours has looked. It can be corrected.
    pub(crate) fn decided(self, by: Decision, now: Timestamp) -> Self {
        let finding = Some(by.finding);
        if self.state == by.state && self.finding == finding {
            return self;
        }
        let revision = self.revision.next();
        Self { state: by.state, finding, decided_at: Some(now), revision, ..self }
    }
}

impl std::str::FromStr for ReviewState {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "open" => Ok(Self::Open),
            "upheld" => Ok(Self::Upheld),
            "overturned" => Ok(Self::Overturned),
            _ => Err("must be open, upheld or overturned"),
        }
    }
}

fn prose(text: &str) -> Result<String, String> {
    let text = text.trim();
    let length = text.chars().count();
    if !(1..=MAX_STATEMENT).contains(&length) {
        return Err(format!("must have 1 to {MAX_STATEMENT} characters, not {length}"));
    }
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        return Err("must be text without control characters other than line ends and tabs".into());
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_decision_says_what_and_why() {
        let right = json!({ "state": "upheld", "finding": "The bank confirms all of it." });
        assert!(Decision::parse(&right).is_ok());
        for (body, pointer) in [
            (json!({ "state": "open", "finding": "x" }), "/state"),
            (json!({ "state": "upheld", "finding": " " }), "/finding"),
            (json!({ "state": "upheld", "finding": "a\u{7}" }), "/finding"),
            (json!({ "state": "upheld", "finding": "x", "score": 1 }), "/score"),
        ] {
            assert_eq!(Decision::parse(&body).unwrap_err().as_slice()[0].pointer, pointer);
        }
        let long = "x".repeat(MAX_STATEMENT + 1);
        assert!(parse_statement(&json!({ "statement": long })).is_err());
    }
}
