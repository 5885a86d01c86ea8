//! What we know of a mail that we hand to the mail service: written before it is sent, so that whoever comes after a crash
//! asks before it is sent again.

use super::OrderId;
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

/// Whoever sends a mail has an answer, or none for ever, after so long; before, nobody else sends it.
const SENDING: SignedDuration = SignedDuration::from_secs(25);

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MailOperation {
    /// As the mail service knows it.
    pub(crate) id: Uuid,
    pub(crate) order: OrderId,
    /// When its turn comes: a slot of its own, of those that there are in an hour.
    pub(crate) slot: Timestamp,
    /// When it was last begun to be sent.
    pub(crate) sent_at: Option<Timestamp>,
    /// When the mail service said that it has it.
    pub(crate) accepted_at: Option<Timestamp>,
}

/// Another run sends it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("another run sends this mail")]
pub(crate) struct AnotherSends;

impl MailOperation {
    /// A mail that may go in this slot.
    pub(crate) fn waiting(id: Uuid, order: OrderId, slot: Timestamp) -> Self {
        Self { id, order, slot, sent_at: None, accepted_at: None }
    }

    /// How long until its turn. Zero: it has come.
    pub(crate) fn sleeps(&self, now: Timestamp) -> SignedDuration {
        self.slot.duration_since(now).max(SignedDuration::ZERO)
    }

    /// How long somebody may still be at work who sends it. Zero: nobody is.
    pub(crate) fn is_sent_for(&self, now: Timestamp) -> SignedDuration {
        let Some(sent_at) = self.sent_at else { return SignedDuration::ZERO };
        // A clock that was set back keeps nobody for longer.
        (SENDING - now.duration_since(sent_at)).clamp(SignedDuration::ZERO, SENDING)
    }

    /// It is sent now, by one who saw it as `seen`.
    ///
    /// # Errors
    /// Somebody else was first.
    pub(crate) fn sent(mut self, seen: &Self, now: Timestamp) -> Result<Self, AnotherSends> {
        if self != *seen {
            return Err(AnotherSends);
        }
        self.sent_at = Some(now);
        Ok(self)
    }

    /// The mail service has it.
    pub(crate) fn accepted(mut self, now: Timestamp) -> Self {
        self.accepted_at = self.accepted_at.or(Some(now));
        self
    }
}
