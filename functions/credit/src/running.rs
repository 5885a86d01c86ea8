//! What this process is at work at, so that a message that comes twice does not ask the bank twice at a time.

use crate::domain::AssessmentId;
use std::collections::HashSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

#[derive(Debug, Default)]
pub(crate) struct Running(Mutex<HashSet<AssessmentId>>);

/// Work on one assessment; over when it is dropped.
#[derive(Debug)]
pub(crate) struct Work<'a> {
    running: &'a Running,
    id: AssessmentId,
}

impl Running {
    /// Begins; `None` while somebody is at work at it.
    pub(crate) fn begin(&self, id: AssessmentId) -> Option<Work<'_>> {
        self.all().insert(id).then(|| Work { running: self, id })
    }

    fn all(&self) -> MutexGuard<'_, HashSet<AssessmentId>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Work<'_> {
    fn drop(&mut self) {
        self.running.all().remove(&self.id);
    }
}
