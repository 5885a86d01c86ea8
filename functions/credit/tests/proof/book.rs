//! What partners asked for and were told.

use crate::platform::Partner;
use serde_json::Value;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard};
use std::time::SystemTime;

/// An assessment, as its partner knows it.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    pub(crate) id: String,
    pub(crate) partner: Partner,
    /// The request that it was begun with, and its `Idempotency-Key`.
    pub(crate) body: Value,
    pub(crate) key: String,
    /// The bank's customer.
    pub(crate) customer: &'static str,
    pub(crate) by_token: bool,
    /// Nothing went wrong meanwhile: its outcome is what others must have.
    pub(crate) is_quiet: bool,
    pub(crate) fate: Fate,
}

/// What the partner did with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    Kept,
    /// Taken back, which was confirmed at this moment.
    Withdrawn(SystemTime),
    /// Asked to be erased, or the person to be forgotten; known to be done or not.
    Erased,
}

/// All that was told, and each end that was ever seen.
#[derive(Debug, Default)]
pub(crate) struct Book {
    told: Mutex<Vec<Told>>,
    ends: Mutex<HashMap<String, Value>>,
    secrets: Mutex<Vec<String>>,
}

impl Book {
    /// Notes an assessment; where it stands.
    pub(crate) fn note(&self, told: Told) -> usize {
        let mut all = lock(&self.told);
        all.push(told);
        all.len() - 1
    }

    pub(crate) fn set_fate(&self, place: usize, fate: Fate) {
        lock(&self.told)[place].fate = fate;
    }

    pub(crate) fn all(&self) -> Vec<Told> {
        lock(&self.told).clone()
    }

    pub(crate) fn fate(&self, place: usize) -> Fate {
        lock(&self.told)[place].fate
    }

    /// Panics if an end was seen before that is another one.
    pub(crate) fn saw(&self, shown: &Value) {
        let state = shown["state"].as_str().unwrap();
        if ["fetching", "scoring", "erased"].contains(&state) {
            let id = shown["id"].as_str().unwrap();
            let before = lock(&self.ends).get(id).cloned();
            assert!(state == "erased" || before.is_none(), "{shown} had an end: {before:?}");
            return;
        }
        let id = shown["id"].as_str().unwrap().to_owned();
        let mut ends = lock(&self.ends);
        let first = ends.entry(id).or_insert_with(|| shown.clone());
        assert_eq!(first, shown, "a second end");
    }

    /// The end that was seen of an assessment.
    pub(crate) fn end_of(&self, id: &str) -> Option<Value> {
        lock(&self.ends).get(id).cloned()
    }

    /// What may be nowhere: a token, a secret, a partner's name for a person.
    pub(crate) fn hide(&self, secret: impl Into<String>) {
        lock(&self.secrets).push(secret.into());
    }

    pub(crate) fn secrets(&self) -> Vec<String> {
        lock(&self.secrets).clone()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap()
}
