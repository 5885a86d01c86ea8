//! How far an order is: which step is due, and what may be made once more.

use super::{PayloadPath, Step};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The steps of one order as they follow each other, each with how far it is. At most one is due; those before it are
/// done, those after it wait.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Progress(Vec<StepProgress>);

/// How far one step is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StepProgress {
    pub(crate) step: Step,
    pub(crate) state: StepState,
    /// How often it was begun; 0 if never.
    pub(crate) attempt: u32,
    /// How often it was tried in this attempt without success.
    #[serde(default)]
    pub(crate) tries: u32,
    /// Since when it is as it is.
    #[serde(with = "values::moment")]
    pub(crate) since: Timestamp,
    /// What it left behind when it was last done.
    #[serde(default)]
    pub(crate) path: Option<PayloadPath>,
    /// Why it failed, or is tried again.
    #[serde(default)]
    pub(crate) problem: Option<StepProblem>,
    /// When its next try comes: not before.
    #[serde(default, with = "values::moment::optional")]
    pub(crate) not_before: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum StepState {
    /// One before it is not done.
    Waiting,
    Due,
    Done,
    /// It cannot be done, unless a person does something.
    Failed,
}

/// Why a step is not done. It holds nothing about a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StepProblem {
    pub(crate) code: ProblemCode,
    pub(crate) detail: String,
}

/// What can be wrong with a step. Clients are promised these words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum ProblemCode {
    /// The account is not charged: it has not so much left, is closed, or is not the buyer's.
    PaymentDeclined,
    /// The profile is not there, or is erased.
    NoSuchProfile,
    /// The vendor asks for another price than the one that was agreed.
    PriceChanged,
    OutOfStock,
    /// The vendor does not take the order as it is.
    VendorRefused,
    /// What another system says cannot be what it means.
    AnswerUnusable,
    /// Another system did not answer for an hour.
    NotAnswering,
    /// The invoice cannot be written as it is.
    InvoiceInvalid,
    /// The picture would show boxes in place of letters.
    Unprintable,
    /// The mail cannot be brought to its address.
    Undeliverable,
    /// What the step before left behind is not there any more.
    PayloadExpired,
}

impl ProblemCode {
    pub(crate) const ALL: [Self; 11] = [
        Self::PaymentDeclined,
        Self::NoSuchProfile,
        Self::PriceChanged,
        Self::OutOfStock,
        Self::VendorRefused,
        Self::AnswerUnusable,
        Self::NotAnswering,
        Self::InvoiceInvalid,
        Self::Unprintable,
        Self::Undeliverable,
        Self::PayloadExpired,
    ];

    /// As in JSON.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::PaymentDeclined => "payment-declined",
            Self::NoSuchProfile => "no-such-profile",
            Self::PriceChanged => "price-changed",
            Self::OutOfStock => "out-of-stock",
            Self::VendorRefused => "vendor-refused",
            Self::AnswerUnusable => "answer-unusable",
            Self::NotAnswering => "not-answering",
            Self::InvoiceInvalid => "invoice-invalid",
            Self::Unprintable => "unprintable",
            Self::Undeliverable => "undeliverable",
            Self::PayloadExpired => "payload-expired",
        }
    }
}

impl std::str::FromStr for ProblemCode {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let code = Self::ALL.into_iter().find(|code| code.name() == text);
        code.ok_or("must be the code of a step's problem, such as not-answering")
    }
}

impl StepState {
    /// As in JSON.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Due => "due",
            Self::Done => "done",
            Self::Failed => "failed",
        }
    }
}

/// The step that is to be made now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct DueStep {
    pub(crate) step: Step,
    pub(crate) attempt: u32,
    pub(crate) tries: u32,
    pub(crate) since: Timestamp,
    /// It is not to be tried before.
    pub(crate) not_before: Option<Timestamp>,
}

/// Why a step cannot be made once more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotRestartable {
    /// The order has no such step.
    NoSuchStep,
    /// It was not made yet: there is nothing to begin anew.
    NotMade,
    /// It is at work.
    AtWork,
    /// The order is cancelled.
    Cancelled,
}

impl Progress {
    /// The first step is due.
    pub(crate) fn begin(steps: impl IntoIterator<Item = Step>, now: Timestamp) -> Self {
        let step = |step| StepProgress {
            step,
            state: StepState::Waiting,
            attempt: 0,
            tries: 0,
            since: now,
            path: None,
            problem: None,
            not_before: None,
        };
        let mut progress = Self(steps.into_iter().map(step).collect());
        progress.go_on(now);
        progress
    }

    pub(crate) fn steps(&self) -> &[StepProgress] {
        &self.0
    }

    pub(crate) fn of(&self, step: Step) -> Option<&StepProgress> {
        self.0.iter().find(|one| one.step == step)
    }

