//! An order, and how it changes.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::price::Price;

/// How long a licence is good for unless it is extended: a year.
pub(crate) const VALID_FOR: SignedDuration = SignedDuration::from_hours(365 * 24);

/// Where an order stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum State {
    Activating,
    Active,
    Cancelled,
}

/// Licences that a client ordered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Order {
    pub(crate) order_id: String,
    pub(crate) client_reference: String,
    pub(crate) service_id: String,
    pub(crate) quantity: u32,
    pub(crate) unit_price: Price,
    pub(crate) state: State,
    pub(crate) valid_to: Timestamp,
    /// Counts the changes, from 1.
    pub(crate) revision: u64,
    pub(crate) ordered_at: Timestamp,
    /// When it becomes active by itself.
    pub(crate) activates_at: Option<Timestamp>,
    /// When it cancels itself.
    pub(crate) cancels_at: Option<Timestamp>,
}

/// What happens to an order; also the type of the webhook about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Event {
    #[serde(rename = "order.activated")]
    Activated,
    #[serde(rename = "order.changed")]
    Changed,
    #[serde(rename = "order.cancelled")]
    Cancelled,
}

impl State {
    /// As in JSON.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Activating => "activating",
            Self::Active => "active",
            Self::Cancelled => "cancelled",
        }
    }
}

impl Event {
    /// As in webhooks.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Activated => "order.activated",
            Self::Changed => "order.changed",
            Self::Cancelled => "order.cancelled",
        }
    }
}

impl Order {
    /// As clients see it.
    pub(crate) fn shown(&self, in_another_currency: bool) -> Value {
        let price = if in_another_currency {
            self.unit_price.in_another_currency()
        } else {
            self.unit_price.clone()
        };
        json!({
            "orderId": self.order_id,
            "clientReference": self.client_reference,
            "serviceId": self.service_id,
            "quantity": self.quantity,
            "unitPrice": price,
            "state": self.state,
            "validTo": self.valid_to,
            "revision": self.revision,
        })
    }

    /// When something happens to it by itself.
    pub(crate) fn next(&self) -> Option<(Timestamp, Event)> {
        let activates = self.activates_at.filter(|_| self.state == State::Activating);
        let cancels = self.cancels_at.filter(|_| self.state != State::Cancelled);
        let activates = activates.map(|at| (at, Event::Activated));
        let cancels = cancels.map(|at| (at, Event::Cancelled));
        [activates, cancels].into_iter().flatten().min_by_key(|(at, _)| *at)
    }

    /// The next revision of it.
    pub(crate) fn after(&self, event: Event) -> Self {
        let mut order = self.clone();
        order.revision += 1;
        match event {
            Event::Activated => order.state = State::Active,
            Event::Cancelled => order.state = State::Cancelled,
            Event::Changed => {}
        }
        order
    }

    /// Licences that it keeps from the stock.
    pub(crate) fn held(&self) -> u32 {
        if self.state == State::Cancelled { 0 } else { self.quantity }
    }
}
