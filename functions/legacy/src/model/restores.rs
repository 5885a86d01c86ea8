//! Documents that are put back, copies that are behind, and profiles, which gives a document a higher revision.

use super::documents::{active, erased};
use super::world::World;
use crate::domain::{ProfileId, Revision, Sync};
use jiff::{SignedDuration, Timestamp};
use rand::{Rng, seq::IndexedRandom};
use serde_json::Value;

/// A copy is at most so much behind.
const OLD_READS: SignedDuration = SignedDuration::from_secs(300);

impl World {
    pub(super) fn put(&mut self, id: ProfileId, document: Value) {
        self.history.entry(id).or_default().push((self.now, document.clone()));
        self.documents.insert(id, document);
    }

    /// The document, or what it was a moment ago.
    pub(super) fn read(&mut self, id: ProfileId) -> Option<Value> {
        let history = self.history.get(&id)?;
        let [.., (_, older), (since, newer)] = history.as_slice() else {
            return self.documents.get(&id).cloned();
        };
        let may_be_old = self.with_faults && self.now.duration_since(*since) < OLD_READS;
        let was_less = older["revision"].as_u64() < newer["revision"].as_u64();
        let is_old = may_be_old && was_less && self.random.random_bool(0.3);
        Some(if is_old { older.clone() } else { newer.clone() })
    }

    /// A document becomes what it was once, and perhaps what is known of it too. The feed shows it, or not.
    pub(super) fn restore(&mut self) {
        let ids: Vec<ProfileId> = self.documents.keys().copied().collect();
        let Some(id) = ids.choose(&mut self.random).copied() else { return };
        let Some((at, document)) = self.history[&id].choose(&mut self.random).cloned() else {
            return;
        };
        let with_sync = self.random.random_bool(0.5);
        if with_sync {
            let mut history = self.sync_history.get(&id).into_iter().flatten();
            let then = history.rfind(|(since, _)| *since <= at).cloned();
            self.syncs.remove(&id);
            self.syncs.extend(then.map(|(_, sync)| (id, sync)));
            let most = self.most.entry(id).or_default();
            *most = [most[0], 0, 0];
        }
        self.was_restored = true;
        // The runbook stops the app for it.
        self.at_work.clear();
        self.put(id, document);
        if self.random.random_bool(0.5) {
            self.log.push(id);
        }
    }

    /// Whether a restore brought back what was erased then.
    pub(super) fn has_lived_since(&self, id: ProfileId, erased_at: Option<Timestamp>) -> bool {
        let lived = |(since, document): &(Timestamp, Value)| {
            document["state"] != "erased" && erased_at.is_some_and(|erased_at| *since >= erased_at)
        };
        self.was_restored && self.history[&id].iter().any(lived)
    }

    /// What lives although its erasure was sent: restored by itself, or a message of it waited somewhere that was not.
    pub(super) fn erase_again(&mut self) {
        let is_erased = |sync: &&Sync| sync.erased_at.is_some();
        let lives = |id: &ProfileId| self.documents[id]["state"] != "erased";
        let sent = self.syncs.values().filter(is_erased).map(|sync| sync.id);
        let undone: Vec<ProfileId> = sent.filter(lives).collect();
        for id in undone {
            let revision = self.documents[&id]["revision"].as_u64().unwrap_or_default();
            self.now += SignedDuration::from_millis(1);
            self.put(id, erased(id, revision + 1, self.now));
            self.log.push(id);
        }
    }

    /// Profiles takes a message that asks for a higher revision, and perhaps leaves it there.
    pub(super) fn profiles_takes(&mut self) {
        let Some((id, revision)) = self.revisions.choose(&mut self.random).copied() else { return };
        if !self.with_faults || self.random.random_bool(0.7) {
            self.revisions.retain(|known| *known != (id, revision));
        }
        if self.documents[&id]["revision"].as_u64() <= Some(revision.get()) {
            self.surpass(id, revision);
        }
    }

    fn surpass(&mut self, id: ProfileId, revision: Revision) {
        self.now += SignedDuration::from_millis(1);
        let make = if self.documents[&id]["state"] == "erased" { erased } else { active };
        self.put(id, make(id, revision.get() + 1, self.now));
        self.log.push(id);
    }
}
