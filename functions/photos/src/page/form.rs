//! What the forms of the console send.

use super::visitor::Visitor;
use crate::app::App;
use crate::moderation::DecisionInput;
use crate::problems;
use custom_handler::{IfMatch, Problem, Request};
use serde::Deserialize;

/// Largest form: a note of 500 characters, percent-encoded, has room.
pub(crate) const MAX_FORM_BYTES: usize = 16 << 10;

/// What a person wants, by the button that was pressed.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Action {
    /// Give me the next case.
    Next,
    /// Keep this case for me.
    Take,
    /// Give this case back.
    Release,
    /// Give this case back, and me the next one.
    Skip,
    Decide(DecisionInput),
    Undo,
    Greyscale(bool),
}

/// A form, after everything was checked that shows that the person meant it.
#[derive(Debug)]
pub(crate) struct Sent {
    pub(crate) action: Action,
    /// The version of the case that the person saw.
    pub(crate) expected: Option<IfMatch>,
    /// The case that the person leaves for this one.
    pub(crate) leaves: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fields {
    action: String,
    token: String,
    revision: Option<u64>,
    leaves: Option<String>,
    note: Option<String>,
}

impl Sent {
    pub(crate) fn read(app: &App, request: &Request, visitor: &Visitor) -> Result<Self, Problem> {
        app.form_key.same_origin(request)?;
        let fields: Result<Fields, _> = serde_urlencoded::from_bytes(request.body());
        let fields = fields.map_err(|error| wrong("", format!("must be a form: {error}")))?;
        app.form_key.check(&fields.token, &visitor.principal.id, app.clock.now())?;
        let action = action(&fields.action, fields.note.as_deref())?;
        let tag = fields.revision.map(|revision| IfMatch::parse(&format!("\"{revision}\"")));
        let expected = tag.transpose().map_err(Problem::internal)?;
        Ok(Self { action, expected, leaves: fields.leaves })
    }
}

fn action(name: &str, note: Option<&str>) -> Result<Action, Problem> {
    Ok(match name {
        "next" => Action::Next,
        "take" => Action::Take,
        "release" => Action::Release,
        "skip" => Action::Skip,
        "undo" => Action::Undo,
        "greyscale-on" => Action::Greyscale(true),
        "greyscale-off" => Action::Greyscale(false),
        "approve" => Action::Decide(DecisionInput::parse("approve", None, note)?),
        other => {
            let reason = other
                .strip_prefix("reject-")
                .ok_or_else(|| wrong("/action", format!("{other:?} is no button of this page")))?;
            Action::Decide(DecisionInput::parse("reject", Some(reason), note)?)
        }
    })
}

pub(crate) fn wrong(at: &'static str, error: String) -> Problem {
    problems::invalid_body(vec![(at, error)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Judgement, ReviewReason};

    #[test]
    fn every_button_means_something() {
        for reason in ReviewReason::ALL {
            let meant = action(&format!("reject-{}", reason.as_str()), Some("so")).unwrap();
            let judgement = Judgement::Reject(reason);
            assert_eq!(meant, Action::Decide(DecisionInput { judgement, note: Some("so".into()) }));
        }
        assert!(matches!(action("approve", None), Ok(Action::Decide(_))));
        for nonsense in ["", "reject-", "reject", "reject-ugly", "Approve"] {
            assert!(action(nonsense, None).is_err(), "{nonsense}");
        }
    }
}
