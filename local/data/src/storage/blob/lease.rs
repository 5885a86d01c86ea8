//! Leases on blobs and containers: a lock with a name and an end.
//!
//! Source: "Lease Blob" in Microsoft's REST reference, with its table of outcomes by state.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::storage::{
    code::{self, Code},
    failure::Failure,
    reply::Reply,
    xml::Xml,
};

/// A lease as it was last changed; time may have moved it on, see `state`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Lease {
    /// Nobody holds it.
    #[default]
    Available,
    /// Somebody holds it.
    Leased {
        /// The holder's name for it.
        id: String,
        /// For how long it is taken or renewed; `None` is for ever.
        duration_s: Option<i64>,
        /// When it ends by itself.
        until: Option<Timestamp>,
    },
    /// It was broken: its holder keeps it until then, nobody may renew it.
    Breaking {
        /// The holder's name for it.
        id: String,
        /// When it is broken.
        until: Timestamp,
    },
    /// It was broken and is nobody's.
    Broken {
        /// The last holder's name for it.
        id: String,
    },
}

/// What a lease is at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Available,
    Leased,
    Expired,
    Breaking,
    Broken,
}

impl State {
    fn name(self) -> &'static str {
        match self {
            Self::Available => "available",
            Self::Leased => "leased",
            Self::Expired => "expired",
            Self::Breaking => "breaking",
            Self::Broken => "broken",
        }
    }

    /// Whether writers must show the lease's id.
    pub(super) fn is_locked(self) -> bool {
        matches!(self, Self::Leased | Self::Breaking)
    }
}

/// The codes that differ between a blob and a container.
#[derive(Clone, Copy, Debug)]
pub(super) struct Holder {
    mismatch: Code,
    not_present: Code,
}

/// A lease on a blob.
pub(super) const BLOB: Holder = Holder {
    mismatch: code::LEASE_ID_MISMATCH_WITH_BLOB_OPERATION,
    not_present: code::LEASE_NOT_PRESENT_WITH_BLOB_OPERATION,
};
/// A lease on a container.
pub(super) const CONTAINER: Holder = Holder {
    mismatch: code::LEASE_ID_MISMATCH_WITH_CONTAINER_OPERATION,
    not_present: code::LEASE_NOT_PRESENT_WITH_CONTAINER_OPERATION,
};

impl Lease {
    /// What it is now.
    pub(super) fn state(&self, now: Timestamp) -> State {
        match self {
            Self::Available => State::Available,
            Self::Leased { until: Some(until), .. } if *until <= now => State::Expired,
            Self::Leased { .. } => State::Leased,
            Self::Breaking { until, .. } if *until <= now => State::Broken,
            Self::Breaking { .. } => State::Breaking,
            Self::Broken { .. } => State::Broken,
        }
    }

    fn id(&self) -> Option<&str> {
        match self {
            Self::Available => None,
            Self::Leased { id, .. } | Self::Breaking { id, .. } | Self::Broken { id } => Some(id),
        }
    }

    /// Acquire: `duration_s` is `None` for ever.
    pub(super) fn acquire(
        &self,
        now: Timestamp,
        id: String,
        duration_s: Option<i64>,
    ) -> Result<Self, Failure> {
        match self.state(now) {
            State::Leased if self.id() != Some(&id) => Err(code::LEASE_ALREADY_PRESENT.into()),
            State::Breaking if self.id() == Some(&id) => {
                Err(code::LEASE_IS_BREAKING_AND_CANNOT_BE_ACQUIRED.into())
            }
            State::Breaking => Err(code::LEASE_ALREADY_PRESENT.into()),
            _ => Ok(leased(now, id, duration_s)),
        }
    }

    /// Renew: also after it expired, as long as nobody else wrote or acquired.
    pub(super) fn renew(&self, now: Timestamp, id: &str) -> Result<Self, Failure> {
        match self {
            Self::Leased { id: held, duration_s, .. } if held == id => {
                Ok(leased(now, held.clone(), *duration_s))
            }
            Self::Breaking { id: held, .. } | Self::Broken { id: held } if held == id => {
                Err(code::LEASE_IS_BROKEN_AND_CANNOT_BE_RENEWED.into())
            }
            _ => Err(code::LEASE_ID_MISMATCH_WITH_LEASE_OPERATION.into()),
        }
    }

