//! Retention: what is written into a container can be neither overwritten nor, for so many days, deleted, as by the
//! time-based immutability policy of a container.
//!
//! The days of a blob begin when it is created. When they are over it can be deleted, and still not be changed. Tags and
//! leases are no part of what is kept. A container is not deleted as long as there is a blob in it, and no lifecycle rule
//! deletes what is kept.
//!
//! Source: "Time-based retention policies for immutable blob data", Microsoft's documentation of Azure Blob Storage. It
//! does not say with which code the deletion of a container is refused: ours is a guess.

use std::sync::RwLock;

use jiff::{SignedDuration, Timestamp};

use super::{Blobs, block_blob::Blob, container::Container};
use crate::storage::{code, failure::Failure};

const HOURS_OF_A_DAY: i64 = 24;

/// Blobs of a container stay as they were written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetentionRule {
    /// The container; it need not exist yet.
    pub container: String,
    /// A blob cannot be deleted before so many days, of 24 hours, have passed since it was created.
    pub days: u32,
}

/// The rules in force.
#[derive(Debug, Default)]
pub(super) struct Retention(RwLock<Vec<RetentionRule>>);

const UNPOISONED: &str = "no code panics while it holds the retention rules";

impl Retention {
    fn set(&self, rules: Vec<RetentionRule>) {
        *self.0.write().expect(UNPOISONED) = rules;
    }

    /// For how long the blobs of a container are kept; `None`: nothing of it is.
    pub(super) fn of(&self, container: &str) -> Option<SignedDuration> {
        let rules = self.0.read().expect(UNPOISONED);
        let rule = rules.iter().find(|rule| rule.container == container)?;
        Some(SignedDuration::from_hours(i64::from(rule.days) * HOURS_OF_A_DAY))
    }
}

impl Blobs {
    /// Puts these rules in the place of all earlier ones.
    pub(crate) fn set_retention_rules(&self, rules: Vec<RetentionRule>) {
        self.store.retention.set(rules);
    }
}

impl Container {
    /// Whether a blob that is there may be written over.
    pub(super) fn check_changeable(&self) -> Result<(), Failure> {
        match self.kept_for {
            Some(_) => Err(code::BLOB_IMMUTABLE_DUE_TO_POLICY.into()),
            None => Ok(()),
        }
    }

    /// Whether a blob may be deleted.
    pub(super) fn check_deletable(&self, blob: &Blob, now: Timestamp) -> Result<(), Failure> {
        let Some(kept_for) = self.kept_for else { return Ok(()) };
        if now.duration_since(blob.created) < kept_for {
            return Err(code::BLOB_IMMUTABLE_DUE_TO_POLICY.into());
        }
        Ok(())
    }
}
