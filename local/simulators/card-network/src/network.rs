//! All that the network knows, and what is to come.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::{Mutex, MutexGuard},
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};
use rand::Rng;
use serde::Serialize;
use simulator_shell::Clock;
use tokio::sync::Notify;
use uuid::Uuid;

use crate::{
    Faults,
    cards::IssuedCard,
    plan::{Book, Outcome, Plan, Run, drawn_up},
    sending::Delivered,
    store::{NotStored, Store, Stored},
};

/// Letters that the network's ids begin with: another network on the same platform has others.
const PREFIX_LETTERS: usize = 6;
/// Violations that are shown.
const MOST_VIOLATIONS: usize = 20;

/// A step that is due: of which plan, and which.
pub(crate) type Due = (u64, usize);

/// The network, shared by those who send and those who look.
#[derive(Debug)]
pub(crate) struct Network {
    known: Mutex<Known>,
    pub(crate) clock: Clock,
    pub(crate) prefix: String,
    /// Something new is to be sent.
    pub(crate) changed: Notify,
}

#[derive(Debug)]
struct Known {
    plans: BTreeMap<u64, Plan>,
    cards: BTreeMap<Uuid, IssuedCard>,
    /// What is to be sent and is not on its way, by time.
    agenda: BTreeSet<(Timestamp, u64, usize)>,
    /// How often each open step was sent.
    tries: BTreeMap<Due, u32>,
    counts: Counts,
    violations: VecDeque<String>,
    store: Store,
}

/// What happened since the start.
#[derive(Clone, Copy, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Counts {
    /// Messages that were sent, repeated and forged ones included.
    pub(crate) sent: u64,
    pub(crate) acknowledged: u64,
    pub(crate) approved: u64,
    pub(crate) declined: u64,
    /// Questions that nobody answered in time.
    pub(crate) unanswered: u64,
    /// Facts that the platform refused; they are sent again.
    pub(crate) refused: u64,
    /// What the platform did and must never do.
    pub(crate) violations: u64,
}

/// `GET /v1/simulation`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Status {
    /// Messages that are to come, or not acknowledged yet.
    pub(crate) open: usize,
    /// Steps of all plans.
    pub(crate) planned: usize,
    pub(crate) purchases: usize,
    pub(crate) cards: usize,
    /// When the next is sent.
    pub(crate) next: Option<Timestamp>,
    pub(crate) totals: Counts,
    pub(crate) violations: Vec<String>,
}

impl Network {
    pub(crate) fn new(store: Store, stored: Stored, clock: Clock) -> Result<Self, NotStored> {
        let Stored { plans, cards, prefix } = stored;
        let prefix = match prefix {
            Some(prefix) => prefix,
            None => {
                let prefix = new_prefix();
                store.put_prefix(&prefix)?;
                prefix
            }
        };
        let mut known = Known {
            plans: BTreeMap::new(),
            cards: cards.into_iter().map(|card| (card.id, card)).collect(),
            agenda: BTreeSet::new(),
            tries: BTreeMap::new(),
            counts: Counts::default(),
            violations: VecDeque::new(),
            store,
        };
        plans.into_iter().for_each(|plan| known.take_in(plan));
        Ok(Self { known: Mutex::new(known), clock, prefix, changed: Notify::new() })
    }

    /// Draws up a run and begins it; how many messages it has.
    pub(crate) fn begin(&self, run: &Run, faults: &Faults) -> Result<usize, NotStored> {
        let mut known = self.lock();
        let plans = drawn_up(run, faults, known.next_number(), self.clock.now());
        let messages = plans.iter().map(|plan| plan.steps.len()).sum();
        known.add(plans)?;
        self.changed.notify_one();
        Ok(messages)
    }

    /// Begins one purchase; `make` is given its number.
    pub(crate) fn begin_one(&self, make: impl FnOnce(u64) -> Plan) -> Result<u64, NotStored> {
        let mut known = self.lock();
        let number = known.next_number();
        known.add(vec![make(number)])?;
        self.changed.notify_one();
        Ok(number)
    }

    /// Adds a step to a purchase, after all that it has.
    pub(crate) fn go_on(
        &self,
        number: u64,
        add: impl FnOnce(&mut Plan),
    ) -> Result<bool, NotStored> {
        let mut known = self.lock();
        let Some(mut plan) = known.plans.get(&number).cloned() else { return Ok(false) };
        let was_over = plan.is_over();
        add(&mut plan);
        if was_over {
            plan.since = self.clock.now();
        }
        known.add(vec![plan])?;
        self.changed.notify_one();
        Ok(true)
    }

    pub(crate) fn plan(&self, number: u64) -> Option<Plan> {
        self.lock().plans.get(&number).cloned()
    }

    /// The purchase that this is the authorisation of.
    pub(crate) fn find(&self, is_it: impl Fn(&Plan) -> bool) -> Option<Plan> {
        self.lock().plans.values().rev().find(|plan| is_it(plan)).cloned()
    }

