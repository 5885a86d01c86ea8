//! Sending current state again, in steps: a million profiles take many, and each may be interrupted or done twice.

use super::ids::ProfileId;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use values::moment;

/// How long a step may wait in its queue before it is asked for again; twice as long each time, up to 32 times.
const MISSING_AFTER: SignedDuration = SignedDuration::from_secs(60);
const MAX_DOUBLINGS: u32 = 5;

/// Whose state is sent again. In JSON the field that is there says which.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
pub(crate) enum Scope {
    #[serde(rename_all = "camelCase")]
    Profile {
        profile_id: ProfileId,
    },
    /// All that was sent or answered from one time on, up to and without another.
    Time {
        #[serde(with = "moment")]
        from: Timestamp,
        #[serde(with = "moment")]
        to: Timestamp,
    },
    Everything {
        everything: Always,
    },
}

/// `true`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "bool", into = "bool")]
pub(crate) struct Always;

impl TryFrom<bool> for Always {
    type Error = &'static str;

    fn try_from(value: bool) -> Result<Self, Self::Error> {
        if value { Ok(Self) } else { Err("must be true") }
    }
}

impl From<Always> for bool {
    fn from(_: Always) -> Self {
        true
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Resend {
    pub(crate) id: String,
    pub(crate) scope: Scope,
    pub(crate) state: ResendState,
    /// Where profiles are looked for now.
    pub(crate) phase: Phase,
    /// The last profile of that phase that was dealt with.
    pub(crate) after: Option<ProfileId>,
    /// Steps done; a message for another step is an old one.
    pub(crate) step: u64,
    pub(crate) sent: u64,
    #[serde(with = "moment")]
    pub(crate) started_at: Timestamp,
    #[serde(with = "moment")]
    pub(crate) updated_at: Timestamp,
    pub(crate) by: String,
    /// How often this step was asked for again.
    #[serde(default)]
    pub(crate) asked_again: u32,
    /// From when on the message for this step counts as lost.
    #[serde(default, with = "moment::optional")]
    pub(crate) due_at: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum ResendState {
    Running,
    Done,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Phase {
    /// The one that was named.
    Named,
    /// Those in `profiles`.
    Profiles,
    /// Those in `legacy-sync` that were sent or answered in the time.
    Synced,
    /// Those in `legacy-sync` whose tombstone in `profiles` may have expired.
    Erased,
}

impl Resend {
    pub(crate) fn new(id: String, scope: Scope, by: String, now: Timestamp) -> Self {
        let phase = match scope {
            Scope::Profile { .. } => Phase::Named,
            Scope::Time { .. } => Phase::Synced,
            Scope::Everything { .. } => Phase::Profiles,
        };
        let (state, after) = (ResendState::Running, None);
        Self {
            id,
            scope,
            state,
            phase,
            after,
            step: 0,
            sent: 0,
            started_at: now,
            updated_at: now,
            by,
            asked_again: 0,
            due_at: now.checked_add(MISSING_AFTER).ok(),
        }
    }

    /// Before its step is asked for again; nothing if somebody did, or if it has gone on.
    pub(crate) fn asked_again(&self, now: Timestamp) -> Option<Self> {
        let is_due = self.due_at.is_none_or(|due| due <= now);
        let asked_again = self.asked_again.saturating_add(1);
        let wait = MISSING_AFTER.saturating_mul(1 << asked_again.min(MAX_DOUBLINGS));
        let due_at = now.checked_add(wait).ok();
        (is_due && self.state == ResendState::Running).then(|| Self {
            asked_again,
            due_at,
            ..self.clone()
        })
    }

    /// After a step that dealt with profiles up to `last`, `sent` of them sent; no `last` if there were no more.
    pub(crate) fn after_step(&self, last: Option<ProfileId>, sent: u64, now: Timestamp) -> Self {
        let mut next = Self {
            step: self.step + 1,
            sent: self.sent + sent,
            updated_at: now,
            asked_again: 0,
            due_at: now.checked_add(MISSING_AFTER).ok(),
            ..self.clone()
        };
        match (last, self.phase) {
            (Some(last), phase) if phase != Phase::Named => next.after = Some(last),
            (None, Phase::Profiles) => (next.phase, next.after) = (Phase::Erased, None),
            _ => next.state = ResendState::Done,
        }
        next
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};
    use uuid::Uuid;

    fn scope(value: Value) -> Result<Scope, serde_json::Error> {
        serde_json::from_value(value)
    }

    #[test]
    fn a_scope_is_one_of_three_and_nothing_else() {
        let id = Uuid::from_u128(1);
        for good in [
            json!({"profileId": id}),
            json!({"from": "2026-03-01T08:00:00.000Z", "to": "2026-03-02T08:00:00.000Z"}),
            json!({"everything": true}),
        ] {
            assert_eq!(json!(scope(good.clone()).unwrap()), good);
        }
        for bad in [
            json!({}),
            json!({"everything": false}),
            json!({"profileId": id, "everything": true}),
            json!({"from": "x"}),
        ] {
            assert!(scope(bad.clone()).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_step_that_waits_is_asked_for_again_less_and_less_often() {
        let start = Timestamp::UNIX_EPOCH;
        let mut resend =
            Resend::new("r".into(), Scope::Everything { everything: Always }, "key".into(), start);
        let mut minutes = Vec::new();
        for minute in 0..=240 {
            if let Some(next) = resend.asked_again(start + SignedDuration::from_mins(minute)) {
                minutes.push(minute);
                resend = next;
            }
        }
        assert_eq!(minutes, [1, 3, 7, 15, 31, 63, 95, 127, 159, 191, 223]);
        let now = start + SignedDuration::from_mins(400);
        assert_eq!(
            resend.after_step(Some(Uuid::from_u128(1).into()), 1, now).asked_again(now),
            None
        );
    }

    #[test]
    fn everything_ends_after_the_living_and_the_erased() {
        let now = Timestamp::UNIX_EPOCH;
        let start =
            Resend::new("r".into(), scope(json!({"everything": true})).unwrap(), "key".into(), now);
        let one = start.after_step(Some(Uuid::from_u128(1).into()), 1, now);
        assert_eq!((one.phase, one.sent, one.step), (Phase::Profiles, 1, 1));
        let erased = one.after_step(None, 0, now);
        assert_eq!(
            (erased.phase, erased.after, erased.state),
            (Phase::Erased, None, ResendState::Running)
        );
        assert_eq!(erased.after_step(None, 0, now).state, ResendState::Done);
    }
}
