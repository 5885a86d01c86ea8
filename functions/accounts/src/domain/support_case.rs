//! Cases of customer service: what customers write to us.

use super::terms::masked_line;
use super::{CustomerId, without_pans};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use values::{Fields, Revision, Violations};

values::id! {
    /// A case of customer service: a UUIDv7, so that ids sort by the time at which they were written.
    pub(crate) CaseId, "must be a UUID in small letters, as in the case's `id`"
}

/// Longest message, in characters.
const MAX_MESSAGE: usize = 4_000;

/// What a customer has written, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SupportCase {
    pub(crate) id: CaseId,
    pub(crate) customer_id: CustomerId,
    pub(crate) channel: Channel,
    /// `None`: whoever wrote it was erased.
    pub(crate) text: Option<Text>,
    pub(crate) state: CaseState,
    pub(crate) revision: Revision,
    pub(crate) written_at: Timestamp,
}

/// What was written, without card numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Text {
    pub(crate) subject: Option<String>,
    pub(crate) message: String,
}

/// How the customer wants to be answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Channel {
    Email,
    Phone,
    App,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum CaseState {
    Open,
    Answered,
    Closed,
}

/// The body of `POST customers/{customerId}/contact`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Contact {
    pub(crate) channel: Channel,
    pub(crate) text: Text,
}

impl Contact {
    pub(crate) fn parse(body: &Value) -> Result<Self, Violations> {
        let mut fields = Fields::of(body)?;
        let channel = fields.text("channel", |text| match text {
            "email" => Ok(Channel::Email),
            "phone" => Ok(Channel::Phone),
            "app" => Ok(Channel::App),
            _ => Err("must be email, phone or app"),
        });
        let subject = fields.optional_text("subject", masked_line::<120>);
        let message = fields.text("message", message);
        fields.finish()?;
        let subject = subject?.map(|line| line.as_str().to_owned());
        Ok(Self { channel: channel?, text: Text { subject, message: message? } })
    }

    pub(crate) fn open(self, id: CaseId, customer_id: CustomerId, now: Timestamp) -> SupportCase {
        SupportCase {
            id,
            customer_id,
            channel: self.channel,
            text: Some(self.text),
            state: CaseState::Open,
            revision: Revision::FIRST,
            written_at: now,
        }
    }
}

/// Lines of text, without card numbers.
fn message(text: &str) -> Result<String, String> {
    let text = text.trim();
    let length = text.chars().count();
    if length == 0 {
        return Err("must not be empty".into());
    }
    if length > MAX_MESSAGE {
        return Err(format!("must have at most {MAX_MESSAGE} characters, not {length}"));
    }
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        return Err("must be text without control characters other than line ends and tabs".into());
    }
    Ok(without_pans(text))
}

impl SupportCase {
    /// The body of `PATCH support-cases/{caseId}`, merged into what is.
    pub(crate) fn with_state(self, body: &Value) -> Result<Self, Violations> {
        let mut fields = Fields::of(body)?;
        let state = fields.text("state", str::parse);
        fields.finish()?;
        let state = state?;
        if state == self.state {
            return Ok(self);
        }
        Ok(Self { state, revision: self.revision.next(), ..self })
    }

    pub(crate) fn without_text(self) -> Self {
        if self.text.is_none() {
            return self;
        }
        Self { text: None, revision: self.revision.next(), ..self }
    }
}

impl std::str::FromStr for CaseState {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "open" => Ok(Self::Open),
            "answered" => Ok(Self::Answered),
            "closed" => Ok(Self::Closed),
            _ => Err("must be open, answered or closed"),
        }
    }
}
