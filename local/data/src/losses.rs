//! What a data directory has lost, said in its log and to whoever started the services.

use std::sync::{Arc, Mutex, PoisonError};

/// What is missing, each as a sentence. Shared by all that read the directory back.
#[derive(Clone, Debug, Default)]
pub(crate) struct Losses(Arc<Mutex<Vec<String>>>);

impl Losses {
    /// Notes one thing that is missing.
    pub(crate) fn note(&self, what: String) {
        tracing::warn!("{what}");
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(what);
    }

    /// Whether anything is missing.
    pub(crate) fn any(&self) -> bool {
        !self.0.lock().unwrap_or_else(PoisonError::into_inner).is_empty()
    }

    /// All that was noted.
    pub(crate) fn all(&self) -> Vec<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
