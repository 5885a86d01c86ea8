//! What the mainframe says about a change, on `legacy-inbox`.

use jiff::Timestamp;
use serde::Serialize;
use uuid::Uuid;

use super::{Change, SPEC_VERSION, encode};
use crate::rules::Rule;

/// What became of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It was newer than the record and is the record now.
    Applied,
    /// The record is as new, or newer.
    Superseded,
    /// It breaks a rule and never will be applied.
    Refused(Rule),
    /// Not now: it has to be sent again.
    Busy,
}

impl Outcome {
    /// As the contract spells it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Superseded => "superseded",
            Self::Refused(_) => "refused",
            Self::Busy => "busy",
        }
    }
}

/// An answer to one change.
#[derive(Debug)]
pub(crate) struct Answer<'a> {
    pub(crate) change: &'a Change,
    pub(crate) outcome: Outcome,
    /// The revision of the record after the change was looked at.
    pub(crate) applied_revision: Option<u64>,
    /// The `time` of the event that the record is from.
    pub(crate) applied_time: Option<&'a str>,
    pub(crate) at: Timestamp,
    /// The trace it belongs to, and the span that it comes from.
    pub(crate) traceparent: Option<String>,
}

#[derive(Serialize)]
struct Event<'a> {
    specversion: &'static str,
    #[serde(rename = "type")]
    kind: &'static str,
    id: Uuid,
    source: &'static str,
    subject: &'a str,
    time: String,
    datacontenttype: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    traceparent: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tracestate: Option<&'a str>,
    data: Data<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Data<'a> {
    profile_id: &'a str,
    revision: u64,
    outcome: &'static str,
    code: Option<&'static str>,
    reason: Option<&'static str>,
    applied_revision: Option<u64>,
    applied_time: Option<&'a str>,
    at: String,
}

impl Answer<'_> {
    /// The message's text, with an id of its own.
    pub(crate) fn message(&self) -> String {
        let rule = match self.outcome {
            Outcome::Refused(rule) => Some(rule),
            _ => None,
        };
        let at = format!("{:.3}", self.at);
        let event = Event {
            specversion: SPEC_VERSION,
            kind: "com.iommi.mainframe.answered.v1",
            id: Uuid::now_v7(),
            source: "/mainframe",
            subject: &self.change.profile_id,
            time: at.clone(),
            datacontenttype: "application/json",
            traceparent: self.traceparent.as_deref(),
            tracestate: self.change.tracestate.as_deref(),
            data: Data {
                profile_id: &self.change.profile_id,
                revision: self.change.revision,
                outcome: self.outcome.name(),
                code: rule.map(Rule::code),
                reason: rule.map(Rule::reason),
                applied_revision: self.applied_revision,
                applied_time: self.applied_time,
                at,
            },
        };
        encode(&serde_json::to_string(&event).expect("an answer is plain values"))
    }
}
