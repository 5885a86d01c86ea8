//! Who waits in this process for the end of an assessment.

use crate::domain::AssessmentId;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

/// Most requests that one instance holds; further ones are answered 202 at once.
const MAX_HELD: usize = 2_500;

/// Who waits in this process, and for what. A result that another instance wrote is found by looking.
#[derive(Debug, Default)]
pub(crate) struct Held(Mutex<HashMap<AssessmentId, Waiters>>);

#[derive(Debug, Default)]
struct Waiters {
    count: usize,
    ended: Arc<Notify>,
}

/// A request that waits; no longer when it is dropped.
#[derive(Debug)]
pub(crate) struct Waiting<'a> {
    held: &'a Held,
    id: AssessmentId,
    ended: Arc<Notify>,
}

impl Waiting<'_> {
    /// Returns when the assessment has ended in this process.
    pub(crate) async fn ended(&self) {
        self.ended.notified().await;
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        let mut held = self.held.waiters();
        if let Some(waiters) = held.get_mut(&self.id) {
            waiters.count -= 1;
            if waiters.count == 0 {
                held.remove(&self.id);
            }
        }
    }
}

impl Held {
    /// An assessment has ended: whoever waits for it here looks at once.
    pub(crate) fn ended(&self, id: AssessmentId) {
        if let Some(waiters) = self.waiters().get(&id) {
            waiters.ended.notify_waiters();
        }
    }

    /// Waits for an assessment; `None` where too many wait.
    pub(crate) fn join(&self, id: AssessmentId) -> Option<Waiting<'_>> {
        let mut held = self.waiters();
        if held.values().map(|waiters| waiters.count).sum::<usize>() >= MAX_HELD {
            return None;
        }
        let waiters = held.entry(id).or_default();
        waiters.count += 1;
        Some(Waiting { held: self, id, ended: waiters.ended.clone() })
    }

    fn waiters(&self) -> MutexGuard<'_, HashMap<AssessmentId, Waiters>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn id(number: u128) -> AssessmentId {
        AssessmentId::from(Uuid::from_u128(number))
    }

    #[tokio::test]
    async fn who_waits_is_woken_and_nothing_is_left_of_it() {
        let held = Held::default();
        let (one, two) = (held.join(id(1)).unwrap(), held.join(id(1)).unwrap());
        let both = async { tokio::join!(one.ended(), two.ended()) };
        let wake = async {
            tokio::task::yield_now().await;
            held.ended(id(2));
            held.ended(id(1));
        };
        tokio::join!(both, wake);
        drop((one, two));
        assert!(held.waiters().is_empty());
    }

    #[test]
    fn there_is_room_for_so_many() {
        let held = Held::default();
        let all: Vec<_> = (0..MAX_HELD as u128).map(|n| held.join(id(n)).unwrap()).collect();
        assert!(held.join(id(0)).is_none());
        drop(all);
        assert!(held.join(id(0)).is_some());
    }
}
