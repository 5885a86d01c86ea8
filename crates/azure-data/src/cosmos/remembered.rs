//! A bounded memory of what was read or written last, so that most writes need no read before them. It may be wrong:
//! every write names the version it replaces.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// What was read or written last, by its key, in this process. There are two generations, so that what is used stays when
/// the older one goes.
#[derive(Debug)]
pub struct Remembered<K, V> {
    generations: Mutex<Generations<K, V>>,
    most: usize,
}

#[derive(Debug)]
struct Generations<K, V> {
    young: HashMap<K, V>,
    old: HashMap<K, V>,
}

impl<K: Eq + Hash, V: Clone> Remembered<K, V> {
    /// Keeps at most twice `most`.
    #[must_use]
    pub fn new(most: usize) -> Self {
        let generations = Generations { young: HashMap::new(), old: HashMap::new() };
        Self { generations: Mutex::new(generations), most }
    }

    /// What is remembered, if it is.
    #[must_use]
    pub fn get(&self, key: K) -> Option<V> {
        let mut generations = self.lock();
        if let Some(value) = generations.young.get(&key) {
            return Some(value.clone());
        }
        let value = generations.old.remove(&key)?;
        generations.insert(key, value.clone(), self.most);
        Some(value)
    }

    /// In the place of what was remembered.
    pub fn put(&self, key: K, value: V) {
        self.lock().insert(key, value, self.most);
    }

    /// As if it had never been read.
    pub fn forget(&self, key: K) {
        let mut generations = self.lock();
        generations.young.remove(&key);
        generations.old.remove(&key);
    }

    /// Nothing panics while it holds the lock, and a memory that is wrong does no harm.
    fn lock(&self) -> MutexGuard<'_, Generations<K, V>> {
        self.generations.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: Eq + Hash, V> Generations<K, V> {
    fn insert(&mut self, key: K, value: V, most: usize) {
        if self.young.len() >= most && !self.young.contains_key(&key) {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(key, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_stays_small_and_what_is_used_stays() {
        let memory = Remembered::new(100);
        memory.put(0, "used");
        for key in 1..1_000 {
            memory.put(key, "once");
            assert_eq!(memory.get(0), Some("used"), "{key}");
        }
        let generations = memory.lock();
        assert!(generations.young.len() + generations.old.len() <= 2 * 100);
    }

    #[test]
    fn what_was_forgotten_is_gone() {
        let memory = Remembered::new(100);
        memory.put(1, "a");
        memory.forget(1);
        assert_eq!(memory.get(1), None);
    }
}