    /// Change the holder's name for it.
    pub(super) fn change(
        &self,
        now: Timestamp,
        id: &str,
        proposed: String,
    ) -> Result<Self, Failure> {
        match (self.state(now), self) {
            (State::Leased, Self::Leased { id: held, duration_s, until })
                if held == id || *held == proposed =>
            {
                Ok(Self::Leased { id: proposed, duration_s: *duration_s, until: *until })
            }
            (State::Breaking, _) if self.id() == Some(id) => {
                Err(code::LEASE_IS_BREAKING_AND_CANNOT_BE_CHANGED.into())
            }
            (State::Leased | State::Breaking, _) => {
                Err(code::LEASE_ID_MISMATCH_WITH_LEASE_OPERATION.into())
            }
            _ => Err(code::LEASE_NOT_PRESENT_WITH_LEASE_OPERATION.into()),
        }
    }

    /// Release.
    pub(super) fn release(&self, id: &str) -> Result<Self, Failure> {
        if self.id() == Some(id) {
            return Ok(Self::Available);
        }
        Err(code::LEASE_ID_MISMATCH_WITH_LEASE_OPERATION.into())
    }

    /// Break: the lease as it is then, and the seconds until nobody holds it.
    pub(super) fn break_off(
        &self,
        now: Timestamp,
        period_s: Option<i64>,
    ) -> Result<(Self, i64), Failure> {
        let Some(id) = self.id().map(str::to_owned) else {
            return Err(code::LEASE_NOT_PRESENT_WITH_LEASE_OPERATION.into());
        };
        let left_s = match self {
            Self::Leased { until: Some(until), .. } | Self::Breaking { until, .. } => {
                seconds_until(now, *until)
            }
            // Held for ever: it ends when it is asked to, at once if nothing is asked.
            Self::Leased { until: None, .. } => period_s.unwrap_or(0),
            Self::Available | Self::Broken { .. } => 0,
        };
        let ends_in_s = period_s.map_or(left_s, |period_s| period_s.min(left_s));
        if ends_in_s == 0 {
            return Ok((Self::Broken { id }, 0));
        }
        let until =
            now.saturating_add(SignedDuration::from_secs(ends_in_s)).unwrap_or(Timestamp::MAX);
        Ok((Self::Breaking { id, until }, ends_in_s))
    }

    /// Whether a write may go on with the lease id that it shows.
    pub(super) fn check_write(
        &self,
        now: Timestamp,
        shown: Option<&str>,
        holder: Holder,
    ) -> Result<(), Failure> {
        if self.state(now).is_locked() && shown.is_none() {
            return Err(code::LEASE_ID_MISSING.into());
        }
        self.check_read(now, shown, holder)
    }

    /// Whether a read may go on: it need not show a lease id, but not a wrong one.
    pub(super) fn check_read(
        &self,
        now: Timestamp,
        shown: Option<&str>,
        holder: Holder,
    ) -> Result<(), Failure> {
        let Some(shown) = shown else { return Ok(()) };
        match self.state(now) {
            State::Leased | State::Breaking
                if self.id().is_some_and(|id| id.eq_ignore_ascii_case(shown)) =>
            {
                Ok(())
            }
            State::Leased | State::Breaking => Err(holder.mismatch.into()),
            State::Available => Err(holder.not_present.into()),
            State::Expired | State::Broken => Err(code::LEASE_LOST.into()),
        }
    }

    /// The lease after a write: what had ended cannot be renewed any more.
    pub(super) fn after_write(&self, now: Timestamp) -> Self {
        if self.state(now).is_locked() { self.clone() } else { Self::Available }
    }

    /// Adds the headers that tell of it.
    pub(super) fn to_headers(&self, now: Timestamp, reply: Reply) -> Reply {
        let state = self.state(now);
        reply
            .header("x-ms-lease-status", if state.is_locked() { "locked" } else { "unlocked" })
            .header("x-ms-lease-state", state.name())
            .header_if("x-ms-lease-duration", self.duration_name(state))
    }

    /// Adds the elements that tell of it in a list.
    pub(super) fn to_xml(&self, now: Timestamp, xml: &mut Xml) {
        let state = self.state(now);
        xml.text("LeaseStatus", if state.is_locked() { "locked" } else { "unlocked" });
        xml.text("LeaseState", state.name());
        xml.text_if("LeaseDuration", self.duration_name(state));
    }

    fn duration_name(&self, state: State) -> Option<&'static str> {
        match self {
            Self::Leased { duration_s: None, .. } if state == State::Leased => Some("infinite"),
            Self::Leased { .. } if state == State::Leased => Some("fixed"),
            _ => None,
        }
    }
}

