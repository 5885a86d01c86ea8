//! A decision as a moderator sends it.

use crate::domain::{Case, Judgement, ReviewReason};
use crate::problems;
use custom_handler::Problem;
use staff_pages::Principal;

/// Longest note, in characters.
const MAX_NOTE_CHARS: usize = 500;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DecisionInput {
    pub(crate) judgement: Judgement,
    pub(crate) note: Option<String>,
}

impl DecisionInput {
    /// Whether this is the decision of the case, by this moderator.
    pub(crate) fn is_decided(&self, case: &Case, moderator: &Principal) -> bool {
        case.is_decided_so(self.judgement, self.note.as_deref(), &moderator.id)
    }

    /// `verdict` is `approve`, or `reject` with a reason from the list; the note is the moderator's own words.
    pub(crate) fn parse(
        verdict: &str,
        reason: Option<&str>,
        note: Option<&str>,
    ) -> Result<Self, Problem> {
        let mut errors = Vec::new();
        let judgement = match (verdict, reason) {
            ("approve", None) => Some(Judgement::Approve),
            ("approve", Some(_)) => {
                errors.push(("/reason", "must be left out with approve".to_owned()));
                None
            }
            ("reject", None) => {
                let parsed = "".parse::<ReviewReason>();
                errors.extend(parsed.err().map(|error| ("/reason", error)));
                None
            }
            ("reject", Some(reason)) => match reason.parse() {
                Ok(reason) => Some(Judgement::Reject(reason)),
                Err(error) => {
                    errors.push(("/reason", error));
                    None
                }
            },
            _ => {
                errors.push(("/verdict", "must be approve or reject".to_owned()));
                None
            }
        };
        let note = note.map(str::trim).filter(|note| !note.is_empty());
        if note.is_some_and(|note| note.chars().count() > MAX_NOTE_CHARS) {
            errors.push(("/note", format!("must have at most {MAX_NOTE_CHARS} characters")));
        }
        match judgement {
            Some(judgement) if errors.is_empty() => {
                Ok(Self { judgement, note: note.map(str::to_owned) })
            }
            _ => Err(problems::invalid_body(errors)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rejection_needs_a_reason_and_an_approval_none() {
        assert!(
            DecisionInput::parse("approve", None, Some(" "))
                .is_ok_and(|judged| judged.note.is_none())
        );
        assert!(DecisionInput::parse("reject", Some("nudity"), Some("a note")).is_ok());
        for (verdict, reason) in
            [("approve", Some("nudity")), ("reject", None), ("reject", Some("ugly")), ("", None)]
        {
            assert!(DecisionInput::parse(verdict, reason, None).is_err(), "{verdict} {reason:?}");
        }
        assert!(DecisionInput::parse("approve", None, Some(&"x".repeat(501))).is_err());
    }
}
