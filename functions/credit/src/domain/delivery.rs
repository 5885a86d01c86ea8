//! One event on its way to one endpoint.

use super::{AttemptFailed, DeliveryId, EndpointId, Event, PartnerId};
use jiff::{SignedDuration, Timestamp};
use ring::digest;
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;
use uuid::{Builder, Uuid};
use values::{Revision, TraceOrigin};

/// Attempts that are remembered, the newest.
const MAX_REMEMBERED: usize = 12;

/// An event on its way to an endpoint. Nothing in it is a person's: what is said is made of the documents when it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Delivery {
    pub(crate) id: DeliveryId,
    pub(crate) event: Event,
    pub(crate) endpoint: EndpointId,
    pub(crate) state: DeliveryState,
    /// Which of the messages that have it attempted counts: the newest. All others come late and do nothing.
    pub(crate) turn: u32,
    /// How often it was put off in a row because the endpoint had enough to do.
    pub(crate) put_off: u32,
    /// Attempts since it was last begun.
    pub(crate) attempts_in_round: u32,
    pub(crate) attempts_made: u32,
    pub(crate) attempts: VecDeque<DeliveryAttempt>,
    /// Who last had it sent again.
    pub(crate) resent_by: Option<Uuid>,
    pub(crate) revision: Revision,
    /// Where it was told first. What is done for it later belongs to that trace, whoever has it done.
    pub(crate) origin: Option<TraceOrigin>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub(crate) enum DeliveryState {
    Pending {
        #[serde(with = "values::moment")]
        due_at: Timestamp,
    },
    Delivered,
    /// It was tried as often as it is tried.
    Failed,
    /// The endpoint is disabled, or gone.
    Disabled,
    /// What it tells of is erased.
    Erased,
}

/// What came of one attempt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DeliveryAttempt {
    pub(crate) at: Timestamp,
    pub(crate) duration_ms: u64,
    /// `None`: there was no answer.
    pub(crate) status: Option<u16>,
    /// `None`: it was taken.
    pub(crate) reason: Option<AttemptFailed>,
    /// The SHA-256 of what was read of the answer, in hexadecimal digits.
    pub(crate) body_hash: Option<String>,
}

/// What follows from an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Follows {
    Delivered,
    Again(SignedDuration),
    OutOfTries,
    EndpointGone,
}

impl DeliveryId {
    /// The one delivery of an event to an endpoint.
    pub(crate) fn of(event: &Event, endpoint: EndpointId) -> Self {
        Self::from(derived(&format!("{}/{endpoint}", event.occasion())))
    }
}

impl Event {
    /// What all who hear of it know it by: the same for each attempt and each endpoint.
    pub(crate) fn message_id(&self) -> String {
        format!("msg_{}", derived(&self.occasion()).simple())
    }
}

/// A UUIDv8 (RFC 9562) of a SHA-256.
fn derived(text: &str) -> Uuid {
    let hash = digest::digest(&digest::SHA256, text.as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash.as_ref()[..16]);
    Builder::from_custom_bytes(bytes).into_uuid()
}

impl Delivery {
    /// On its way; to a disabled endpoint it is kept, to be sent when that is enabled and asks for it.
    pub(crate) fn new(
        event: Event,
        endpoint: EndpointId,
        is_disabled: bool,
        now: Timestamp,
        origin: Option<TraceOrigin>,
    ) -> Self {
        let state = match is_disabled {
            true => DeliveryState::Disabled,
            false => DeliveryState::Pending { due_at: now },
        };
        Self {
            id: DeliveryId::of(&event, endpoint),
            event,
            endpoint,
            state,
            turn: 1,
            put_off: 0,
            attempts_in_round: 0,
            attempts_made: 0,
            attempts: VecDeque::new(),
            resent_by: None,
            revision: Revision::FIRST,
            origin,
        }
    }

    pub(crate) fn due_at(&self) -> Option<Timestamp> {
        match self.state {
            DeliveryState::Pending { due_at } => Some(due_at),
            _ => None,
        }
    }

    /// Whether the message of this turn is the one that counts.
    pub(crate) fn is_turn(&self, turn: u32) -> bool {
        self.turn == turn && self.due_at().is_some()
    }

    /// An attempt was made in this turn. What comes late is remembered, and changes nothing; unless it was taken, which is so.
    pub(crate) fn attempted(
        mut self,
        turn: u32,
        attempt: DeliveryAttempt,
        follows: Follows,
        now: Timestamp,
    ) -> Self {
        let counts = self.is_turn(turn);
        let is_taken = follows == Follows::Delivered && self.due_at().is_some();
        self.attempts.push_back(attempt);
        while self.attempts.len() > MAX_REMEMBERED {
            self.attempts.pop_front();
        }
        self.attempts_made += 1;
        if counts || is_taken {
            self.attempts_in_round += 1;
            self.turn += 1;
            self.put_off = 0;
            self.state = match follows {
                Follows::Delivered => DeliveryState::Delivered,
                Follows::Again(wait) => {
                    DeliveryState::Pending { due_at: now.saturating_add(wait).unwrap_or(now) }
                }
                Follows::OutOfTries => DeliveryState::Failed,
                Follows::EndpointGone => DeliveryState::Disabled,
            };
        }
        self.revised()
    }

