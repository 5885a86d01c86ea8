//! What partners hear of.

use super::PartnerId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Something that happened, for the partner whom it concerns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Event {
    pub(crate) kind: EventKind,
    /// The assessment, consent or endpoint; of a test its own id.
    pub(crate) about: Uuid,
    pub(crate) partner: PartnerId,
    pub(crate) at: Timestamp,
}

/// What happened. Partners are promised the outer names, documents keep the inner ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum EventKind {
    /// It was scored, or could not be.
    AssessmentCompleted,
    AssessmentFailed,
    AssessmentWithdrawn,
    ConsentExpired,
    EndpointDisabled,
    Test,
}

impl EventKind {
    pub(crate) const ALL: [Self; 6] = [
        Self::AssessmentCompleted,
        Self::AssessmentFailed,
        Self::AssessmentWithdrawn,
        Self::ConsentExpired,
        Self::EndpointDisabled,
        Self::Test,
    ];

    /// As partners know it: `type` of a webhook.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::AssessmentCompleted => "credit.assessment.completed",
            Self::AssessmentFailed => "credit.assessment.failed",
            Self::AssessmentWithdrawn => "credit.assessment.withdrawn",
            Self::ConsentExpired => "credit.consent.expired",
            Self::EndpointDisabled => "credit.endpoint.disabled",
            Self::Test => "credit.test",
        }
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

impl Event {
    /// What tells this event from all others, in every place and at every time. An endpoint may be disabled more than once.
    pub(super) fn occasion(&self) -> String {
        let (about, kind) = (self.about, self.kind.name());
        match self.kind {
            EventKind::EndpointDisabled => {
                format!("{kind}/{about}/{}", self.at.as_millisecond())
            }
            _ => format!("{kind}/{about}"),
        }
    }
}
