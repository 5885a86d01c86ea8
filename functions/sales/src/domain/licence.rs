//! What somebody may use: so many pieces of a service until a day.

use super::{LicenceId, Order, OrderId, OrderLine, ProfileId, ServiceId, VendorOrder, VendorState};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use values::{Line, Revision, moment};

/// Most entries of a licence's history; the oldest go first.
const MAX_HISTORY: usize = 50;
/// Who changed what the vendor changed.
const VENDOR: &str = "vendor";

/// A licence: what the vendor delivers for one line of an order. The vendor's order is the truth about all but who it is
/// assigned to; this is what we last saw of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Licence {
    pub(crate) id: LicenceId,
    pub(crate) profile: ProfileId,
    pub(crate) order: OrderId,
    pub(crate) line: u32,
    pub(crate) service: ServiceId,
    pub(crate) name: String,
    pub(crate) quantity: u32,
    pub(crate) state: LicenceState,
    pub(crate) valid_to: Timestamp,
    /// Whom the customer gave it to: a name of theirs.
    pub(crate) assigned_to: Option<Line<100>>,
    /// The vendor's.
    pub(crate) vendor_order: String,
    /// The vendor's count of its order's changes, as far as we saw them; 0 before the first look.
    pub(crate) vendor_revision: u64,
    /// There from the activation until it is cancelled.
    pub(crate) key: Option<Sealed>,
    pub(crate) created_at: Timestamp,
    pub(crate) activated_at: Option<Timestamp>,
    pub(crate) history: Vec<LicenceEvent>,
    /// Whether the profile's subscription may not be what its licences say.
    pub(crate) subscription_due: bool,
    /// When somebody asks the vendor how its order is, or does what is due.
    pub(crate) look_at: Option<Timestamp>,
    pub(crate) revision: Revision,
}

/// As it is kept. That it is expired is said by the time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum LicenceState {
    /// The vendor has taken the order, and not activated it yet.
    Pending,
    Active,
    Cancelled,
    /// Active, and the day is over.
    Expired,
}

/// A secret as it is kept: ciphertext, and the id of the key that opens it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Sealed {
    pub(crate) id: String,
    pub(crate) wrapped: String,
}

/// Something that happened to a licence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LicenceEvent {
    #[serde(with = "moment")]
    pub(crate) at: Timestamp,
    pub(crate) what: LicenceChange,
    /// What it was before; `None`: there was nothing.
    pub(crate) from: Option<String>,
    pub(crate) to: Option<String>,
    /// Which caller; `vendor` if it was nobody of ours.
    pub(crate) by: String,
}

/// Clients are promised these words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum LicenceChange {
    Ordered,
    Activated,
    Quantity,
    ValidTo,
    AssignedTo,
    Cancelled,
}

impl Licence {
    /// The licence of a line that the vendor has taken, before the first look at it. The same id again in each round.
    pub(crate) fn ordered(
        order: &Order,
        line: &OrderLine,
        vendor: &VendorOrder,
        now: Timestamp,
    ) -> Self {
        let licence = Self {
            id: LicenceId::of(order.id, line.line),
            profile: order.profile,
            order: order.id,
            line: line.line,
            service: line.service.clone(),
            name: line.name.clone(),
            quantity: vendor.quantity,
            state: LicenceState::Pending,
            valid_to: vendor.valid_to,
            assigned_to: None,
            vendor_order: vendor.id.clone(),
            vendor_revision: 0,
            key: None,
            created_at: now,
            activated_at: None,
            history: Vec::new(),
            subscription_due: false,
            look_at: None,
            revision: Revision::FIRST,
        };
        licence.noted(now, LicenceChange::Ordered, None, None, VENDOR)
    }

    /// The one that was there, if it is of the same order of the vendor's; else the new one in its place.
    pub(crate) fn replacing(self, before: Option<Self>) -> Self {
        match before {
            Some(before) if before.vendor_order == self.vendor_order => before,
            Some(before) => {
                let history = before.history.into_iter().chain(self.history).collect();
                Self { history, revision: before.revision.next(), ..self }.bounded()
            }
            None => self,
        }
    }