    /// The endpoint has enough to do: a later message counts in the place of this turn's.
    pub(crate) fn put_off(mut self, turn: u32, due_at: Timestamp) -> Self {
        if !self.is_turn(turn) {
            return self;
        }
        self.turn += 1;
        self.put_off += 1;
        self.state = DeliveryState::Pending { due_at };
        self.revised()
    }

    /// Nobody came when it was due: a new message counts.
    pub(crate) fn overdue(mut self, turn: u32, now: Timestamp) -> Self {
        if !self.is_turn(turn) {
            return self;
        }
        self.turn += 1;
        self.state = DeliveryState::Pending { due_at: now };
        self.revised()
    }

    /// Nothing is sent: the endpoint is disabled or gone, or what it tells of is erased.
    pub(crate) fn dropped(mut self, turn: u32, state: DeliveryState) -> Self {
        if !self.is_turn(turn) {
            return self;
        }
        self.state = state;
        self.revised()
    }

    /// From the beginning, and at once. The same wish again changes nothing.
    pub(crate) fn resent(mut self, by: Uuid, now: Timestamp) -> Self {
        if self.resent_by == Some(by) || self.state == DeliveryState::Erased {
            return self;
        }
        self.resent_by = Some(by);
        self.turn += 1;
        self.attempts_in_round = 0;
        self.put_off = 0;
        self.state = DeliveryState::Pending { due_at: now };
        self.revised()
    }

    pub(crate) fn partner(&self) -> &PartnerId {
        &self.event.partner
    }

    fn revised(self) -> Self {
        Self { revision: self.revision.next(), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::EventKind;
    use pretty_assertions::assert_eq;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).unwrap()
    }

    fn event(kind: EventKind, second: i64) -> Event {
        let partner = PartnerId::new("acme");
        Event { kind, about: Uuid::from_u128(7), partner, at: at(second) }
    }

    fn delivery() -> Delivery {
        let endpoint = EndpointId::from(Uuid::from_u128(1));
        Delivery::new(event(EventKind::Test, 0), endpoint, false, at(0), None)
    }

    fn attempt(status: u16) -> DeliveryAttempt {
        let reason = (status != 200).then_some(AttemptFailed::Status);
        let status = Some(status);
        DeliveryAttempt { at: at(0), duration_ms: 1, status, reason, body_hash: None }
    }

    const AGAIN: Follows = Follows::Again(SignedDuration::from_secs(5));

    #[test]
    fn one_event_has_one_message_id_and_a_delivery_for_each_endpoint() {
        let [one, two] = [1, 2].map(|number| EndpointId::from(Uuid::from_u128(number)));
        let tested = event(EventKind::Test, 0);
        assert_eq!(tested.message_id(), event(EventKind::Test, 9).message_id());
        assert!(tested.message_id().starts_with("msg_") && !tested.message_id().contains('.'));
        assert_eq!(DeliveryId::of(&tested, one), DeliveryId::of(&tested, one));
        assert_ne!(DeliveryId::of(&tested, one), DeliveryId::of(&tested, two));
        let disabled = |second| event(EventKind::EndpointDisabled, second).message_id();
        assert_ne!(disabled(0), disabled(9), "it may happen again");
    }

    #[test]
    fn only_the_newest_message_counts_and_what_was_taken_is_so() {
        let failed = delivery().attempted(1, attempt(500), AGAIN, at(1));
        assert_eq!((failed.turn, failed.due_at()), (2, Some(at(6))));
        let twice = failed.clone().attempted(1, attempt(500), AGAIN, at(2));
        assert_eq!((twice.turn, twice.due_at()), (2, Some(at(6))), "a duplicate moves nothing");
        assert_eq!(twice.attempts_made, 2, "and was made all the same");
        let late = failed.attempted(1, attempt(200), Follows::Delivered, at(3));
        assert_eq!(late.state, DeliveryState::Delivered);
        assert_eq!(late.clone().put_off(3, at(9)), late);
        assert_eq!(late.clone().overdue(3, at(9)), late);
        assert_eq!(late.clone().dropped(3, DeliveryState::Erased), late);
    }

    #[test]
    fn what_is_sent_again_begins_anew_once_for_each_wish() {
        let failed = delivery().attempted(1, attempt(500), Follows::OutOfTries, at(1));
        let wish = Uuid::from_u128(3);
        let resent = failed.resent(wish, at(2));
        assert_eq!((resent.due_at(), resent.attempts_in_round), (Some(at(2)), 0));
        assert_eq!(resent.clone().resent(wish, at(3)), resent);
        assert_ne!(resent.clone().resent(Uuid::from_u128(4), at(3)), resent);
        let erased = resent.dropped(3, DeliveryState::Disabled).resent(wish, at(4));
        assert_eq!(erased.state, DeliveryState::Disabled);
    }

    #[test]
    fn the_newest_attempts_are_remembered_and_all_counted() {
        let many =
            (1..=20).fold(delivery(), |it, turn| it.attempted(turn, attempt(500), AGAIN, at(1)));
        assert_eq!((many.attempts.len(), many.attempts_made, many.turn), (MAX_REMEMBERED, 20, 21));
    }
}