fn leased(now: Timestamp, id: String, duration_s: Option<i64>) -> Lease {
    let until = duration_s.map(|seconds| {
        now.saturating_add(SignedDuration::from_secs(seconds)).unwrap_or(Timestamp::MAX)
    });
    Lease::Leased { id, duration_s, until }
}

/// Rounded up, so that a lease that still holds has not 0 seconds left.
fn seconds_until(now: Timestamp, until: Timestamp) -> i64 {
    let left = until.duration_since(now);
    (left.as_secs() + i64::from(left.subsec_nanos() > 0)).max(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_795_248_000 + second).unwrap()
    }

    fn refusal<T: std::fmt::Debug>(result: Result<T, Failure>) -> Code {
        result.unwrap_err().code()
    }

    #[test]
    fn a_lease_is_held_by_one_and_ends_by_itself() {
        let lease = Lease::Available.acquire(at(0), "a".to_owned(), Some(15)).unwrap();
        assert_eq!(
            refusal(lease.acquire(at(14), "b".to_owned(), Some(15))),
            code::LEASE_ALREADY_PRESENT
        );
        assert_eq!(refusal(lease.check_write(at(14), None, BLOB)), code::LEASE_ID_MISSING);
        assert_eq!(
            refusal(lease.check_write(at(14), Some("b"), BLOB)),
            code::LEASE_ID_MISMATCH_WITH_BLOB_OPERATION
        );
        assert!(lease.check_write(at(14), Some("a"), BLOB).is_ok());
        assert!(lease.check_read(at(14), None, BLOB).is_ok());
        assert_eq!(lease.state(at(15)), State::Expired);
        assert!(lease.check_write(at(15), None, BLOB).is_ok());
        assert_eq!(refusal(lease.check_write(at(15), Some("a"), BLOB)), code::LEASE_LOST);
        assert!(lease.acquire(at(15), "b".to_owned(), None).is_ok());
    }

    #[test]
    fn an_expired_lease_is_renewed_unless_somebody_wrote() {
        let lease = Lease::Available.acquire(at(0), "a".to_owned(), Some(15)).unwrap();
        assert_eq!(lease.renew(at(100), "a").unwrap().state(at(114)), State::Leased);
        assert_eq!(
            refusal(lease.after_write(at(100)).renew(at(100), "a")),
            code::LEASE_ID_MISMATCH_WITH_LEASE_OPERATION
        );
    }

    #[test]
    fn a_broken_lease_is_held_until_its_period_is_over() {
        let lease = Lease::Available.acquire(at(0), "a".to_owned(), Some(60)).unwrap();
        let (breaking, left_s) = lease.break_off(at(10), Some(20)).unwrap();
        assert_eq!(
            (left_s, breaking.state(at(29)), breaking.state(at(30))),
            (20, State::Breaking, State::Broken)
        );
        assert_eq!(
            refusal(breaking.renew(at(11), "a")),
            code::LEASE_IS_BROKEN_AND_CANNOT_BE_RENEWED
        );
        assert_eq!(
            refusal(breaking.acquire(at(11), "b".to_owned(), None)),
            code::LEASE_ALREADY_PRESENT
        );
        assert_eq!(breaking.break_off(at(11), Some(60)).unwrap().1, 19);
        assert_eq!(lease.break_off(at(10), None).unwrap().1, 50);
        let for_ever = Lease::Available.acquire(at(0), "a".to_owned(), None).unwrap();
        assert_eq!(
            for_ever.break_off(at(10), None).unwrap(),
            (Lease::Broken { id: "a".to_owned() }, 0)
        );
        assert_eq!(
            refusal(Lease::Available.break_off(at(0), None)),
            code::LEASE_NOT_PRESENT_WITH_LEASE_OPERATION
        );
    }

    #[test]
    fn the_holder_s_name_changes_only_while_it_is_held() {
        let lease = Lease::Available.acquire(at(0), "a".to_owned(), Some(15)).unwrap();
        let changed = lease.change(at(1), "a", "b".to_owned()).unwrap();
        assert!(changed.check_write(at(1), Some("b"), BLOB).is_ok());
        assert_eq!(
            refusal(changed.change(at(1), "a", "c".to_owned())),
            code::LEASE_ID_MISMATCH_WITH_LEASE_OPERATION
        );
        assert_eq!(
            refusal(lease.change(at(15), "a", "b".to_owned())),
            code::LEASE_NOT_PRESENT_WITH_LEASE_OPERATION
        );
        assert_eq!(changed.release("b").unwrap(), Lease::Available);
        assert_eq!(refusal(changed.release("a")), code::LEASE_ID_MISMATCH_WITH_LEASE_OPERATION);
    }
}