    /// As the vendor says that its order is. `key` is what it delivered, if it was asked. An older look changes nothing,
    /// nor does another order.
    pub(crate) fn seen(
        self,
        vendor: &VendorOrder,
        key: Option<&Sealed>,
        by: Option<&str>,
        now: Timestamp,
    ) -> Self {
        if vendor.id != self.vendor_order || vendor.revision < self.vendor_revision {
            return self;
        }
        let (before, by) = (self.clone(), by.unwrap_or(VENDOR));
        let mut licence = self;
        licence.vendor_revision = vendor.revision;
        let was_cancelled = licence.state == LicenceState::Cancelled;
        match vendor.state {
            VendorState::Cancelled if !was_cancelled => licence = licence.cancelled(by, now),
            VendorState::Active if licence.state == LicenceState::Pending && key.is_some() => {
                (licence.state, licence.activated_at) = (LicenceState::Active, Some(now));
                licence.key = key.cloned();
                licence = licence.noted(now, LicenceChange::Activated, None, None, by);
            }
            VendorState::Cancelled | VendorState::Active | VendorState::Activating => {}
        }
        if licence.quantity != vendor.quantity {
            let (from, to) = (licence.quantity.to_string(), vendor.quantity.to_string());
            licence.quantity = vendor.quantity;
            licence = licence.noted(now, LicenceChange::Quantity, Some(from), Some(to), by);
        }
        if licence.valid_to != vendor.valid_to {
            let (from, to) = (moment::text(licence.valid_to), moment::text(vendor.valid_to));
            licence.valid_to = vendor.valid_to;
            licence = licence.noted(now, LicenceChange::ValidTo, Some(from), Some(to), by);
        }
        licence.counted_after(&before)
    }

    /// It is somebody else's, or nobody's.
    pub(crate) fn assigned(self, to: Option<Line<100>>, by: &str, now: Timestamp) -> Self {
        if self.assigned_to == to {
            return self;
        }
        let before = self.clone();
        let text = |whom: &Option<Line<100>>| whom.as_ref().map(|whom| whom.as_str().to_owned());
        let (from, to_text) = (text(&self.assigned_to), text(&to));
        let licence = Self { assigned_to: to, ..self };
        licence.noted(now, LicenceChange::AssignedTo, from, to_text, by).counted_after(&before)
    }

    /// Nobody is named in it any more: its customer is erased. It is good until it ends.
    pub(crate) fn anonymous(self) -> Self {
        let before = self.clone();
        let nameless = |event: LicenceEvent| match event.what {
            LicenceChange::AssignedTo => LicenceEvent { from: None, to: None, ..event },
            _ => event,
        };
        let history = self.history.into_iter().map(nameless).collect();
        let licence = Self { assigned_to: None, history, ..self };
        if licence == before { before } else { licence.counted_after(&before) }
    }

    /// What the vendor took is given back, or it took it back itself. Its key is good for nothing any more.
    fn cancelled(self, by: &str, now: Timestamp) -> Self {
        // A subscription follows from a licence that was active.
        let due = self.activated_at.is_some();
        let licence = Self {
            state: LicenceState::Cancelled,
            key: None,
            subscription_due: due,
            look_at: due.then_some(now).or(self.look_at),
            ..self
        };
        licence.noted(now, LicenceChange::Cancelled, None, None, by)
    }

    /// Its order failed, and what the vendor took for it is given back.
    pub(crate) fn given_back(self, by: &str, now: Timestamp) -> Self {
        if self.state == LicenceState::Cancelled {
            return self;
        }
        let before = self.clone();
        self.cancelled(by, now).counted_after(&before)
    }

    /// Somebody asks the vendor at that time, if nobody has heard of it before.
    pub(crate) fn watched(self, look_at: Timestamp) -> Self {
        Self { look_at: Some(look_at), ..self }
    }

    /// Somebody has heard of the vendor, and nothing is due since.
    pub(crate) fn looked(self, due: Option<Timestamp>) -> Self {
        if self.look_at != due || self.subscription_due {
            return self;
        }
        Self { look_at: None, ..self }
    }

    /// The profile's subscription is what its licences say.
    pub(crate) fn subscription_settled(self) -> Self {
        Self { subscription_due: false, ..self }
    }

    /// How it is at that time.
    pub(crate) fn state_at(&self, now: Timestamp) -> LicenceState {
        match self.state {
            LicenceState::Active if self.valid_to <= now => LicenceState::Expired,
            state => state,
        }
    }

    /// One more, if clients see a difference.
    fn counted_after(mut self, before: &Self) -> Self {
        if self.history != before.history {
            self.revision = before.revision.next();
        }
        self
    }

    fn noted(
        mut self,
        at: Timestamp,
        what: LicenceChange,
        from: Option<String>,
        to: Option<String>,
        by: &str,
    ) -> Self {
        self.history.push(LicenceEvent { at, what, from, to, by: by.to_owned() });
        self.bounded()
    }

    fn bounded(mut self) -> Self {
        let surplus = self.history.len().saturating_sub(MAX_HISTORY);
        self.history.drain(..surplus);
        self
    }
}

#[cfg(test)]
#[path = "licence_tests.rs"]
mod tests;
