//! A hold: what of the limit is promised to one shop.

use super::card::month_of;
use super::network::releases_at;
use super::{Amount, AuthorisationRequest, CardId, DeclineReason, Merchant, NetworkId};
use jiff::Timestamp;
use money::{Currency, Money};
use serde::{Deserialize, Serialize};

/// All that is known of one authorisation. What it comes to is a sum of what was authorised, captured and reversed, and
/// whether it was released: so facts may come in any order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hold {
    /// The network's id of the authorisation.
    pub(crate) id: NetworkId,
    /// With which card; none: a merchant of our own charges the account.
    pub(crate) card_id: Option<CardId>,
    /// What a merchant of our own asked for, whatever it was answered; none of a card, and of what was given up unasked.
    pub(crate) charge: Option<Money>,
    /// Of the authorisation itself and all increments that were approved.
    pub(crate) authorised: Amount,
    pub(crate) captured: Amount,
    pub(crate) reversed: Amount,
    /// Nothing of it is held any more, whatever else comes: it was captured in full, reversed, expired, or captured
    /// before it was asked for.
    pub(crate) is_released: bool,
    /// What the network was told, for whoever asks again; none while nobody has asked. A decline holds nothing.
    pub(crate) answer: Option<Answer>,
    /// Where it was asked for, as far as is known.
    pub(crate) merchant: Option<Merchant>,
    /// What was told to those who wanted it larger, by the ids of their messages.
    pub(crate) increments: Vec<Increment>,
    /// What shops gave back.
    pub(crate) refunded: Amount,
    /// The month to which the card's spending counts, `2026-11`.
    pub(crate) month: String,
    /// When it was first heard of.
    pub(crate) asked_at: Timestamp,
    /// When it is released by itself.
    pub(crate) expires_at: Timestamp,
}

/// An answer that was given: approved, or why not. In JSON a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Told", into = "Told")]
pub(crate) struct Answer(pub(crate) Option<DeclineReason>);

impl Answer {
    pub(crate) const APPROVED: Self = Self(None);

    pub(crate) fn as_result(self) -> Result<(), DeclineReason> {
        self.0.map_or(Ok(()), Err)
    }
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Told {
    Approved,
    #[serde(untagged)]
    Declined(DeclineReason),
}

impl From<Told> for Answer {
    fn from(told: Told) -> Self {
        match told {
            Told::Approved => Self(None),
            Told::Declined(reason) => Self(Some(reason)),
        }
    }
}

impl From<Answer> for Told {
    fn from(answer: Answer) -> Self {
        answer.0.map_or(Self::Approved, Self::Declined)
    }
}

/// A message that wanted an authorisation larger, and what it was told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Increment {
    pub(crate) id: NetworkId,
    pub(crate) answer: Answer,
}

impl Hold {
    /// Nothing known yet.
    pub(crate) fn unknown(
        id: NetworkId,
        card_id: Option<CardId>,
        merchant: Option<Merchant>,
        now: Timestamp,
    ) -> Self {
        let expires_at = releases_at(merchant.as_ref(), now);
        Self {
            id,
            card_id,
            charge: None,
            authorised: Amount::ZERO,
            captured: Amount::ZERO,
            reversed: Amount::ZERO,
            is_released: false,
            answer: None,
            increments: Vec::new(),
            refunded: Amount::ZERO,
            month: month_of(now),
            merchant,
            asked_at: now,
            expires_at,
        }
    }

    /// What is held: never less than nothing.
    pub(crate) fn remaining(&self) -> Amount {
        if self.is_released { Amount::ZERO } else { self.not_taken() }
    }

    /// What was authorised and neither captured nor given up, held or not.
    pub(crate) fn not_taken(&self) -> Amount {
        (self.authorised - self.captured - self.reversed).or_zero()
    }

    /// What it costs the card's month: what was captured, and what still may be.
    pub(crate) fn exposure(&self) -> Amount {
        self.captured + self.remaining()
    }

    /// What this very message was told before, if it was.
    pub(crate) fn answer_to(
        &self,
        request: &AuthorisationRequest,
    ) -> Option<Result<(), DeclineReason>> {
        let answer = if request.increment_of.is_some() {
            self.increments.iter().find(|known| known.id == request.id).map(|known| known.answer)
        } else {
            self.answer
        };
        answer.map(Answer::as_result)
    }

    /// As it is once the request is approved.
    pub(crate) fn approved(mut self, request: &AuthorisationRequest, currency: Currency) -> Self {
        self.authorised += Amount::of(request.amount, currency).unwrap_or_default();
        self.merchant.get_or_insert_with(|| request.merchant.clone());
        self.told(request, Answer::APPROVED)
    }

    /// As it is once the request is declined.
    pub(crate) fn declined(self, request: &AuthorisationRequest, reason: DeclineReason) -> Self {
        self.told(request, Answer(Some(reason)))
    }

    fn told(mut self, request: &AuthorisationRequest, answer: Answer) -> Self {
        if request.increment_of.is_some() {
            self.increments.push(Increment { id: request.id.clone(), answer });
        } else {
            self.answer = Some(answer);
        }
        self
    }
}
