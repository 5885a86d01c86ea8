//! Traces in the order in which they began to come, the oldest first to go.

use std::collections::{HashMap, VecDeque};

use super::{limits::Limits, of_trace::StoredTrace};
use crate::trace_ids::TraceId;

#[derive(Debug, Default)]
pub(super) struct Ring {
    by_id: HashMap<TraceId, StoredTrace>,
    order: VecDeque<TraceId>,
    bytes: usize,
}

impl Ring {
    /// Changes a trace, which begins with it if it is not there.
    pub(super) fn change(&mut self, id: TraceId, change: impl FnOnce(&mut StoredTrace)) {
        let trace = self.by_id.entry(id).or_insert_with(|| {
            self.order.push_back(id);
            StoredTrace::new(id)
        });
        let before = trace.bytes();
        change(trace);
        self.bytes = self.bytes - before + trace.bytes();
    }

    /// Gives up the oldest until the limits are kept.
    pub(super) fn shrink(&mut self, limits: &Limits) -> Vec<StoredTrace> {
        let mut gone = Vec::new();
        while self.order.len() > limits.traces || self.bytes > limits.traces_bytes {
            let Some(oldest) = self.order.pop_front() else { break };
            if let Some(trace) = self.by_id.remove(&oldest) {
                self.bytes -= trace.bytes();
                gone.push(trace);
            }
        }
        gone
    }

    pub(super) fn get(&self, id: TraceId) -> Option<&StoredTrace> {
        self.by_id.get(&id)
    }

    pub(super) fn newest(&self) -> impl Iterator<Item = &StoredTrace> {
        self.order.iter().rev().filter_map(|id| self.by_id.get(id))
    }

    pub(super) fn len(&self) -> usize {
        self.order.len()
    }

    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }
}
