use crate::domain::{AssessmentId, Review, ReviewState};
use jiff::Timestamp;
use public_api::versions::Versioned;
use scorecard::Explanation;
use serde::Serialize;
use serde_json::{Value, json};
use values::Revision;

/// `Review` in contract/results.yaml.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ReviewView {
    assessment_id: AssessmentId,
    state: ReviewState,
    finding: Option<String>,
    asked_at: Timestamp,
    decided_at: Option<Timestamp>,
    revision: Revision,
}

/// `ReviewCase`: what the person sees who decides.
#[derive(Debug, Serialize)]
pub(crate) struct ReviewCaseView {
    #[serde(flatten)]
    pub(crate) review: ReviewView,
    pub(crate) statement: String,
    pub(crate) explanation: Option<Explanation>,
}

impl ReviewView {
    pub(crate) fn of(review: &Review) -> Self {
        Self {
            assessment_id: review.id,
            state: review.state,
            finding: review.finding.clone(),
            asked_at: review.asked_at,
            decided_at: review.decided_at,
            revision: review.revision,
        }
    }

    /// What a PATCH is merged into.
    pub(crate) fn decision(&self) -> Value {
        match &self.finding {
            Some(finding) => json!({ "state": self.state, "finding": finding }),
            None => json!({ "state": self.state }),
        }
    }
}

impl Versioned for ReviewView {
    fn revision(&self) -> Revision {
        self.revision
    }
}

impl Versioned for ReviewCaseView {
    fn revision(&self) -> Revision {
        self.review.revision
    }
}
