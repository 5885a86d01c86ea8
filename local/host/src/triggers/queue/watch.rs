use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::sync::Notify;

/// Wakes the listener of a queue when an output binding of the same app has written to it
/// (`SharedQueueWatcher.cs`). What others send is found by polling.
#[derive(Clone, Debug, Default)]
pub struct QueueWatch(Arc<Mutex<HashMap<String, Arc<Notify>>>>);

impl QueueWatch {
    pub(crate) fn listen(&self, queue: &str) -> Arc<Notify> {
        let mut queues = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(queues.entry(queue.to_owned()).or_default())
    }

    pub(crate) fn notify(&self, queue: &str) {
        let queues = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(listener) = queues.get(queue) {
            listener.notify_one();
        }
    }
}
