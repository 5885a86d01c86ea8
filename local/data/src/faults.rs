//! Failures on demand: what tests and the host's page ask a service to do wrong.

use std::{
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use rand::{Rng, SeedableRng, rngs::SmallRng};

use crate::Service;

/// What goes wrong with a request. The service answers instead of doing the work.
#[derive(Clone, Debug, PartialEq)]
pub enum Fault {
    /// Too many requests: Cosmos DB's 429 with `x-ms-retry-after-ms`; Blob's and Queue's 503 `ServerBusy`.
    Throttle {
        /// How long the client is told to wait.
        retry_after: Duration,
    },
    /// 503: the service is there and does not serve.
    Unavailable,
    /// 500.
    InternalError,
    /// The work is done, this much later.
    Delay(Duration),
    /// The connection is closed without an answer.
    Disconnect,
}

/// Which requests a rule meets.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum When {
    /// Every one, until the rule is removed: the service is stopped, so to speak.
    Always,
    /// The next so many; then the rule is gone.
    Next(u32),
    /// Each with this probability, between 0 and 1.
    Probability(f64),
}

/// A fault, the service it belongs to, and when it strikes.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// The service that fails.
    pub service: Service,
    /// What goes wrong.
    pub fault: Fault,
    /// For which requests.
    pub when: When,
}

/// Names a rule that was added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RuleId(u64);

/// The rules in force. Empty, the usual case, costs a request one atomic read.
#[derive(Debug)]
pub struct Faults {
    any: AtomicBool,
    next_id: AtomicU64,
    inner: Mutex<Inner>,
}

#[derive(Debug)]
struct Inner {
    rules: Vec<(RuleId, Rule)>,
    random: SmallRng,
}

impl Faults {
    /// No rules; probabilities are drawn from this seed, so that a run can be repeated.
    pub fn seeded(seed: u64) -> Self {
        Self {
            any: AtomicBool::new(false),
            next_id: AtomicU64::new(1),
            inner: Mutex::new(Inner { rules: Vec::new(), random: SmallRng::seed_from_u64(seed) }),
        }
    }

    /// Adds a rule. Older rules are asked first; the first that strikes decides.
    pub fn add(&self, rule: Rule) -> RuleId {
        let id = RuleId(self.next_id.fetch_add(1, Ordering::Relaxed));
        self.change(|rules| rules.push((id, rule)));
        id
    }

    /// Removes one rule; does nothing when it is used up.
    pub fn remove(&self, id: RuleId) {
        self.change(|rules| rules.retain(|(other, _)| *other != id));
    }

    /// Removes every rule.
    pub fn clear(&self) {
        self.change(Vec::clear);
    }

    /// The rules in force, with what is left of each `When::Next`.
    pub fn rules(&self) -> Vec<(RuleId, Rule)> {
        self.lock().rules.clone()
    }

    /// Decides about one request to `service`.
    pub(crate) fn draw(&self, service: Service) -> Option<Fault> {
        if !self.any.load(Ordering::Relaxed) {
            return None;
        }
        let mut inner = self.lock();
        let Inner { rules, random } = &mut *inner;
        let struck = rules.iter_mut().position(|(_, rule)| {
            rule.service == service
                && match &mut rule.when {
                    When::Always => true,
                    When::Next(0) => false,
                    When::Next(left) => {
                        *left -= 1;
                        true
                    }
                    When::Probability(p) => random.random_bool(p.clamp(0.0, 1.0)),
                }
        })?;
        let fault = rules[struck].1.fault.clone();
        rules.retain(|(_, rule)| rule.when != When::Next(0));
        self.any.store(!rules.is_empty(), Ordering::Relaxed);
        Some(fault)
    }

    fn change(&self, edit: impl FnOnce(&mut Vec<(RuleId, Rule)>)) {
        let mut inner = self.lock();
        edit(&mut inner.rules);
        self.any.store(!inner.rules.is_empty(), Ordering::Relaxed);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Inner> {
        self.inner.lock().expect("no code panics while it holds the rules")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(service: Service, when: When) -> Rule {
        Rule { service, fault: Fault::Unavailable, when }
    }

    #[test]
    fn next_strikes_that_often_and_only_its_own_service() {
        let faults = Faults::seeded(1);
        faults.add(rule(Service::Cosmos, When::Next(2)));
        assert_eq!(faults.draw(Service::Blob), None);
        assert_eq!(faults.draw(Service::Cosmos), Some(Fault::Unavailable));
        assert_eq!(faults.draw(Service::Cosmos), Some(Fault::Unavailable));
        assert_eq!(faults.draw(Service::Cosmos), None);
        assert_eq!(faults.rules(), vec![]);
    }

    #[test]
    fn the_same_seed_draws_the_same_requests() {
        let strikes = |seed| {
            let faults = Faults::seeded(seed);
            faults.add(rule(Service::Queue, When::Probability(0.3)));
            (0..200).map(|_| faults.draw(Service::Queue).is_some()).collect::<Vec<_>>()
        };
        let drawn = strikes(7);
        assert_eq!(drawn, strikes(7));
        assert!((20..100).contains(&drawn.iter().filter(|struck| **struck).count()));
    }

    #[test]
    fn a_removed_rule_strikes_no_more() {
        let faults = Faults::seeded(1);
        let id = faults.add(rule(Service::Cosmos, When::Always));
        assert!(faults.draw(Service::Cosmos).is_some());
        faults.remove(id);
        assert_eq!(faults.draw(Service::Cosmos), None);
    }
}
