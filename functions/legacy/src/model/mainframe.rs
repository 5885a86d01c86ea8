//! The mainframe of the model, by the rule of docs/legacy.md: newer is applied, everything else is not.

use rand::{Rng, rngs::SmallRng};
use serde_json::{Value, json};
use std::collections::BTreeMap;

#[derive(Debug, Default)]
pub(super) struct Mainframe {
    /// Revision and data of each profile, and the time of the event they are from.
    pub(super) records: BTreeMap<String, (u64, Value, Value)>,
    answers: u64,
}

/// What it may do wrong with a message.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Faults {
    pub(super) busy: bool,
    pub(super) refuses: bool,
}

impl Faults {
    pub(super) fn draw(random: &mut SmallRng) -> Self {
        Self { busy: random.random_bool(0.15), refuses: random.random_bool(0.15) }
    }
}

impl Mainframe {
    /// Decides about a message, and makes an answer.
    pub(super) fn take(&mut self, event: &str, faults: Faults) -> Value {
        let event: Value = serde_json::from_str(event).unwrap();
        let (id, revision) =
            (event["subject"].as_str().unwrap(), event["revision"].as_u64().unwrap());
        let known = self.records.get(id).map(|(revision, ..)| *revision);
        let is_erasure = event["type"] == "com.iommi.legacy.profile-erased.v1";
        let outcome = match known {
            _ if faults.busy => "busy",
            Some(known) if known >= revision => "superseded",
            _ if faults.refuses && !is_erasure => "refused",
            _ => {
                let record = (revision, event["data"].clone(), event["time"].clone());
                self.records.insert(id.to_owned(), record);
                "applied"
            }
        };
        self.answers += 1;
        let (applied, time) =
            self.records.get(id).map(|(revision, _, time)| (*revision, time)).unzip();
        json!({"id": format!("answer-{}", self.answers), "type": "com.iommi.mainframe.answered.v1", "data": {
            "profileId": id, "revision": revision, "outcome": outcome, "code": null, "reason": null,
            "appliedRevision": applied, "appliedTime": time, "at": "2026-03-01T08:00:00Z"}})
    }
}
