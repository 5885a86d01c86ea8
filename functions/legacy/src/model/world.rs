//! Everything that lasts, and those who are at work on it and may be killed between any two effects.

use super::documents::{active, change, erased, origin};
use super::mainframe::{Faults, Mainframe};
use crate::dead_letters::refused;
use crate::domain::{
    Answer, Change, Dispatch, Patience, ProfileId, Revision, Standing, Sync, newest,
};
use crate::views::Message;
use jiff::{SignedDuration, Timestamp};
use messages::{Letter, LetterState};
use rand::{Rng, SeedableRng, rngs::SmallRng, seq::SliceRandom};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use uuid::Uuid;

const PROFILES: u128 = 3;
/// Most changes in a batch of the feed.
const MAX_BATCH: usize = 6;
pub(super) const PATIENCE: Patience = Patience {
    unanswered: SignedDuration::from_secs(600),
    busy: SignedDuration::from_secs(30),
    old_reads: SignedDuration::from_secs(300),
};
/// Longer than any wait.
const DAY_S: i64 = 86_400;

/// Somebody at work; what is left to do, in order. A crash forgets it.
#[derive(Debug)]
pub(super) struct Work {
    steps: Vec<Step>,
}

/// One effect.
#[derive(Debug, Clone)]
pub(super) enum Step {
    /// Looks whether this has to be sent at all, or holds it back.
    Consider(Change),
    /// Claims what is due.
    Claim(ProfileId),
    /// Reads what is to be sent, perhaps from an old copy.
    Newest(ProfileId),
    /// Reads what is sent again.
    Again(ProfileId),
    /// Asks for a revision above this one.
    Tell(ProfileId, Revision),
    Send(Change, bool),
    Record(Dispatch, ProfileId),
    /// The feed goes on from here.
    Checkpoint(usize),
    /// An answer is put down, by its place in `inbox`.
    Apply(Value),
    KeepRefused(Value),
    /// The queue forgets an answer.
    Forget(Value),
    /// A letter is marked as re-driven, if it is still the one that was sent.
    Redriven(String, u64),
}

pub(super) struct World {
    pub(super) random: SmallRng,
    pub(super) now: Timestamp,
    pub(super) documents: BTreeMap<ProfileId, Value>,
    /// All that each document ever was, and from when on.
    pub(super) history: BTreeMap<ProfileId, Vec<(Timestamp, Value)>>,
    pub(super) sync_history: BTreeMap<ProfileId, Vec<(Timestamp, Sync)>>,
    pub(super) was_restored: bool,
    /// What profiles is asked for.
    pub(super) revisions: Vec<(ProfileId, Revision)>,
    pub(super) with_faults: bool,
    /// What was written, oldest first; the feed shows each profile as it is.
    pub(super) log: Vec<ProfileId>,
    checkpoint: usize,
    pub(super) syncs: BTreeMap<ProfileId, Sync>,
    letters: BTreeMap<String, Letter>,
    outbox: Vec<(ProfileId, String)>,
    inbox: Vec<Value>,
    mainframe: Mainframe,
    pub(super) at_work: Vec<Work>,
    /// What was seen at most: records, sent and applied.
    pub(super) most: BTreeMap<ProfileId, [u64; 3]>,
}

impl World {
    pub(super) fn new(seed: u64) -> Self {
        Self {
            random: SmallRng::seed_from_u64(seed),
            now: Timestamp::UNIX_EPOCH,
            documents: BTreeMap::new(),
            history: BTreeMap::new(),
            sync_history: BTreeMap::new(),
            was_restored: false,
            revisions: Vec::new(),
            with_faults: true,
            log: Vec::new(),
            checkpoint: 0,
            syncs: BTreeMap::new(),
            letters: BTreeMap::new(),
            outbox: Vec::new(),
            inbox: Vec::new(),
            mainframe: Mainframe::default(),
            at_work: Vec::new(),
            most: BTreeMap::new(),
        }
    }

    /// Something happens.
    pub(super) fn step(&mut self, with_writes: bool) {
        match self.random.random_range(0..100) {
            0..1 if with_writes && self.random.random_bool(0.3) => self.restore(),
            0..8 if with_writes => self.write(),
            8 => self.profiles_takes(),
            9..13 => self.begin_feed(),
            13..21 => self.mainframe_takes(true),
            21..29 => self.begin_answer(),
            29..31 => self.begin_reconcile(),
            31..34 => self.begin_redrive(),
            34..35 => self.begin_resend(),
            35..38 => self.crash(),
            38..41 => {
                let seconds = self.random.random_range(1..2_000);
                self.pass(seconds);
            }
            _ => self.work(),
        }
    }