    pub(crate) fn is_done(&self, step: Step) -> bool {
        self.of(step).is_some_and(|one| one.state == StepState::Done)
    }

    pub(crate) fn is_complete(&self) -> bool {
        self.0.iter().all(|one| one.state == StepState::Done)
    }

    /// The step that is to be made now.
    pub(crate) fn due(&self) -> Option<DueStep> {
        let due = self.0.iter().find(|one| one.state == StepState::Due)?;
        let StepProgress { step, attempt, tries, since, not_before, .. } = *due;
        Some(DueStep { step, attempt, tries, since, not_before })
    }

    /// The step that failed.
    pub(crate) fn failed(&self) -> Option<&StepProgress> {
        self.0.iter().find(|one| one.state == StepState::Failed)
    }

    /// The step at which it stands: the one that is due or failed. `None`: all are done.
    pub(crate) fn standing(&self) -> Option<&StepProgress> {
        self.0.iter().find(|one| one.state != StepState::Done)
    }

    /// What the step before left behind: what a step works from. `None`: it is the first, and works from the order.
    pub(crate) fn input_of(&self, step: Step) -> Option<&PayloadPath> {
        self.0.iter().take_while(|one| one.step != step).last()?.path.as_ref()
    }

    /// The attempt succeeded, and the next step is due. `None`: it is not the attempt that is due.
    pub(crate) fn done(mut self, of: DueStep, path: PayloadPath, now: Timestamp) -> Option<Self> {
        let step = self.at_work(of)?;
        (step.state, step.since, step.path) = (StepState::Done, now, Some(path));
        (step.problem, step.not_before) = (None, None);
        self.go_on(now);
        Some(self)
    }

    /// The attempt came to nothing, and a person has to look. `None`: it is not the attempt that is due.
    pub(crate) fn fail(mut self, of: DueStep, why: StepProblem, now: Timestamp) -> Option<Self> {
        let step = self.at_work(of)?;
        (step.state, step.since) = (StepState::Failed, now);
        (step.problem, step.not_before) = (Some(why), None);
        Some(self)
    }

    /// What the last step did turns out to have come to nothing. `None`: not all is done.
    pub(crate) fn fail_late(mut self, why: StepProblem, now: Timestamp) -> Option<Self> {
        let step = self.0.last_mut().filter(|step| step.state == StepState::Done)?;
        (step.state, step.since, step.problem) = (StepState::Failed, now, Some(why));
        Some(self)
    }

    /// A try came to nothing; the next one is made then. `None`: it is not the try that is due.
    pub(crate) fn tried(mut self, of: DueStep, why: StepProblem, next: Timestamp) -> Option<Self> {
        let step = self.at_work(of).filter(|step| step.tries == of.tries)?;
        step.tries += 1;
        (step.problem, step.not_before) = (Some(why), Some(next));
        Some(self)
    }

    /// Its turn comes then, and nothing is wrong. `None`: it is not the try that is due.
    pub(crate) fn postponed(mut self, of: DueStep, until: Timestamp) -> Option<Self> {
        let step = self.at_work(of).filter(|step| step.tries == of.tries)?;
        step.not_before = Some(until);
        Some(self)
    }

    /// A step that was made is made once more, and all that follow it.
    pub(crate) fn restart(mut self, from: Step, now: Timestamp) -> Result<Self, NotRestartable> {
        let at = self.0.iter().position(|one| one.step == from);
        let at = at.ok_or(NotRestartable::NoSuchStep)?;
        match self.0[at].state {
            StepState::Done | StepState::Failed => {}
            StepState::Due => return Err(NotRestartable::AtWork),
            StepState::Waiting => return Err(NotRestartable::NotMade),
        }
        for step in &mut self.0[at..] {
            (step.state, step.since) = (StepState::Waiting, now);
            (step.problem, step.not_before) = (None, None);
        }
        self.go_on(now);
        Ok(self)
    }

    /// The step of this very attempt.
    fn at_work(&mut self, of: DueStep) -> Option<&mut StepProgress> {
        let is_it = |one: &&mut StepProgress| {
            one.step == of.step && one.state == StepState::Due && one.attempt == of.attempt
        };
        self.0.iter_mut().find(is_it)
    }

    /// The first that waits is due, unless one before it is not done.
    fn go_on(&mut self, now: Timestamp) {
        let next = self.0.iter_mut().find(|one| one.state != StepState::Done);
        if let Some(next) = next.filter(|next| next.state == StepState::Waiting) {
            (next.state, next.since) = (StepState::Due, now);
            (next.attempt, next.tries) = (next.attempt + 1, 0);
        }
    }
}

#[cfg(test)]
#[path = "progress_tests.rs"]
mod tests;
