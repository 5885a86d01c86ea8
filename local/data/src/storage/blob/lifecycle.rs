//! Lifecycle rules: a blob that nobody has modified for so many days is deleted, as by a storage account's management
//! policy (`baseBlob.delete.daysAfterModificationGreaterThan`).
//!
//! Azure looks once a day; here a blob goes soon after its time. What is leased stays until its lease is over. Blocks
//! that were never committed are no base blob: no rule is about them.
//!
//! Source: "Lifecycle management policies that delete blobs", Microsoft's documentation of Azure Blob Storage.

use std::{
    sync::{Arc, RwLock},
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;

use super::{
    Blobs,
    event::{self, Cause, Subject},
    store::Store,
};
use crate::{Clock, listen::stopped, storage::failure::Failure};

/// How long a blob whose time is over may stay: nobody depends on the day, let alone on the second.
const EVERY: Duration = Duration::from_secs(2);
/// Blobs of one container that are deleted before requests to it get their turn.
const AT_ONCE: usize = 100;
const HOURS_OF_A_DAY: i64 = 24;

/// Blobs of a container are deleted some days after they were last modified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LifecycleRule {
    /// The container; one that does not exist (yet) has no blobs to delete.
    pub container: String,
    /// A blob goes once more days than these, of 24 hours, have passed since it was last modified.
    pub delete_after_days: u32,
}

impl LifecycleRule {
    /// What was last modified before this is to be deleted.
    fn horizon(&self, now: Timestamp) -> Timestamp {
        let age = SignedDuration::from_hours(i64::from(self.delete_after_days) * HOURS_OF_A_DAY);
        now.saturating_sub(age).unwrap_or(Timestamp::MIN)
    }
}

/// The rules in force.
#[derive(Debug, Default)]
pub(super) struct ManagementPolicy(RwLock<Vec<LifecycleRule>>);

impl ManagementPolicy {
    fn set(&self, rules: Vec<LifecycleRule>) {
        *self.0.write().expect(UNPOISONED) = rules;
    }

    fn rules(&self) -> Vec<LifecycleRule> {
        self.0.read().expect(UNPOISONED).clone()
    }
}

const UNPOISONED: &str = "no code panics while it holds the lifecycle rules";

impl Blobs {
    /// Puts these rules in the place of all earlier ones, as a new management policy does.
    pub(crate) fn set_lifecycle_rules(&self, rules: Vec<LifecycleRule>) {
        self.policy.set(rules);
    }

    /// Deletes what the rules say at `now`, and returns how many blobs that were.
    pub(crate) async fn apply_lifecycle_rules(&self, now: Timestamp) -> usize {
        let mut deleted = 0;
        for rule in self.policy.rules() {
            loop {
                // A container that is gone, or a store that cannot be written to just now: the next sweep sees.
                let batch = delete_some(&self.store, &rule, now).unwrap_or(0);
                deleted += batch;
                if batch < AT_ONCE {
                    break;
                }
                tokio::task::yield_now().await;
            }
        }
        deleted
    }
}

/// Deletes up to `AT_ONCE` blobs that are due and that nobody holds, with an event for each.
fn delete_some(store: &Store, rule: &LifecycleRule, now: Timestamp) -> Result<usize, Failure> {
    let horizon = rule.horizon(now);
    store.with(&rule.container, |container| {
        // Azure deletes no blob that has snapshots or is being copied, either.
        let due = container.blobs.iter().filter(|(name, blob)| {
            blob.modified < horizon
                && !blob.lease.state(now).is_locked()
                && blob.check_copied().is_ok()
                && container.check_deletable(blob, now).is_ok()
                && !container.has_snapshots(name)
        });
        let due: Vec<_> =
            due.take(AT_ONCE).map(|(name, blob)| (name.clone(), Arc::clone(blob))).collect();
        for (name, blob) in &due {
            store.shared.events.check_room()?;
            let subject = Subject { url: &store.shared.url, container: &rule.container, name };
            let version = store.shared.versions.next(now);
            let event = event::deleted(Cause::service(now), subject, blob, version);
            container.delete(&store.shared, name, Some(event))?;
        }
        Ok(due.len())
    })
}

/// Sweeps now and then, and whenever the clock was moved, until `stopping` turns true.
pub(crate) async fn run(blobs: Arc<Blobs>, clock: Clock, mut stopping: watch::Receiver<bool>) {
    let mut moved = clock.changes();
    let mut tick = tokio::time::interval(EVERY);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = stopped(&mut stopping) => return,
            _ = tick.tick() => {}
            // The sender lives as long as `clock`.
            _ = moved.changed() => {}
        }
        blobs.apply_lifecycle_rules(clock.now()).await;
    }
}
