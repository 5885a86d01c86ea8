use crate::domain::{Assessment, AssessmentId, ConsentId, Failed, Outcome, Phase};
use crate::explaining;
use crate::store::Secrets;
use jiff::Timestamp;
use public_api::versions::Versioned;
use scorecard::Language;
use sealing::SealingError;
use serde::Serialize;
use values::Revision;

/// `Assessment` in contract/assessments.yaml.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AssessmentView {
    id: AssessmentId,
    consent_id: ConsentId,
    customer_reference: Option<String>,
    state: &'static str,
    progress: Option<ProgressView>,
    result: Option<ResultView>,
    not_scoreable: Option<NotScoreableView>,
    failure: Option<FailureView>,
    scorecard: String,
    created_at: Timestamp,
    ended_at: Option<Timestamp>,
    revision: Revision,
}

/// `EndedAssessment` in contract/webhooks.yaml.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ToldView<'a> {
    id: AssessmentId,
    consent_id: ConsentId,
    customer_reference: Option<&'a str>,
    state: &'static str,
    result: Option<&'a ResultView>,
    not_scoreable: Option<&'a NotScoreableView>,
    failure: Option<&'a FailureView>,
    scorecard: &'a str,
    ended_at: Option<Timestamp>,
}

/// `Progress`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ProgressView {
    phase: &'static str,
    since: Timestamp,
    expected_at: Timestamp,
}

/// `Result`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ResultView {
    score: i32,
    band: Option<&'static str>,
    /// What cost most points, by code.
    reasons: Vec<String>,
    shortfall_permille: u16,
    months_seen: u32,
}

/// `NotScoreable`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct NotScoreableView {
    reason: String,
    months_seen: u32,
}

/// `Failure`.
#[derive(Debug, Serialize)]
struct FailureView {
    code: Failed,
    detail: &'static str,
}

impl Versioned for AssessmentView {
    fn revision(&self) -> Revision {
        self.revision
    }
}

impl AssessmentView {
    pub(crate) fn of(it: &Assessment, secrets: &Secrets) -> Result<Self, SealingError> {
        let reference = it
            .person
            .as_ref()
            .map(|person| secrets.open_for_long(&person.reference, it.partner.as_str()));
        let view = Self {
            id: it.id,
            consent_id: it.consent,
            customer_reference: reference.transpose()?,
            state: state(&it.phase),
            progress: it.progress().map(|progress| ProgressView {
                phase: state(&it.phase),
                since: progress.since,
                expected_at: progress.expected_at,
            }),
            result: None,
            not_scoreable: None,
            failure: None,
            scorecard: it.scorecard.clone(),
            created_at: it.created_at,
            ended_at: None,
            revision: it.revision,
        };
        Ok(match &it.phase {
            Phase::Ended { at, outcome } => Self { ended_at: Some(*at), ..view }.with(outcome),
            Phase::Fetching { .. } | Phase::Scoring { .. } | Phase::Erased { .. } => view,
        })
    }

    /// As a webhook tells of its end: the same whenever it is made.
    pub(crate) fn told(&self) -> ToldView<'_> {
        ToldView {
            id: self.id,
            consent_id: self.consent_id,
            customer_reference: self.customer_reference.as_deref(),
            state: self.state,
            result: self.result.as_ref(),
            not_scoreable: self.not_scoreable.as_ref(),
            failure: self.failure.as_ref(),
            scorecard: &self.scorecard,
            ended_at: self.ended_at,
        }
    }

    fn with(self, outcome: &Outcome) -> Self {
        match outcome {
            Outcome::Scored { result } => {
                let explanation = explaining::explain(result, Language::En);
                let reasons = explanation.map(|it| it.reasons).unwrap_or_default();
                let result = ResultView {
                    score: result.score,
                    band: explaining::band(result).map(|band| band.name.as_str()),
                    reasons: reasons.into_iter().map(|reason| reason.code).collect(),
                    shortfall_permille: result.shortfall,
                    months_seen: result.months_seen,
                };
                Self { result: Some(result), ..self }
            }
            Outcome::NotScoreable { reason, months_seen } => {
                let reason = NotScoreableView { reason: reason.clone(), months_seen: *months_seen };
                Self { not_scoreable: Some(reason), ..self }
            }
            Outcome::Failed { code } => {
                let failure = FailureView { code: *code, detail: detail(*code) };
                Self { failure: Some(failure), ..self }
            }
            Outcome::Withdrawn => self,
        }
    }
}

/// The words that clients are promised.
pub(crate) fn state(phase: &Phase) -> &'static str {
    match phase {
        Phase::Fetching { .. } => "fetching",
        Phase::Scoring { .. } => "scoring",
        Phase::Ended { outcome: Outcome::Scored { .. }, .. } => "scored",
        Phase::Ended { outcome: Outcome::NotScoreable { .. }, .. } => "not-scoreable",
        Phase::Ended { outcome: Outcome::Failed { .. }, .. } => "failed",
        Phase::Ended { outcome: Outcome::Withdrawn, .. } => "withdrawn",
        Phase::Erased { .. } => "erased",
    }
}

/// What happened and what can be done.
pub(crate) fn detail(code: Failed) -> &'static str {
    match code {
        Failed::BankUnavailable => {
            "the bank did not answer; the consent can be used again: POST another assessment later"
        }
        Failed::BankAnswerUnusable => {
            "the bank's answer was not what it promises; the consent can be used again"
        }
        Failed::ConsentGone => {
            "the bank does not take the consent any more: ask the person again with a new consent"
        }
        Failed::NoScore => {
            "no score could be made; the consent can be used again: POST another assessment"
        }
    }
}
