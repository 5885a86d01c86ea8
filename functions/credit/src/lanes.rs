//! How much is sent to an endpoint at once by this instance: a slow one keeps nobody but itself waiting.

use crate::domain::EndpointId;
use jiff::Timestamp;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard};

/// Most attempts at one endpoint at the same time.
pub(crate) const MAX_AT_ONCE: u32 = 8;
/// Most endpoints whose rest is remembered.
const MAX_REMEMBERED: usize = 10_000;

#[derive(Debug, Default)]
pub(crate) struct Lanes(Mutex<HashMap<EndpointId, Lane>>);

#[derive(Debug, Default)]
struct Lane {
    at_work: u32,
    /// Until then it wants nothing more.
    rests_until: Option<Timestamp>,
}

/// Leave for one attempt, given back when it is dropped.
#[derive(Debug)]
pub(crate) struct Passage<'a> {
    lanes: &'a Lanes,
    endpoint: EndpointId,
}

impl Lanes {
    /// Leave for one attempt now; `None` if the endpoint has enough to do.
    pub(crate) fn enter(&self, endpoint: EndpointId, now: Timestamp) -> Option<Passage<'_>> {
        let mut lanes = self.lanes();
        if lanes.len() >= MAX_REMEMBERED {
            lanes.retain(|_, lane| lane.at_work > 0);
        }
        let lane = lanes.entry(endpoint).or_default();
        if lane.at_work >= MAX_AT_ONCE || lane.rests_until.is_some_and(|until| now < until) {
            return None;
        }
        lane.rests_until = None;
        lane.at_work += 1;
        Some(Passage { lanes: self, endpoint })
    }

    /// The endpoint has too much to do: it is sent nothing until then.
    pub(crate) fn rest(&self, endpoint: EndpointId, until: Timestamp) {
        self.lanes().entry(endpoint).or_default().rests_until = Some(until);
    }

    fn lanes(&self) -> MutexGuard<'_, HashMap<EndpointId, Lane>> {
        self.0.lock().expect("no code panics while it holds the lanes")
    }
}

impl Drop for Passage<'_> {
    fn drop(&mut self) {
        let mut lanes = self.lanes.lanes();
        if let Some(lane) = lanes.get_mut(&self.endpoint) {
            lane.at_work = lane.at_work.saturating_sub(1);
            if lane.at_work == 0 && lane.rests_until.is_none() {
                lanes.remove(&self.endpoint);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn eight_at_once_for_each_and_none_while_it_rests() {
        let (lanes, now) = (Lanes::default(), Timestamp::from_second(1_800_000_000).unwrap());
        let [one, other] = [1, 2].map(|number| EndpointId::from(Uuid::from_u128(number)));
        let mut passages: Vec<_> = (0..MAX_AT_ONCE).map(|_| lanes.enter(one, now)).collect();
        assert!(passages.iter().all(Option::is_some) && lanes.enter(one, now).is_none());
        assert!(lanes.enter(other, now).is_some());
        passages.pop();
        assert!(lanes.enter(one, now).is_some());
        drop(passages);
        assert!(lanes.lanes().is_empty());
        let later = now + jiff::SignedDuration::from_secs(5);
        lanes.rest(one, later);
        assert!(lanes.enter(one, now).is_none() && lanes.enter(one, later).is_some());
    }
}
