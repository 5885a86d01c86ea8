//! What becomes of a purchase, step by step: asked for, captured, given back. Drawn up at once, and then carried out.

mod book;
mod draw;
mod order;
mod scenario;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

pub(crate) use book::Book;
pub(crate) use draw::drawn_up;
pub(crate) use order::{OrderedCard, Run};

/// A purchase, or another matter between a card and the platform. Its steps are grouped in stages: those of a stage may
/// happen in any order, and only when all of the stage before are over.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Plan {
    pub(crate) number: u64,
    /// From which it is drawn what goes wrong with its messages.
    pub(crate) seed: u64,
    pub(crate) card: UsedCard,
    pub(crate) shop: Shop,
    /// A card number in the ids of its messages, by its place among the offered ones.
    pub(crate) pan_in_ids: Option<usize>,
    /// The largest amount, in the currency's smallest unit, that the processor approves by itself.
    pub(crate) stand_in: i64,
    /// How long a day lasts, in milliseconds.
    pub(crate) day_ms: u64,
    /// When the stage in work began.
    pub(crate) since: Timestamp,
    pub(crate) steps: Vec<Step>,
}

/// A card as shops see it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct UsedCard {
    pub(crate) token: String,
    pub(crate) currency: String,
    /// What whoever ordered the run calls its account.
    pub(crate) account: Option<String>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Shop {
    pub(crate) name: String,
    pub(crate) category: u16,
    /// A card number that it puts into its name, by its place among the offered ones.
    pub(crate) pan: Option<usize>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Step {
    pub(crate) stage: u16,
    /// How long after the beginning of its stage, in milliseconds.
    pub(crate) after_ms: u64,
    pub(crate) what: What,
    /// How it ended; none while it is to come.
    pub(crate) outcome: Option<Outcome>,
}

/// Amounts are in the currency's smallest unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub(crate) enum What {
    /// May the card spend so much? At most one in a plan.
    Ask {
        amount: i64,
    },
    /// And so much more?
    Increase {
        amount: i64,
    },
    /// The processor approved by itself.
    Advise {
        amount: i64,
    },
    Capture {
        amount: i64,
        last: bool,
    },
    /// A part, or all that is left.
    Reverse {
        amount: Option<i64>,
    },
    Expire,
    Refund {
        amount: i64,
    },
    ChargeBack {
        amount: i64,
    },
    /// A card was taken into use.
    Activate {
        id: String,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Outcome {
    /// A fact: the platform has it.
    Acknowledged,
    Approved,
    Declined,
    /// Nobody answered in time, and the processor decided by itself.
    Unanswered,
}

impl Step {
    pub(crate) fn new(stage: u16, after_ms: u64, what: What) -> Self {
        Self { stage, after_ms, what, outcome: None }
    }
}

impl Plan {
    /// The steps that may happen now, and when.
    pub(crate) fn next(&self) -> impl Iterator<Item = (Timestamp, usize)> + '_ {
        let stage = self.stage();
        let steps = self.steps.iter().enumerate();
        let open =
            steps.filter(move |(_, step)| step.outcome.is_none() && Some(step.stage) == stage);
        open.map(|(index, step)| {
            (self.since.saturating_add(millis(step.after_ms)).unwrap_or(Timestamp::MAX), index)
        })
    }

    fn stage(&self) -> Option<u16> {
        self.steps.iter().filter(|step| step.outcome.is_none()).map(|step| step.stage).min()
    }

    pub(crate) fn is_over(&self) -> bool {
        self.stage().is_none()
    }

    /// The id of the authorisation, if the shop asks for one.
    pub(crate) fn asks(&self) -> Option<usize> {
        self.steps.iter().position(|step| matches!(step.what, What::Ask { .. }))
    }

    /// A step is over. `None`: nobody has answered the question in time, and the processor's own rule decides.
    pub(crate) fn settle(
        &mut self,
        index: usize,
        outcome: Outcome,
        reorders: bool,
        now: Timestamp,
    ) {
        let before = self.stage();
        self.steps[index].outcome = Some(outcome);
        match (&self.steps[index].what, outcome) {
            (What::Ask { amount }, Outcome::Unanswered) => self.decide(*amount, reorders),
            (What::Ask { .. }, Outcome::Declined) if !self.is_early() => {
                self.steps.retain(|step| step.outcome.is_some())
            }
            _ => {}
        }
        if self.stage() != before {
            self.since = now;
        }
    }

    /// The processor's rule: small amounts are approved, and the platform is advised; all others are declined, and what
    /// the platform may have held is let go.
    fn decide(&mut self, amount: i64, reorders: bool) {
        let is_early = self.is_early();
        let approves = amount <= self.stand_in;
        if !approves && !is_early {
            self.steps.retain(|step| step.outcome.is_some());
        }
        let last = self
            .steps
            .iter()
            .filter(|step| step.outcome.is_some())
            .map(|step| step.stage)
            .max()
            .unwrap_or(0);
        for step in self.steps.iter_mut().filter(|step| step.outcome.is_none()) {
            step.stage += 1;
        }
        let tells = if approves { What::Advise { amount } } else { What::Reverse { amount: None } };
        if approves && reorders && !is_early {
            // The shop is faster than the advice: what it takes at once is all that it takes.
            self.steps.retain(|step| step.outcome.is_some());
            self.steps.push(Step::new(last + 1, 0, What::Capture { amount, last: true }));
            self.steps.push(Step::new(last + 2, 0, tells));
        } else {
            self.steps.push(Step::new(last + 1, 0, tells));
        }
    }

    /// Whether something of it was captured before anybody was asked.
    pub(crate) fn is_early(&self) -> bool {
        self.asks().is_some_and(|ask| {
            let earlier = |step: &Step| {
                step.stage < self.steps[ask].stage && matches!(step.what, What::Capture { .. })
            };
            self.steps.iter().any(earlier)
        })
    }
}

fn millis(count: u64) -> SignedDuration {
    SignedDuration::from_millis(i64::try_from(count).unwrap_or(i64::MAX))
}
