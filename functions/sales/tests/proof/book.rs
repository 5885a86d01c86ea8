//! What customers ordered and were told.

use serde_json::Value;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard};

/// An order, as its customer knows it.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    pub(crate) id: String,
    pub(crate) profile: String,
    /// The request that it was placed with, and its `Idempotency-Key`.
    pub(crate) body: Value,
    pub(crate) key: String,
    /// It was cancelled, and that was confirmed.
    pub(crate) is_cancelled: bool,
}

/// All that was told, and the number that each order was ever seen with.
#[derive(Debug, Default)]
pub(crate) struct Book {
    told: Mutex<Vec<Told>>,
    numbers: Mutex<HashMap<String, String>>,
}

impl Book {
    /// Notes an order; where it stands.
    pub(crate) fn note(&self, told: Told) -> usize {
        let mut all = lock(&self.told);
        all.push(told);
        all.len() - 1
    }

    pub(crate) fn cancelled(&self, place: usize) {
        lock(&self.told)[place].is_cancelled = true;
    }

    pub(crate) fn all(&self) -> Vec<Told> {
        lock(&self.told).clone()
    }

    pub(crate) fn is_cancelled(&self, place: usize) -> bool {
        lock(&self.told)[place].is_cancelled
    }

    /// Panics if the order was seen with another number, or had one and has none.
    pub(crate) fn saw(&self, shown: &Value) {
        let id = shown["id"].as_str().unwrap();
        let mut numbers = lock(&self.numbers);
        match shown["invoiceNumber"].as_str() {
            Some(number) => {
                let first = numbers.entry(id.to_owned()).or_insert_with(|| number.to_owned());
                assert_eq!(first, number, "a second number: {shown}");
            }
            None => assert_eq!(numbers.get(id), None, "it had a number: {shown}"),
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap()
}
