//! Whether a region that is not at work any more still works at what its queues hold.

use crate::domain::{Region, Step};
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// How long the queues were when this process looked last. A process that is young takes a queue for one that is worked at,
/// for a minute.
#[derive(Debug, Default)]
pub(crate) struct Tails(Mutex<BTreeMap<(Region, Step), u64>>);

impl Tails {
    /// Whether a queue that gets nothing new has become shorter since the last look.
    pub(crate) fn drains(&self, region: &Region, step: Step, length: u64) -> bool {
        let mut lengths = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let before = lengths.insert((region.clone(), step), length);
        before.is_none_or(|before| length < before)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_queue_drains_as_long_as_it_becomes_shorter() {
        let (tails, west) = (Tails::default(), "westeurope".parse().unwrap());
        let drains = |length| tails.drains(&west, Step::Invoice, length);
        assert_eq!([500, 400, 400, 399].map(drains), [true, true, false, true]);
        assert!(tails.drains(&west, Step::Email, 900), "each queue is looked at by itself");
    }
}
