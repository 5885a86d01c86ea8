//! What came of an action, told on the page that the browser is sent to.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
};

/// How many are kept; each is read right after it was written.
const NOTICES_MAX: usize = 32;

/// The latest notices by number. The address carries the number only, so that no link can put words into our mouth.
#[derive(Debug, Default)]
pub(super) struct Notices(Mutex<Ring>);

#[derive(Debug, Default)]
struct Ring {
    last: u64,
    kept: VecDeque<(u64, String)>,
}

impl Notices {
    pub(super) fn add(&self, text: String) -> u64 {
        let mut ring = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if ring.kept.len() == NOTICES_MAX {
            ring.kept.pop_front();
        }
        ring.last += 1;
        let number = ring.last;
        ring.kept.push_back((number, text));
        number
    }

    pub(super) fn get(&self, number: u64) -> Option<String> {
        let ring = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = ring.kept.iter().find(|(known, _)| *known == number);
        found.map(|(_, text)| text.clone())
    }
}
