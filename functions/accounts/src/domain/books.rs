//! What one message of the card network can change, all at once or not at all.

use super::card::month_of;
use super::{Account, Amount, Card, CardId, Entry, EntryKind, Fact, Hold, NetworkEvent, NetworkId};
use jiff::Timestamp;

/// An account, the card that a message is about, and what is known of the authorisation. They lie in one partition and
/// are stored in one batch. A merchant of our own charges the account without a card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Books {
    pub(crate) account: Account,
    pub(crate) card: Option<Card>,
    pub(crate) hold: Option<Hold>,
}

/// What a fact has made of the books, and the entry that it brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Taken {
    pub(crate) books: Books,
    pub(crate) entry: Option<Entry>,
}

impl Books {
    /// Takes a fact. It is never refused: not over the limit, not for a card that was stolen, not without the
    /// authorisation it speaks of. Whether it was taken before is the store's to know: the entry's id is the message's.
    pub(crate) fn take(mut self, event: &NetworkEvent, now: Timestamp) -> Taken {
        let before = self.hold_for(event, now);
        let (hold, entry) = match &before {
            Some(hold) => {
                let hold = hold.clone().after(&event.fact);
                let entry = self.entry(event, Some(&hold), now);
                (Some(hold), entry)
            }
            None => (None, self.entry(event, None, now)),
        };
        if let Some(entry) = &entry {
            self.account.post(entry);
        }
        if let (Some(before), Some(hold)) = (before, hold) {
            self = self.with_hold(&before, hold);
        } else if entry.as_ref().is_some_and(|entry| entry.kind == EntryKind::Purchase) {
            // A force post: it was spent, though nobody asked.
            self.spend(&month_of(now), entry.as_ref().map_or(Amount::ZERO, Entry::owed));
        }
        Taken { books: self, entry }
    }

    /// Releases what is left of a hold that is over; nothing if it is not, or was released before.
    pub(crate) fn release(mut self, now: Timestamp) -> Option<Self> {
        let is_due = |hold: &Hold| hold.expires_at <= now && !hold.is_released;
        let hold = self.hold.take().filter(is_due)?;
        let released = Hold { is_released: true, ..hold.clone() };
        Some(self.with_hold(&hold, released))
    }

    /// With a hold that has changed; the account and the card follow.
    pub(crate) fn with_hold(mut self, before: &Hold, after: Hold) -> Self {
        self.account.held += after.remaining() - before.remaining();
        self.spend(&after.month, after.exposure() - before.exposure());
        self.hold = Some(after);
        self
    }

    /// What counts against the month of the card, if there is one.
    fn spend(&mut self, month: &str, by: Amount) {
        if let Some(card) = &mut self.card {
            card.spend(month, by);
        }
    }

    /// The hold that a fact is about. One that nobody has asked for yet is made: what is asked later finds it.
    fn hold_for(&mut self, event: &NetworkEvent, now: Timestamp) -> Option<Hold> {
        let id: &NetworkId = event.fact.authorisation()?;
        let known = self.hold.take();
        Some(known.unwrap_or_else(|| {
            Hold::unknown(id.clone(), self.card_id(), event.merchant.clone(), now)
        }))
    }

    pub(super) fn card_id(&self) -> Option<CardId> {
        self.card.as_ref().map(|card| card.id)
    }

    fn entry(&self, event: &NetworkEvent, hold: Option<&Hold>, now: Timestamp) -> Option<Entry> {
        let (kind, amount) = match &event.fact {
            Fact::Capture { amount, .. } => (EntryKind::Purchase, *amount),
            Fact::Refund { amount, .. } => (EntryKind::Refund, *amount),
            Fact::Chargeback { amount, .. } => (EntryKind::Chargeback, *amount),
            Fact::Advice { .. } | Fact::Reversal { .. } | Fact::Expiry { .. } => return None,
        };
        let gives_back = kind != EntryKind::Purchase;
        Some(Entry {
            id: event.id.clone(),
            account_id: self.account.id,
            kind,
            currency: self.account.currency,
            postings: kind.postings(amount),
            card_id: self.card_id(),
            authorisation: event.fact.authorisation().cloned(),
            merchant: event.merchant.clone(),
            posted_at: self.account.posting_time(now),
            needs_review: gives_back && hold.is_some_and(|hold| hold.refunded > hold.captured),
        })
    }
}

impl Hold {
    /// As it is after a fact.
    fn after(mut self, fact: &Fact) -> Self {
        match fact {
            // Only if we have not answered: then the processor's answer is ours.
            Fact::Advice { amount, .. } => {
                if self.authorised.is_zero() {
                    self.authorised = *amount;
                }
                self.answer.get_or_insert(super::Answer::APPROVED);
            }
            Fact::Capture { amount, is_last, .. } => {
                self.captured += *amount;
                let was_asked = self.answer.is_some();
                self.is_released |= *is_last || !was_asked;
            }
            Fact::Reversal { amount: Some(amount), .. } => self.reversed += *amount,
            Fact::Reversal { amount: None, .. } | Fact::Expiry { .. } => self.is_released = true,
            Fact::Refund { amount, .. } | Fact::Chargeback { amount, .. } => {
                self.refunded += *amount;
            }
        }
        self
    }
}

#[cfg(test)]
#[path = "books_tests.rs"]
mod tests;
