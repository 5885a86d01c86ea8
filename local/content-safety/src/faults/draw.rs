//! Whom a fault strikes.

use super::{Down, Faults, Wrong};
use crate::Severities;
use rand::{Rng, SeedableRng, rngs::SmallRng};
use std::time::Duration;

/// The faults in force, and the state of their draws.
#[derive(Debug)]
pub(crate) struct Switches {
    faults: Faults,
    random: SmallRng,
    struck: u32,
}

/// What one request meets.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Drawn {
    pub(crate) delay: Duration,
    pub(crate) down: Option<Down>,
    pub(crate) throttled: Option<Throttled>,
    pub(crate) wrong: Option<Wrong>,
    pub(crate) answer: Option<Severities>,
}

/// A request that is sent away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Throttled {
    pub(crate) retry_after_seconds: Option<u64>,
}

impl Switches {
    pub(crate) fn new(faults: Faults) -> Self {
        let random = SmallRng::seed_from_u64(faults.seed);
        Self { faults, random, struck: 0 }
    }

    /// The faults with what is left of `times`.
    pub(crate) fn faults(&self) -> &Faults {
        &self.faults
    }

    pub(crate) fn draw(&mut self) -> Drawn {
        let faults = &mut self.faults;
        // A draw for each request, struck or not: the same seed strikes the same ones.
        let hit = self.random.random_bool(faults.probability);
        if !hit || faults.are_off() || faults.times == Some(0) {
            return Drawn::default();
        }
        faults.times = faults.times.map(|times| times - 1);
        self.struck = self.struck.wrapping_add(1);
        let throttled = faults
            .throttle
            .filter(|throttle| self.struck.is_multiple_of(throttle.every))
            .map(|throttle| Throttled { retry_after_seconds: throttle.retry_after_seconds });
        Drawn {
            delay: Duration::from_millis(faults.delay_ms),
            down: faults.down,
            throttled,
            wrong: faults.wrong,
            answer: faults.answer,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Throttle;

    fn struck(faults: Faults, requests: usize) -> Vec<bool> {
        let mut switches = Switches::new(faults);
        (0..requests).map(|_| switches.draw() != Drawn::default()).collect()
    }

    #[test]
    fn so_many_times_and_then_no_more() {
        let faults = Faults { down: Some(Down::Closed), times: Some(2), ..Faults::default() };
        assert_eq!(struck(faults, 4), [true, true, false, false]);
    }

    #[test]
    fn every_third_request_is_throttled() {
        let throttle = Some(Throttle { every: 3, retry_after_seconds: Some(1) });
        let mut switches = Switches::new(Faults { throttle, ..Faults::default() });
        let throttled: Vec<_> = (0..6).map(|_| switches.draw().throttled.is_some()).collect();
        assert_eq!(throttled, [false, false, true, false, false, true]);
    }

    #[test]
    fn the_same_seed_strikes_the_same_requests() {
        let faults = Faults { delay_ms: 1, probability: 0.3, seed: 7, ..Faults::default() };
        let first = struck(faults.clone(), 200);
        assert_eq!(first, struck(faults, 200));
        assert!((30..90).contains(&first.iter().filter(|struck| **struck).count()));
    }
}
