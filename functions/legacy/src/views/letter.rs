//! A dead letter as `ops/v1/dead-letters` has always shown it.

use jiff::Timestamp;
use messages::{Action, Letter, LetterState};
use serde::Serialize;
use serde_json::Value;
use values::moment;

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LetterView<'a> {
    id: &'a str,
    reason: &'a str,
    code: Option<&'a Value>,
    detail: &'a str,
    profile_id: Option<&'a str>,
    revision: Option<&'a Value>,
    message: &'a str,
    cut: bool,
    edited: bool,
    attempts: u32,
    #[serde(with = "moment")]
    first_at: Timestamp,
    #[serde(with = "moment")]
    last_at: Timestamp,
    state: LetterState,
    version: u64,
    actions: &'a [Action],
    last_report: &'a str,
}

impl<'a> LetterView<'a> {
    /// The mainframe's code for a refusal, among a letter's fields.
    pub(crate) const CODE: &'static str = "code";
    /// The revision that a letter is about, among its fields.
    pub(crate) const REVISION: &'static str = "revision";

    pub(crate) fn of(letter: &'a Letter) -> Self {
        Self {
            id: &letter.id,
            reason: &letter.reason,
            code: letter.fields.get(Self::CODE),
            detail: &letter.detail,
            profile_id: letter.subject.as_deref(),
            revision: letter.fields.get(Self::REVISION),
            message: &letter.message,
            cut: letter.cut,
            edited: letter.edited,
            attempts: letter.attempts,
            first_at: letter.first_at,
            last_at: letter.last_at,
            state: letter.state,
            version: letter.version,
            actions: &letter.actions,
            last_report: &letter.last_report,
        }
    }
}
