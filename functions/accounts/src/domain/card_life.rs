//! What becomes of a card: ordered, sent, activated, frozen, lost and replaced.

use super::card::{Card, CardState, Face};
use super::{CardId, CardLimits, MonthSpend};
use crate::domain::AccountId;
use crate::domain::pace::Pace;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use values::Revision;

/// Most wrong activations of a card; then only a replacement helps.
pub(crate) const MAX_ATTEMPTS: u8 = 5;

/// Why a card stays as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum CardRefusal {
    #[error("its state does not allow it")]
    State(CardState),
    #[error("too many wrong activations")]
    Locked,
}

/// Why a card needs another one in its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Loss {
    Lost,
    Stolen,
    /// Damaged, or soon over: its holder has it still.
    Damaged,
}

impl Card {
    /// A card that the processor is to make.
    pub(crate) fn ordered(
        id: CardId,
        account_id: AccountId,
        limits: CardLimits,
        now: Timestamp,
    ) -> Self {
        Self {
            id,
            account_id,
            face: None,
            state: CardState::Ordered,
            limits,
            spent: MonthSpend::default(),
            pace: Pace::default(),
            attempts: 0,
            replaces: None,
            replaced_by: None,
            revision: Revision::FIRST,
            ordered_at: now,
        }
    }

    /// A card that the processor made and its holder uses before we knew of it.
    pub(crate) fn taken_over(self, face: Face) -> Self {
        Self { face: Some(face), state: CardState::Active, ..self }
    }

    /// The processor has made it. Told again, or told late, it changes nothing.
    pub(crate) fn made(self, face: Face) -> Self {
        match self.state {
            CardState::Ordered => {
                Self { face: Some(face), state: CardState::Inactive, ..self }.revised()
            }
            // It was given up while it was being made.
            _ if self.face.is_none() => Self { face: Some(face), ..self }.revised(),
            _ => self,
        }
    }

    /// Counts an attempt before the network is asked whether it is the right one, so that however many try at once,
    /// [`MAX_ATTEMPTS`] have tried.
    ///
    /// # Errors
    /// It is neither new nor being activated, or too many have tried.
    pub(crate) fn trying(self) -> Result<Self, CardRefusal> {
        match self.state {
            CardState::Inactive | CardState::Activating if self.attempts >= MAX_ATTEMPTS => {
                Err(CardRefusal::Locked)
            }
            CardState::Inactive | CardState::Activating => {
                Ok(Self { attempts: self.attempts + 1, ..self })
            }
            state => Err(CardRefusal::State(state)),
        }
    }

    /// Nobody said that the attempt was wrong: it does not count.
    pub(crate) fn not_tried(self) -> Self {
        Self { attempts: self.attempts.saturating_sub(1), ..self }
    }

    /// The code was right; the network is about to confirm it.
    pub(crate) fn activating(self) -> Self {
        match self.state {
            CardState::Inactive => {
                Self { state: CardState::Activating, attempts: 0, ..self }.revised()
            }
            CardState::Activating => Self { attempts: 0, ..self },
            _ => self,
        }
    }

    /// The network has confirmed it. A card that was frozen or lost since stays so.
    pub(crate) fn activated(self) -> Self {
        match self.state {
            CardState::Inactive | CardState::Activating => {
                Self { state: CardState::Active, attempts: 0, ..self }.revised()
            }
            _ => self,
        }
    }

    /// With other limits, from the next authorisation on.
    pub(crate) fn limited(self, limits: CardLimits) -> Self {
        if self.limits == limits { self } else { Self { limits, ..self }.revised() }
    }

    /// # Errors
    /// It is not active.
    pub(crate) fn frozen(self) -> Result<Self, CardRefusal> {
        self.turned(CardState::Active, CardState::Frozen)
    }

    /// # Errors
    /// It is not frozen.
    pub(crate) fn unfrozen(self) -> Result<Self, CardRefusal> {
        self.turned(CardState::Frozen, CardState::Active)
    }

    fn turned(self, from: CardState, to: CardState) -> Result<Self, CardRefusal> {
        match self.state {
            state if state == to => Ok(self),
            state if state == from => Ok(Self { state: to, ..self }.revised()),
            state => Err(CardRefusal::State(state)),
        }
    }

    /// The card as it ends, and the one that takes its place, with its limits and what was spent this month.
    ///
    /// # Errors
    /// It has ended before.
    pub(crate) fn replaced(
        self,
        why: Loss,
        by: CardId,
        now: Timestamp,
    ) -> Result<(Self, Self), CardRefusal> {
        if matches!(self.state, CardState::Lost | CardState::Stolen | CardState::Replaced) {
            return Err(CardRefusal::State(self.state));
        }
        let next = Self {
            replaces: Some(self.id),
            spent: self.spent.clone(),
            ..Self::ordered(by, self.account_id, self.limits, now)
        };
        let state = match why {
            Loss::Lost => CardState::Lost,
            Loss::Stolen => CardState::Stolen,
            Loss::Damaged => CardState::Replaced,
        };
        Ok((Self { state, replaced_by: Some(by), ..self }.revised(), next))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn ordered() -> Card {
        let id = |n| Uuid::from_u128(n);
        Card::ordered(id(1).into(), id(2).into(), CardLimits::default(), Timestamp::UNIX_EPOCH)
    }

    fn face() -> Face {
        let text = str::to_owned;
        Face { last_four: text("4242"), expires: text("2099-12"), network: text("visa") }
    }

    #[test]
    fn a_card_is_made_activated_frozen_and_taken_up_again() {
        let made = ordered().made(face());
        assert_eq!(made.state, CardState::Inactive);
        assert_eq!(made.clone().made(face()), made);
        let activating = made.trying().unwrap().activating();
        assert_eq!((activating.state, activating.attempts), (CardState::Activating, 0));
        let active = activating.activated();
        assert_eq!(active.clone().activated(), active);
        let frozen = active.clone().frozen().unwrap();
        assert_eq!(frozen.clone().activated(), frozen);
        assert_eq!(frozen.unfrozen().unwrap().state, CardState::Active);
        assert_eq!(active.trying(), Err(CardRefusal::State(CardState::Active)));
    }

    #[test]
    fn five_wrong_activations_lock_a_card_and_what_nobody_judged_does_not_count() {
        let mut card = ordered().made(face());
        for _ in 0..MAX_ATTEMPTS {
            card = card.trying().unwrap().not_tried().trying().unwrap();
        }
        assert_eq!(card.clone().trying(), Err(CardRefusal::Locked));
        // The network's word counts more.
        assert_eq!(card.activated().state, CardState::Active);
    }

    #[test]
    fn a_lost_card_ends_at_once_and_what_was_spent_with_it_goes_to_the_next() {
        let mut card = ordered().made(face()).activated();
        card.spend("1970-01", 500.into());
        let by = Uuid::from_u128(9).into();
        let (old, new) = card.replaced(Loss::Stolen, by, Timestamp::UNIX_EPOCH).unwrap();
        assert_eq!((old.state, old.replaced_by), (CardState::Stolen, Some(by)));
        assert_eq!(
            (new.state, new.replaces, new.spent.amount),
            (CardState::Ordered, Some(old.id), 500.into())
        );
        let again = old.replaced(Loss::Lost, by, Timestamp::UNIX_EPOCH);
        assert_eq!(again.unwrap_err(), CardRefusal::State(CardState::Stolen));
    }
}
