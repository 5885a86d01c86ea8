//! The decisions of `domain/` about a change, a document that was read, and an answer.

use super::documents::change;
use super::world::{PATIENCE, Step, World};
use crate::domain::{Answer, Change, Forward, Judgement, Next, ProfileId, Revision, Sync};
use jiff::Timestamp;
use serde_json::Value;

impl World {
    /// One conditional write.
    pub(super) fn change<R>(
        &mut self,
        id: ProfileId,
        next: impl FnOnce(Timestamp, Sync) -> (Sync, R),
    ) -> R {
        let sync = self.syncs.remove(&id).unwrap_or_else(|| Sync::new(id));
        let (sync, found) = next(self.now, sync);
        self.sync_history.entry(id).or_default().push((self.now, sync.clone()));
        self.syncs.insert(id, sync);
        found
    }

    pub(super) fn consider(&mut self, change: Change) -> Vec<Step> {
        let (id, version) = (change.state.id(), change.state.version());
        match self.change(id, |now, sync| sync.after_change(&version, now, &PATIENCE)) {
            Forward::Covered | Forward::Held => Vec::new(),
            Forward::Send => vec![Step::Send(change, false)],
            Forward::Behind(known) if version.is_erased => {
                vec![Step::Send(change, false), Step::Tell(id, known)]
            }
            Forward::Behind(known) => vec![Step::Tell(id, known)],
        }
    }

    pub(super) fn newest(&mut self, id: ProfileId, anew: bool) -> Vec<Step> {
        match self.read(id).as_ref().and_then(change) {
            Some(change) => self.deliver(change, anew),
            None => Vec::new(),
        }
    }

    /// Sends what was read, if it is as new as all that is known.
    pub(super) fn deliver(&mut self, change: Change, anew: bool) -> Vec<Step> {
        let (id, version) = (change.state.id(), change.state.version());
        let sync = self.syncs.get(&id).cloned().unwrap_or_else(|| Sync::new(id));
        match sync.judge(&version, self.now, &PATIENCE) {
            Judgement::Sound => return vec![Step::Send(change, anew)],
            Judgement::Behind(known) => return vec![Step::Tell(id, known)],
            Judgement::Old if anew => self.change(id, |now, sync| (sync.doubted(now), ())),
            Judgement::Old => self.change(id, |now, sync| (sync.put_off(now), ())),
            Judgement::Undone => {
                assert!(self.has_lived_since(id, sync.erased_at), "a false alarm: {sync:?}");
                // People erase it again.
                self.change(id, |now, sync| (sync.told(now, &PATIENCE), ()));
            }
        }
        Vec::new()
    }

    pub(super) fn tell(&mut self, id: ProfileId, revision: Revision) {
        self.revisions.push((id, revision));
        self.change(id, |now, sync| (sync.told(now, &PATIENCE), ()));
    }

    pub(super) fn apply(&mut self, answer: Value) -> Vec<Step> {
        let read: Answer = serde_json::from_value(answer.clone()).unwrap();
        let id = read.data.profile_id;
        match self.change(id, |now, sync| sync.after_answer(&read, now, &PATIENCE)) {
            Next::Nothing => Vec::new(),
            Next::Refused => vec![Step::KeepRefused(answer)],
            Next::SendNewest => vec![Step::Newest(id)],
            Next::Behind(revision) => vec![Step::Tell(id, revision)],
        }
    }
}