    /// A round without faults. True once everything is as it should be.
    pub(super) fn settle(&mut self) -> bool {
        self.with_faults = false;
        self.pass(DAY_S);
        self.begin_feed();
        self.finish_work();
        self.begin_redrive();
        self.begin_reconcile();
        if self.was_restored {
            // As the runbook says.
            self.erase_again();
            self.begin_resend();
        }
        self.finish_work();
        while !self.revisions.is_empty() {
            self.profiles_takes();
        }
        while !self.outbox.is_empty() {
            self.mainframe_takes(false);
        }
        while !self.inbox.is_empty() {
            self.begin_answer();
            self.finish_work();
        }
        self.check_nothing_goes_backwards();
        self.differences().is_empty()
    }

    /// What is not equal.
    pub(super) fn differences(&self) -> Vec<String> {
        let compare = |(id, document): (&ProfileId, &Value)| {
            let revision = document["revision"].as_u64();
            let record = self.mainframe.records.get(&id.to_string());
            let sync = self.syncs.get(id);
            let name = &document["givenName"];
            let is_equal = record.is_some_and(|(known, data, _)| {
                Some(*known) == revision && data["givenName"] == *name
            });
            let is_done = sync.is_some_and(|sync| sync.standing == Standing::Applied);
            let letters: Vec<&Letter> = self.letters.values().collect();
            (!is_equal || !is_done)
                .then(|| format!("{document} is {record:?} in the records: {sync:?}, {letters:?}"))
        };
        self.documents.iter().filter_map(compare).collect()
    }

    pub(super) fn check_nothing_goes_backwards(&mut self) {
        for (id, sync) in &self.syncs {
            let record =
                self.mainframe.records.get(&id.to_string()).map_or(0, |(known, ..)| *known);
            let sent = sync.sent.as_ref().map_or(0, |sent| sent.revision.get());
            let applied = sync.applied.as_ref().map_or(0, |applied| applied.revision.get());
            let most = self.most.entry(*id).or_default();
            for (most, is) in most.iter_mut().zip([record, sent, applied]) {
                assert!(*most <= is, "{id} went back from {most} to {is}: {sync:?}");
                *most = is;
            }
            assert!(
                applied <= record,
                "{id} counts as applied at {applied}, the record is {record}"
            );
            let claims = sync.standing == Standing::Applied && record < sent;
            assert!(!claims, "{id} stands as applied, {sent} was sent, the record is {record}");
            assert_eq!(sync.standing == Standing::Waiting, sync.due_at.is_some(), "{sync:?}");
            let held = sync.held.as_ref().map(|held| held.revision.get());
            let is_owed = sync.standing == Standing::Waiting && held > Some(sent);
            assert!(held.is_none() || is_owed, "{sync:?}");
            assert!(sync.behind.is_none() || sync.due_at.is_some(), "{sync:?}");
        }
    }

    fn write(&mut self) {
        let id: ProfileId = Uuid::from_u128(self.random.random_range(0..PROFILES)).into();
        let (state, revision) = match self.documents.get(&id) {
            Some(document) => (document["state"].clone(), document["revision"].as_u64().unwrap()),
            None => (json!("active"), 0),
        };
        if state == "erased" {
            return;
        }
        self.now += SignedDuration::from_millis(1);
        let document = if self.random.random_bool(0.05) {
            erased(id, revision + 1, self.now)
        } else {
            active(id, revision + 1, self.now)
        };
        self.put(id, document);
        self.log.push(id);
    }

    /// A handler gets a batch. An earlier one may still be at work on its own.
    fn begin_feed(&mut self) {
        let until = self.log.len().min(self.checkpoint + MAX_BATCH);
        let batch = &self.log[self.checkpoint..until];
        let changes = batch.iter().filter_map(|id| change(&self.documents[id])).collect();
        let mut steps: Vec<Step> = newest(changes).into_iter().map(Step::Consider).collect();
        // They are sent at the same time, in no order.
        steps.shuffle(&mut self.random);
        steps.push(Step::Checkpoint(until));
        self.begin(steps);
    }

    fn begin_answer(&mut self) {
        if self.inbox.is_empty() {
            return;
        }
        // It stays in the queue until it is dealt with: somebody else may get it too.
        let answer = self.inbox[self.random.random_range(0..self.inbox.len())].clone();
        self.begin(vec![Step::Apply(answer.clone()), Step::Forget(answer)]);
    }

    fn begin_reconcile(&mut self) {
        let is_due = |sync: &&Sync| sync.due_at.is_some_and(|due| due <= self.now);
        let due = self.syncs.values().filter(is_due);
        self.begin(due.map(|sync| Step::Claim(sync.id)).collect());
    }

