//! What goes wrong with one sending of one message, drawn from the purchase's seed: the same, whenever it is sent.

use rand::{Rng, SeedableRng, rngs::SmallRng};

use crate::{Faults, plan::Plan};

/// Longest time until something that was lost is sent again, in days.
const LOST_DAYS: u64 = 3;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fate {
    pub(super) is_twice: bool,
    /// The message, or only its answer, is lost.
    pub(super) lost: Option<Lost>,
    /// How long until what was lost is sent again, in milliseconds.
    pub(super) again_ms: u64,
    pub(super) beside: Vec<Beside>,
    /// The answer counts as none.
    pub(super) is_ignored: bool,
    pub(super) reorders: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lost {
    Message,
    Answer,
}

/// What comes beside a message, and must change nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Beside {
    UnknownToken,
    WrongSignature,
    ReplayedSignature,
}

impl Fate {
    /// It draws the same number of times whatever is on, so that a switch does not change what the seed says about the
    /// others.
    pub(super) fn draw(faults: &Faults, plan: &Plan, index: usize, sent_before: u32) -> Self {
        let step = u64::try_from(index).unwrap_or(u64::MAX);
        let mixed = plan.seed ^ step.rotate_left(20) ^ u64::from(sent_before).rotate_left(40);
        let mut random = SmallRng::seed_from_u64(mixed);
        let mut strikes = |chance: f64| random.random::<f64>() < chance;
        let (is_twice, is_lost) = (strikes(faults.duplicate), strikes(faults.lose));
        let half = strikes(0.5);
        let (is_ignored, reorders) = (strikes(faults.ignore_answer), strikes(faults.reorder));
        let beside = [
            (strikes(faults.unknown_token), Beside::UnknownToken),
            (strikes(faults.wrong_signature), Beside::WrongSignature),
            (strikes(faults.replayed_signature), Beside::ReplayedSignature),
        ];
        let beside = beside.into_iter().filter(|(is_on, _)| *is_on).map(|(_, what)| what);
        let lost = is_lost.then_some(if half { Lost::Message } else { Lost::Answer });
        let again_ms = random.random_range(0..=LOST_DAYS * plan.day_ms);
        Self { is_twice, lost, again_ms, beside: beside.collect(), is_ignored, reorders }
    }
}
