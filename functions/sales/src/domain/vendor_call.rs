//! What is known of ordering one line at the vendor: written before it is ordered, and after. So whoever comes after a
//! crash asks before it orders again, and two at once do not both order.

use super::{OrderId, VendorReference};
use jiff::{SignedDuration, Timestamp, ToSpan, tz::TimeZone};
use uuid::Uuid;

/// How long whoever said that it orders is let alone. It does not send anything once half of this is over.
pub(crate) const LEASE: SignedDuration = SignedDuration::from_secs(30);
/// How much later an order may arrive at the vendor, and its answer come: until then "there is none" means nothing.
const SLOWEST_ANSWER: SignedDuration = SignedDuration::from_secs(30);
/// When somebody looks whether more came of it than one order.
const LOOK_AFTER: SignedDuration = SignedDuration::from_mins(5);

/// How one line was ordered, is, or will be. A round is one order at the vendor; where what it took was given back, an
/// order that is made once more begins a new round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct VendorCall {
    pub(crate) reference: VendorReference,
    /// The attempt of the step that uses it, or has given it back.
    pub(crate) attempt: u32,
    /// All of it is given back.
    pub(crate) released: bool,
    /// The last time that somebody said: now I order.
    pub(crate) sent: Option<Sent>,
    /// When the vendor was heard about that: from then on nothing more comes of it.
    pub(crate) answered_at: Option<Timestamp>,
    /// Which of the vendor's orders it is. Others under this reference are none of ours.
    pub(crate) vendor_order: Option<String>,
    /// Until when what was ordered is to be good.
    pub(crate) valid_to: Timestamp,
    /// When somebody looks at the vendor whether there are others.
    pub(crate) look_at: Option<Timestamp>,
}

/// Somebody ordered, or was killed before it did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sent {
    pub(crate) by: Uuid,
    pub(crate) at: Timestamp,
}

/// What whoever is to order a line does next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Turn {
    /// It is ordered: this is it.
    Ordered(String),
    /// It may be ordered already, or may still arrive: ask the vendor.
    Ask,
    /// Nobody has ordered it.
    Order,
}

/// The call is another attempt's: this one has nothing to do any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("another attempt was first")]
pub(crate) struct AnotherAttempt;

impl VendorCall {
    /// One that nobody has made, for `months` from now.
    fn new(reference: VendorReference, attempt: u32, months: u32, now: Timestamp) -> Self {
        Self {
            reference,
            attempt,
            released: false,
            sent: None,
            answered_at: None,
            vendor_order: None,
            valid_to: months_after(now, months),
            look_at: None,
        }
    }

    /// The call for an attempt, which begins a new round if what there was is given back.
    ///
    /// # Errors
    /// A later attempt has it, or this one has given it back.
    pub(crate) fn taken_up(
        before: Option<Self>,
        (order, line): (OrderId, u32),
        attempt: u32,
        months: u32,
        now: Timestamp,
    ) -> Result<Self, AnotherAttempt> {
        let Some(before) = before else {
            let reference = VendorReference { order, line, round: 1 };
            return Ok(Self::new(reference, attempt, months, now));
        };
        if before.attempt > attempt || before.released && before.attempt == attempt {
            return Err(AnotherAttempt);
        }
        if before.released {
            let reference =
                VendorReference { round: before.reference.round + 1, ..before.reference };
            // What an earlier round left behind is still looked for.
            return Ok(Self {
                look_at: before.look_at,
                ..Self::new(reference, attempt, months, now)
            });
        }
        Ok(Self { attempt, ..before })
    }

    /// The call of an attempt that failed or was cancelled: what came of it is given back. A later attempt's stays.
    pub(crate) fn released(
        before: Option<Self>,
        (order, line): (OrderId, u32),
        attempt: u32,
        now: Timestamp,
    ) -> Self {
        let reference = VendorReference { order, line, round: 1 };
        let call = before.unwrap_or_else(|| Self::new(reference, attempt, 1, now));
        if call.attempt > attempt { call } else { Self { attempt, released: true, ..call } }
    }

    /// What is to be done next.
    pub(crate) fn turn(&self) -> Turn {
        match (&self.vendor_order, self.sent) {
            (Some(id), _) => Turn::Ordered(id.clone()),
            (None, Some(_)) => Turn::Ask,
            (None, None) => Turn::Order,
        }
    }

    /// Until when an order that was sent may still arrive. `None`: nothing is on its way.
    pub(crate) fn may_arrive_until(&self, now: Timestamp) -> Option<Timestamp> {
        let sent = self.sent.filter(|_| self.answered_at.is_none())?;
        let until = later(sent.at, LEASE + SLOWEST_ANSWER);
        Some(until).filter(|until| now < *until)
    }

    /// Somebody orders now. `None`: somebody else does, or what is on its way may still arrive.
    pub(crate) fn intended(self, by: Uuid, now: Timestamp) -> Option<Self> {
        if self.released || self.vendor_order.is_some() || self.may_arrive_until(now).is_some() {
            return None;
        }
        let look_at = Some(later(now, LOOK_AFTER));
        Some(Self { sent: Some(Sent { by, at: now }), answered_at: None, look_at, ..self })
    }

    /// The vendor was heard about what was sent: refused, or known not to have left us. `None`: it is another's.
    pub(crate) fn answered(self, by: Uuid, now: Timestamp) -> Option<Self> {
        self.sent.filter(|sent| sent.by == by)?;
        Some(Self { answered_at: Some(now), ..self })
    }

    /// It is this order. The one that was chosen first stays. `None`: another attempt's turn, or given back.
    pub(crate) fn chosen(self, attempt: u32, vendor_order: &str, now: Timestamp) -> Option<Self> {
        if self.released || self.attempt != attempt {
            return None;
        }
        let chosen = self.vendor_order.unwrap_or_else(|| vendor_order.to_owned());
        Some(Self { vendor_order: Some(chosen), answered_at: Some(now), ..self })
    }

    /// Somebody looked, and there was nothing left to come since.
    pub(crate) fn looked(self, due: Timestamp) -> Self {
        Self { look_at: self.look_at.filter(|at| *at != due), ..self }
    }

    /// What it was ordered as, in all rounds, and which of the vendor's orders stays there. Where that is not known yet
    /// nobody can say what is too much.
    pub(crate) fn kept(&self) -> impl Iterator<Item = (VendorReference, Option<&str>)> {
        let last = self.reference.round;
        let knows = self.released || self.vendor_order.is_some();
        (1..=last).filter(move |round| *round < last || knows).map(move |round| {
            let stays = self.vendor_order.as_deref();
            let stays = stays.filter(|_| round == last && !self.released);
            (VendorReference { round, ..self.reference }, stays)
        })
    }
}

fn later(at: Timestamp, by: SignedDuration) -> Timestamp {
    at.saturating_add(by).unwrap_or(Timestamp::MAX)
}

/// The same moment of the day so many months later, in UTC, in whole milliseconds.
fn months_after(at: Timestamp, months: u32) -> Timestamp {
    let at = Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at);
    let after = at.to_zoned(TimeZone::UTC).checked_add(i64::from(months).months());
    after.map_or(Timestamp::MAX, |after| after.timestamp())
}

#[cfg(test)]
#[path = "vendor_call_tests.rs"]
mod tests;