    fn begin_redrive(&mut self) {
        let open = self.letters.values().filter(|letter| letter.state == LetterState::Open);
        let steps = open.filter_map(|letter| {
            let document = serde_json::from_str(&letter.message).unwrap();
            let redriven = Step::Redriven(letter.id.clone(), letter.version);
            Some([Step::Send(change(&document)?, true), redriven])
        });
        self.begin(steps.flatten().collect());
    }

    fn begin_resend(&mut self) {
        self.begin(self.documents.keys().copied().map(Step::Again).collect());
    }

    fn begin(&mut self, mut steps: Vec<Step>) {
        steps.reverse();
        self.at_work.push(Work { steps });
    }

    /// One of those at work dies.
    fn crash(&mut self) {
        if !self.at_work.is_empty() {
            let victim = self.random.random_range(0..self.at_work.len());
            self.at_work.swap_remove(victim);
        }
    }

    fn finish_work(&mut self) {
        while !self.at_work.is_empty() {
            self.work();
        }
    }

    /// One of those at work does the next thing.
    fn work(&mut self) {
        if self.at_work.is_empty() {
            return;
        }
        let worker = self.random.random_range(0..self.at_work.len());
        let Some(step) = self.at_work[worker].steps.pop() else {
            self.at_work.swap_remove(worker);
            return;
        };
        for next in self.effect(step).into_iter().rev() {
            self.at_work[worker].steps.push(next);
        }
    }

    /// Does one thing, and says what has to be done right after it.
    fn effect(&mut self, step: Step) -> Vec<Step> {
        match step {
            Step::Consider(change) => self.consider(change),
            Step::Claim(id) => {
                let is_ours = self.change(id, |now, sync| sync.claimed(now));
                if is_ours { vec![Step::Newest(id)] } else { Vec::new() }
            }
            Step::Newest(id) => self.newest(id, false),
            Step::Again(id) => self.newest(id, true),
            Step::Tell(id, revision) => {
                self.tell(id, revision);
                Vec::new()
            }
            Step::Send(change, anew) => {
                let message = Message::of(&change, &origin());
                let Message { id, revision, written_at, erased_at, event, .. } = message;
                self.outbox.push((id, json!(event).to_string()));
                let payload = false;
                let dispatch = Dispatch { revision, written_at, erased_at, payload, anew };
                vec![Step::Record(dispatch, id)]
            }
            Step::Record(dispatch, id) => {
                self.change(id, |now, sync| (sync.after_sending(dispatch, now, &PATIENCE), ()));
                Vec::new()
            }
            Step::Checkpoint(until) => {
                // A batch that was overtaken has lost its lease.
                self.checkpoint = self.checkpoint.max(until);
                Vec::new()
            }
            Step::Apply(answer) => self.apply(answer),
            Step::KeepRefused(answer) => {
                self.keep_refused(&answer);
                Vec::new()
            }
            Step::Forget(answer) => {
                if let Some(at) = self.inbox.iter().position(|known| *known == answer) {
                    self.inbox.swap_remove(at);
                }
                Vec::new()
            }
            Step::Redriven(id, version) => {
                self.mark_redriven(&id, version);
                Vec::new()
            }
        }
    }

    fn keep_refused(&mut self, answer: &Value) {
        let answer: Answer = serde_json::from_value(answer.clone()).unwrap();
        let event = self.documents[&answer.data.profile_id].to_string();
        let report = refused(&answer.id, &answer.data, event, "model");
        let id = report.id.clone();
        let letter = match self.letters.get(&id) {
            None => Some(Letter::new(report, self.now)),
            Some(letter) => letter.reported_again(report, self.now),
        };
        self.letters.extend(letter.map(|letter| (id, letter)));
    }

    fn mark_redriven(&mut self, id: &str, version: u64) {
        let letter = &self.letters[id];
        if letter.version != version {
            return;
        }
        let redriven = letter.redriven("model".to_owned(), None, self.now);
        self.letters.insert(id.to_owned(), redriven);
    }

    /// The mainframe takes a message, any of those that wait, and perhaps leaves it there.
    fn mainframe_takes(&mut self, with_faults: bool) {
        if self.outbox.is_empty() {
            return;
        }
        let at = self.random.random_range(0..self.outbox.len());
        let faults = if with_faults { Faults::draw(&mut self.random) } else { Faults::default() };
        let answer = self.mainframe.take(&self.outbox[at].1, faults);
        // None: it died between its record and its answer, or lost the answer.
        let answers = if with_faults { self.random.random_range(0..3) } else { 1 };
        self.inbox.extend(std::iter::repeat_n(answer, answers));
        if !with_faults || self.random.random_bool(0.8) {
            self.outbox.swap_remove(at);
        }
    }

    fn pass(&mut self, seconds: i64) {
        self.now += SignedDuration::from_secs(seconds);
    }
}
