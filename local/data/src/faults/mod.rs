//! Failures on demand: what tests and the host's page ask a service to do wrong.
//!
//! Three kinds: the service does not do the work (`Throttle`, `Unavailable`, `InternalError`, `Forbidden`,
//! `Disconnect`), it does the
//! work and the client does not hear of it (`LoseAnswer`), or something else happens meanwhile (`Hold`, `HoldAnswer`,
//! `Delay`, and [`Faults::stale`], which makes reads old).

mod gate;
mod requests;
mod stale;

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use rand::{Rng, SeedableRng, rngs::SmallRng};

use self::stale::Stale;
pub use self::{gate::Gate, requests::Requests, stale::StaleReads};
pub(crate) use self::{requests::Asked, stale::StaleId};
use crate::Service;

/// What goes wrong with a request.
#[derive(Clone, Debug, PartialEq)]
pub enum Fault {
    /// Too many requests: Cosmos DB's 429 with `x-ms-retry-after-ms`; Blob's and Queue's 503 `ServerBusy`, Event Hubs' 503.
    Throttle {
        /// How long the client is told to wait.
        retry_after: Duration,
    },
    /// 503: the service is there and does not serve.
    Unavailable,
    /// 500.
    InternalError,
    /// 403, as for an identity whose role does not allow it.
    Forbidden,
    /// The work is done, this much later.
    Delay(Duration),
    /// The connection is closed without an answer, and nothing is done.
    Disconnect,
    /// The work is done; then the connection is closed without an answer.
    LoseAnswer,
    /// A copy of a blob stays pending, as from a source that sends a byte a minute: until it is aborted the blob cannot be
    /// changed or deleted. Any other request is worked on as ever.
    PendingCopy,
    /// The request waits before the work until the gate is opened. It is worked on even when its client has gone.
    Hold(Gate),
    /// The work is done; the answer waits until the gate is opened.
    HoldAnswer(Gate),
}

/// Which requests a rule meets.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum When {
    /// Every one, until the rule is removed: the service is stopped, so to speak.
    Always,
    /// The next so many; then the rule is gone.
    Next(u32),
    /// Only the n-th that the rule is about, counted from 1; then the rule is gone.
    Nth(u64),
    /// Each with this probability, between 0 and 1.
    Probability(f64),
}

/// A fault, the service it belongs to, and when it strikes.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// The service that fails.
    pub service: Service,
    /// Which of its requests; `Requests::default()` are all.
    pub only: Requests,
    /// What goes wrong.
    pub fault: Fault,
    /// For which requests.
    pub when: When,
}

/// Names a rule that was added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RuleId(u64);

/// The rules in force. Empty, the usual case, costs a request one atomic read.
#[derive(Debug)]
pub struct Faults {
    any: AtomicBool,
    next_id: AtomicU64,
    inner: Mutex<Inner>,
    stale: Arc<Stale>,
}

#[derive(Debug)]
struct Inner {
    rules: Vec<(RuleId, Rule)>,
    /// How many requests each rule was about, also those that are gone.
    met: HashMap<RuleId, u64>,
    random: SmallRng,
}

