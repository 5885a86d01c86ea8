//! A webhook, and what became of it.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use webhooks::Payload;

use crate::order::{Event, Order};

/// A webhook about an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Notice {
    /// Counts from 1.
    pub(crate) number: u64,
    /// `msg_…`, the same for every attempt.
    pub(crate) id: String,
    #[serde(rename = "type")]
    pub(crate) event: Event,
    pub(crate) happened_at: Timestamp,
    #[serde(flatten)]
    pub(crate) about: About,
    /// When it is sent next.
    pub(crate) due: Timestamp,
    /// A fault has made it late already.
    #[serde(default)]
    pub(crate) is_late: bool,
    pub(crate) attempts: u32,
    /// The status that the last attempt was answered with.
    pub(crate) answered: Option<u16>,
    pub(crate) outcome: Option<Outcome>,
}

/// What a webhook is about: the receiver reads the order for the rest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct About {
    pub(crate) order_id: String,
    pub(crate) client_reference: String,
    pub(crate) revision: u64,
}

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Outcome {
    Delivered,
    /// By a fault; it was never sent.
    Lost,
    /// The receiver wants no more (410), or all attempts are used up.
    GivenUp,
}

/// What became of one attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Attempted {
    /// It ended, with this last answer.
    Ended(Outcome, Option<u16>),
    /// Again after so long.
    Again(SignedDuration, Option<u16>),
    /// Not sent yet: a fault makes it late.
    Postponed(SignedDuration),
}

impl Outcome {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Delivered => "delivered",
            Self::Lost => "lost",
            Self::GivenUp => "given up",
        }
    }
}

impl Notice {
    /// Of an order as it is after the event.
    pub(crate) fn of(number: u64, order: &Order, event: Event, now: Timestamp) -> Self {
        Self {
            number,
            id: format!("msg_{}", Uuid::new_v4().simple()),
            event,
            happened_at: now,
            about: About {
                order_id: order.order_id.clone(),
                client_reference: order.client_reference.clone(),
                revision: order.revision,
            },
            due: now,
            is_late: false,
            attempts: 0,
            answered: None,
            outcome: None,
        }
    }

    /// The same bytes for every attempt.
    pub(crate) fn body(&self) -> Vec<u8> {
        let event_type = self.event.name().to_owned();
        let payload = Payload { event_type, timestamp: self.happened_at, data: &self.about };
        payload.to_body().expect("our events have words for types, and short data")
    }

    /// It after an attempt.
    pub(crate) fn after(&self, attempted: Attempted, now: Timestamp) -> Self {
        let later = |wait| now.saturating_add(wait).unwrap_or(now);
        let mut after = self.clone();
        match attempted {
            Attempted::Postponed(wait) => {
                after.is_late = true;
                after.due = later(wait);
                return after;
            }
            Attempted::Ended(Outcome::Lost, _) => after.outcome = Some(Outcome::Lost),
            Attempted::Ended(outcome, status) => {
                after.attempts += 1;
                (after.outcome, after.answered) = (Some(outcome), status);
            }
            Attempted::Again(wait, status) => {
                after.attempts += 1;
                (after.due, after.answered) = (later(wait), status);
            }
        }
        after
    }
}
