//! All that the vendor knows: its services, the orders, and the webhooks that are to be sent.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Mutex, MutexGuard},
    time::Duration,
};

use jiff::Timestamp;
use serde::Serialize;
use simulator_shell::Clock;
use tokio::sync::Notify;

use crate::{
    order::{Event, Order, State},
    sending::{Attempted, Notice},
    service::Service,
    store::{NotStored, Store, Stored},
};

/// Orders that the vendor takes in its life; then it has nothing left to sell.
pub(crate) const MAX_ORDERS: usize = 200_000;
/// Webhooks that are remembered; of those that are done the oldest are forgotten.
const MAX_NOTICES: usize = 100_000;

/// What the vendor knows, shared by those who ask, those who send and those who look.
#[derive(Debug)]
pub(crate) struct Book {
    known: Mutex<Known>,
    pub(crate) clock: Clock,
    /// Something new is to come.
    pub(crate) changed: Notify,
}

#[derive(Debug)]
pub(crate) struct Known {
    pub(crate) services: BTreeMap<String, Service>,
    /// By when they came: ids are UUIDs of version 7.
    pub(crate) orders: BTreeMap<String, Order>,
    by_reference: BTreeMap<String, Vec<String>>,
    notices: BTreeMap<u64, Notice>,
    /// Webhooks that are to be sent and are not on their way.
    agenda: BTreeSet<(Timestamp, u64)>,
    /// Orders to which something happens by itself.
    timers: BTreeSet<(Timestamp, String)>,
    last_notice: u64,
    store: Store,
}

/// `GET /v1/simulation`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Counts {
    pub(crate) orders: usize,
    pub(crate) activating: usize,
    pub(crate) active: usize,
    pub(crate) cancelled: usize,
    /// Client references that have been ordered more than once.
    pub(crate) ordered_twice: usize,
    pub(crate) webhooks: usize,
    /// Webhooks that are to come, or are not taken yet.
    pub(crate) open_webhooks: usize,
}

impl Book {
    pub(crate) fn new(store: Store, stored: Stored, clock: Clock) -> Result<Self, NotStored> {
        let mut known = Known {
            services: stored.services.into_iter().map(|one| (one.id.clone(), one)).collect(),
            orders: BTreeMap::new(),
            by_reference: BTreeMap::new(),
            notices: BTreeMap::new(),
            agenda: BTreeSet::new(),
            timers: BTreeSet::new(),
            last_notice: 0,
            store,
        };
        if known.services.is_empty() {
            let samples = Service::samples();
            known.store.put(&samples, None, None)?;
            known.services = samples.into_iter().map(|one| (one.id.clone(), one)).collect();
        }
        stored.orders.into_iter().for_each(|order| known.take_in(order));
        stored.notices.into_iter().for_each(|notice| known.schedule(notice));
        Ok(Self { known: Mutex::new(known), clock, changed: Notify::new() })
    }

    /// Reads or changes what is known now: what was due before has happened. Whoever holds it waits for nothing but the
    /// disk.
    pub(crate) fn with<T>(
        &self,
        what: impl FnOnce(&mut Known, Timestamp) -> Result<T, NotStored>,
    ) -> Result<T, NotStored> {
        let now = self.clock.now();
        let mut known = self.lock();
        known.advance(now)?;
        let done = what(&mut known, now);
        self.changed.notify_one();
        done
    }

    /// The next webhook that is due, taken off the agenda; or how long until something is.
    pub(crate) fn take_due(&self) -> Result<Notice, Option<Duration>> {
        let now = self.clock.now();
        let mut known = self.lock();
        if let Err(error) = known.advance(now) {
            tracing::error!(%error, "what happened to an order by itself is not kept");
        }
        let next = known.agenda.first().copied();
        if let Some((at, number)) = next.filter(|(at, _)| *at <= now) {
            known.agenda.remove(&(at, number));
            return known.notices.get(&number).cloned().ok_or(Some(Duration::ZERO));
        }
        let timer = known.timers.first().map(|(at, _)| *at);
        let first = [next.map(|(at, _)| at), timer].into_iter().flatten().min();
        Err(first.map(|at| at.duration_since(now).try_into().unwrap_or_default()))
    }

