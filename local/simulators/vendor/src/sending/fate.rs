//! What goes wrong with one attempt of a webhook, drawn from the seed: the same, whenever it is made.

use rand::{Rng, SeedableRng, rngs::SmallRng};

use super::Notice;
use crate::Faults;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Fate {
    pub(super) is_lost: bool,
    pub(super) is_twice: bool,
    pub(super) is_late: bool,
    pub(super) is_wrongly_signed: bool,
    /// For the spread of the next attempt, from 0 to 1.
    pub(super) jitter: f64,
}

impl Fate {
    /// It draws the same number of times whatever is on, so that a switch does not change what the seed says about the
    /// others.
    pub(super) fn draw(faults: &Faults, seed: u64, notice: &Notice) -> Self {
        let mixed = seed.wrapping_add(faults.seed)
            ^ notice.number.rotate_left(20)
            ^ u64::from(notice.attempts).rotate_left(50);
        let mut random = SmallRng::seed_from_u64(mixed);
        let mut strikes = |chance: f64| random.random::<f64>() < chance;
        let is_first = notice.attempts == 0;
        Self {
            is_lost: strikes(faults.webhook_lost) && is_first,
            is_twice: strikes(faults.webhook_twice),
            is_late: strikes(faults.webhook_late) && is_first && !notice.is_late,
            is_wrongly_signed: strikes(faults.webhook_wrongly_signed),
            jitter: random.random(),
        }
    }
}