impl Faults {
    /// No rules; probabilities are drawn from this seed, so that a run can be repeated.
    pub fn seeded(seed: u64) -> Self {
        Self {
            any: AtomicBool::new(false),
            next_id: AtomicU64::new(1),
            inner: Mutex::new(Inner {
                rules: Vec::new(),
                met: HashMap::new(),
                random: SmallRng::seed_from_u64(seed),
            }),
            stale: Arc::default(),
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

    /// How many requests the rule was about so far, whether it struck or not; what a rule that is gone met stays known.
    /// So a test takes the first, the second, the third … request, until there is no n-th.
    pub fn met(&self, id: RuleId) -> u64 {
        self.lock().met.get(&id).copied().unwrap_or_default()
    }

    /// From now on reads of this container of Cosmos DB, point reads, lists and queries, are answered from a copy as of
    /// now, as by a region that has not heard of later writes. Writes, their conditions and the change feed are those of
    /// the live container. Until the guard is dropped.
    #[must_use = "reads are old as long as this is held"]
    pub fn stale(&self, database: &str, container: &str) -> StaleReads {
        Stale::begin(&self.stale, database, container)
    }

    /// Which copy answers reads of the container; none is the usual case, and costs one atomic read.
    pub(crate) fn stale_id(&self, database: &str, container: &str) -> Option<StaleId> {
        self.stale.of(database, container)
    }

    /// Whether reads are still answered from that copy.
    pub(crate) fn is_stale(&self, id: StaleId) -> bool {
        self.stale.contains(id)
    }

    /// Decides about one request.
    pub(crate) fn draw(&self, asked: &Asked<'_>) -> Option<Fault> {
        if !self.any.load(Ordering::Relaxed) {
            return None;
        }
        let mut inner = self.lock();
        let Inner { rules, met, random } = &mut *inner;
        let mut struck = None;
        let mut over = Vec::new();
        for (id, rule) in rules.iter_mut() {
            if rule.service != asked.service || !rule.only.include(asked) {
                continue;
            }
            let met = met.entry(*id).or_default();
            *met += 1;
            if let When::Nth(n) = rule.when
                && *met >= n
            {
                over.push(*id);
            }
            if struck.is_none() && rule.when.strikes(*met, random) {
                struck = Some(rule.fault.clone());
            }
        }
        rules.retain(|(id, rule)| rule.when != When::Next(0) && !over.contains(id));
        self.any.store(!rules.is_empty(), Ordering::Relaxed);
        struck
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

impl When {
    /// Whether this is the moment for the `met`-th request.
    fn strikes(&mut self, met: u64, random: &mut SmallRng) -> bool {
        match self {
            Self::Always => true,
            Self::Next(0) => false,
            Self::Next(left) => {
                *left -= 1;
                true
            }
            Self::Nth(n) => met == *n,
            Self::Probability(p) => random.random_bool(p.clamp(0.0, 1.0)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(service: Service, when: When) -> Rule {
        Rule { service, only: Requests::default(), fault: Fault::Unavailable, when }
    }

    fn to(service: Service) -> Asked<'static> {
        Asked { service, method: &http::Method::PUT, path: "/", is_query: false }
    }

    #[test]
    fn next_strikes_that_often_and_only_its_own_service() {
        let faults = Faults::seeded(1);
        faults.add(rule(Service::Cosmos, When::Next(2)));
        assert_eq!(faults.draw(&to(Service::Blob)), None);
        assert_eq!(faults.draw(&to(Service::Cosmos)), Some(Fault::Unavailable));
        assert_eq!(faults.draw(&to(Service::Cosmos)), Some(Fault::Unavailable));
        assert_eq!(faults.draw(&to(Service::Cosmos)), None);
        assert_eq!(faults.rules(), vec![]);
    }

    #[test]
    fn the_same_seed_draws_the_same_requests() {
        let strikes = |seed| {
            let faults = Faults::seeded(seed);
            faults.add(rule(Service::Queue, When::Probability(0.3)));
            (0..200).map(|_| faults.draw(&to(Service::Queue)).is_some()).collect::<Vec<_>>()
        };
        let drawn = strikes(7);
        assert_eq!(drawn, strikes(7));
        assert!((20..100).contains(&drawn.iter().filter(|struck| **struck).count()));
    }

    #[test]
    fn a_removed_rule_strikes_no_more() {
        let faults = Faults::seeded(1);
        let id = faults.add(rule(Service::Cosmos, When::Always));
        assert!(faults.draw(&to(Service::Cosmos)).is_some());
        faults.remove(id);
        assert_eq!(faults.draw(&to(Service::Cosmos)), None);
    }

    #[test]
    fn the_nth_is_struck_alone_and_the_rule_says_how_many_it_met() {
        let faults = Faults::seeded(1);
        let id = faults.add(rule(Service::Blob, When::Nth(3)));
        let struck: Vec<bool> = (0..5).map(|_| faults.draw(&to(Service::Blob)).is_some()).collect();
        assert_eq!(struck, [false, false, true, false, false]);
        assert_eq!((faults.met(id), faults.rules()), (3, vec![]));
        let fifth = faults.add(rule(Service::Blob, When::Nth(5)));
        faults.draw(&to(Service::Blob));
        assert_eq!((faults.met(fifth), faults.rules().len()), (1, 1));
    }
}