    /// What became of a webhook that was sent.
    pub(crate) fn settle(&self, number: u64, attempted: Attempted) {
        let now = self.clock.now();
        let mut known = self.lock();
        let Some(notice) = known.notices.get(&number) else { return };
        let after = notice.after(attempted, now);
        if let Err(error) = known.store.put(&[], None, Some(&after)) {
            // It is as if it had not been heard: sent again, it is taken again.
            tracing::error!(%error, "what became of a webhook is not kept");
        }
        known.schedule(after);
        self.changed.notify_one();
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.known.lock().expect("no code panics while it holds what the vendor knows")
    }
}

impl Known {
    /// The orders of a client reference, in the order in which they came.
    pub(crate) fn ordered(&self, client_reference: &str) -> Vec<&Order> {
        let ids = self.by_reference.get(client_reference).into_iter().flatten();
        ids.filter_map(|id| self.orders.get(id)).collect()
    }

    /// Webhooks, the oldest first.
    pub(crate) fn notices(&self) -> impl DoubleEndedIterator<Item = &Notice> {
        self.notices.values()
    }

    pub(crate) fn counts(&self) -> Counts {
        let in_state = |state| self.orders.values().filter(|order| order.state == state).count();
        Counts {
            orders: self.orders.len(),
            activating: in_state(State::Activating),
            active: in_state(State::Active),
            cancelled: in_state(State::Cancelled),
            ordered_twice: self.by_reference.values().filter(|ids| ids.len() > 1).count(),
            webhooks: self.notices.len(),
            open_webhooks: self.notices.values().filter(|one| one.outcome.is_none()).count(),
        }
    }

    pub(crate) fn put_service(&mut self, service: Service) -> Result<(), NotStored> {
        self.store.put(std::slice::from_ref(&service), None, None)?;
        self.services.insert(service.id.clone(), service);
        Ok(())
    }

    /// Keeps a new order, or one that has changed; `event` is told by a webhook. The stock follows.
    pub(crate) fn put_order(
        &mut self,
        order: Order,
        event: Option<Event>,
        now: Timestamp,
    ) -> Result<(), NotStored> {
        let held = self.orders.get(&order.order_id).map_or(0, Order::held);
        let service = self.services.get(&order.service_id).filter(|one| one.stock.is_some());
        let service = service.cloned().map(|mut service| {
            service.move_stock(held, order.held());
            service
        });
        let notice = event.map(|event| Notice::of(self.last_notice + 1, &order, event, now));
        self.store.put(service.as_slice(), Some(&order), notice.as_ref())?;
        self.services.extend(service.map(|service| (service.id.clone(), service)));
        self.take_in(order);
        notice.into_iter().for_each(|notice| self.schedule(notice));
        Ok(())
    }

    /// What was due by now happens.
    fn advance(&mut self, now: Timestamp) -> Result<(), NotStored> {
        while let Some((at, id)) = self.timers.first().cloned().filter(|(at, _)| *at <= now) {
            self.timers.remove(&(at, id.clone()));
            let Some(order) = self.orders.get(&id) else { continue };
            if let Some((at, event)) = order.next().filter(|(at, _)| *at <= now) {
                let after = order.after(event);
                if let Err(error) = self.put_order(after, Some(event), at) {
                    self.timers.insert((at, id));
                    return Err(error);
                }
            }
        }
        Ok(())
    }

    fn take_in(&mut self, order: Order) {
        self.timers.extend(order.next().map(|(at, _)| (at, order.order_id.clone())));
        let of_reference = self.by_reference.entry(order.client_reference.clone()).or_default();
        if !of_reference.contains(&order.order_id) {
            of_reference.push(order.order_id.clone());
        }
        self.orders.insert(order.order_id.clone(), order);
    }

    fn schedule(&mut self, notice: Notice) {
        self.last_notice = self.last_notice.max(notice.number);
        if notice.outcome.is_none() {
            self.agenda.insert((notice.due, notice.number));
        }
        self.notices.insert(notice.number, notice);
        if self.notices.len() > MAX_NOTICES {
            let done = self.notices.values().find(|one| one.outcome.is_some());
            if let Some(number) = done.map(|one| one.number) {
                self.notices.remove(&number);
                self.store.forget_notice(number);
            }
        }
    }
}