    /// The next step that is due, taken off the agenda, with its plan and how often it was sent; or how long until one is.
    pub(crate) fn take_due(&self) -> Result<(Plan, usize, u32), Option<Duration>> {
        let now = self.clock.now();
        let mut known = self.lock();
        let Some(first) = known.agenda.first().copied() else { return Err(None) };
        let (at, number, index) = first;
        if at > now {
            return Err(Some(at.duration_since(now).try_into().unwrap_or_default()));
        }
        known.agenda.remove(&first);
        let Some(plan) = known.plans.get(&number).cloned() else {
            return Err(Some(Duration::ZERO));
        };
        let tries = known.tries.entry((number, index)).or_default();
        let before = *tries;
        *tries = before.saturating_add(1);
        Ok((plan, index, before))
    }

    /// What became of a step that was sent.
    pub(crate) fn settle(&self, (number, index): Due, done: Delivered) -> Result<(), NotStored> {
        let now = self.clock.now();
        let mut known = self.lock();
        known.count(&done);
        let again = now.saturating_add(SignedDuration::from_millis(
            i64::try_from(done.again_ms).unwrap_or(i64::MAX),
        ));
        let Some(outcome) = done.outcome else {
            known.agenda.insert((again.unwrap_or(now), number, index));
            self.changed.notify_one();
            return Ok(());
        };
        let Some(mut plan) = known.plans.get(&number).cloned() else { return Ok(()) };
        plan.settle(index, outcome, done.reorders, now);
        if let Err(error) = known.store.put(std::slice::from_ref(&plan), &[]) {
            // It is as if it had not been heard: sent again, it is answered the same.
            known.agenda.insert((again.unwrap_or(now), number, index));
            return Err(error);
        }
        known.tries.remove(&(number, index));
        known.schedule(&plan);
        known.plans.insert(number, plan);
        self.changed.notify_one();
        Ok(())
    }

    pub(crate) fn book(&self) -> Book {
        Book::of(self.lock().plans.values())
    }

    pub(crate) fn status(&self) -> Status {
        let known = self.lock();
        let steps = known.plans.values().flat_map(|plan| &plan.steps);
        Status {
            open: steps.clone().filter(|step| step.outcome.is_none()).count(),
            planned: steps.count(),
            purchases: known.plans.len(),
            cards: known.cards.len(),
            next: known.agenda.first().map(|(at, ..)| *at),
            totals: known.counts,
            violations: known.violations.iter().cloned().collect(),
        }
    }

    pub(crate) fn card(&self, id: Uuid) -> Option<IssuedCard> {
        self.lock().cards.get(&id).cloned()
    }

    /// All cards, the newest first.
    pub(crate) fn cards(&self) -> Vec<IssuedCard> {
        let mut cards: Vec<_> = self.lock().cards.values().cloned().collect();
        cards.sort_by_key(|card| std::cmp::Reverse(card.made_at));
        cards
    }

    /// Keeps cards that are new or have changed.
    pub(crate) fn put_cards(&self, cards: Vec<IssuedCard>) -> Result<(), NotStored> {
        let mut known = self.lock();
        known.store.put(&[], &cards)?;
        known.cards.extend(cards.into_iter().map(|card| (card.id, card)));
        Ok(())
    }

    /// Whoever holds it does not wait for anything but the disk.
    fn lock(&self) -> MutexGuard<'_, Known> {
        self.known.lock().expect("no code panics while it holds what the network knows")
    }
}

impl Known {
    fn next_number(&self) -> u64 {
        self.plans.last_key_value().map_or(1, |(last, _)| last + 1)
    }

    fn add(&mut self, plans: Vec<Plan>) -> Result<(), NotStored> {
        self.store.put(&plans, &[])?;
        plans.into_iter().for_each(|plan| self.take_in(plan));
        Ok(())
    }

    fn take_in(&mut self, plan: Plan) {
        self.schedule(&plan);
        self.plans.insert(plan.number, plan);
    }

    /// Puts on the agenda what may happen now; what was sent before is on its way, or there already.
    fn schedule(&mut self, plan: &Plan) {
        let next =
            plan.next().filter(|(_, index)| !self.tries.contains_key(&(plan.number, *index)));
        self.agenda.extend(next.map(|(at, index)| (at, plan.number, index)));
    }

    fn count(&mut self, done: &Delivered) {
        let counts = &mut self.counts;
        counts.sent += done.sent;
        match done.outcome {
            Some(Outcome::Acknowledged) => counts.acknowledged += 1,
            Some(Outcome::Approved) => counts.approved += 1,
            Some(Outcome::Declined) => counts.declined += 1,
            Some(Outcome::Unanswered) => counts.unanswered += 1,
            None => counts.refused += u64::from(done.refused.is_some()),
        }
        for violation in &done.violations {
            counts.violations += 1;
            self.violations.push_back(violation.clone());
            if self.violations.len() > MOST_VIOLATIONS {
                self.violations.pop_front();
            }
        }
    }
}

fn new_prefix() -> String {
    let mut random = rand::rng();
    (0..PREFIX_LETTERS).map(|_| char::from(random.random_range(b'a'..=b'z'))).collect()
}
