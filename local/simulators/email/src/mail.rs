//! A mail that was accepted: what of it is remembered besides its content, and where it stands.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::message::Message;

/// A mail that was accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Mail {
    /// Counts from 1.
    pub(crate) number: u64,
    pub(crate) operation_id: Uuid,
    pub(crate) sender: String,
    /// All of them, hidden ones too.
    pub(crate) recipients: Vec<String>,
    pub(crate) subject: String,
    pub(crate) attachments: usize,
    /// Of the request, in bytes.
    pub(crate) size: usize,
    pub(crate) accepted_at: Timestamp,
    /// From when on it is worked at, and until when.
    pub(crate) runs_at: Timestamp,
    pub(crate) ends_at: Timestamp,
    pub(crate) fails: bool,
    /// By a fault: nobody knows the operation any more.
    pub(crate) is_forgotten: bool,
    /// By a fault: it reaches nobody.
    pub(crate) is_lost: bool,
    /// How often it was sent: more than once only by a fault.
    pub(crate) times: u32,
    /// Requests with this operation id after the first.
    pub(crate) repeated: u32,
}

/// Where an operation stands, in the specification's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(crate) enum OperationState {
    NotStarted,
    Running,
    Succeeded,
    Failed,
}

impl OperationState {
    pub(crate) fn is_final(self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed)
    }

    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::NotStarted => "NotStarted",
            Self::Running => "Running",
            Self::Succeeded => "Succeeded",
            Self::Failed => "Failed",
        }
    }
}

impl Mail {
    /// Where it stands by the clock.
    pub(crate) fn state(&self, now: Timestamp) -> OperationState {
        if now < self.runs_at {
            OperationState::NotStarted
        } else if now < self.ends_at {
            OperationState::Running
        } else if self.fails {
            OperationState::Failed
        } else {
            OperationState::Succeeded
        }
    }

    /// Whether it is in the recipients' mailboxes now.
    pub(crate) fn has_arrived(&self, now: Timestamp) -> bool {
        !self.is_lost && self.state(now) == OperationState::Succeeded
    }

    /// `EmailSendResult`.
    pub(crate) fn result(&self, state: OperationState) -> Value {
        let mut result = json!({"id": self.operation_id, "status": state});
        if state == OperationState::Failed {
            let message = "Email was dropped after several attempts to deliver.";
            result["error"] = json!({"code": "EmailDropped", "message": message});
        }
        result
    }

    pub(crate) fn is_to(&self, wanted: &str) -> bool {
        let wanted = wanted.to_lowercase();
        self.recipients.iter().any(|one| one.to_lowercase().contains(&wanted))
    }

    /// What is remembered of a message; times and faults come in by the caller.
    pub(crate) fn of(number: u64, operation_id: Uuid, message: &Message, now: Timestamp) -> Self {
        Self {
            number,
            operation_id,
            sender: message.sender_address.clone(),
            recipients: message.recipients().map(|one| one.address.clone()).collect(),
            subject: message.content.subject.clone(),
            attachments: message.attachments.len(),
            size: 0,
            accepted_at: now,
            runs_at: now,
            ends_at: now,
            fails: false,
            is_forgotten: false,
            is_lost: false,
            times: 1,
            repeated: 0,
        }
    }
}
