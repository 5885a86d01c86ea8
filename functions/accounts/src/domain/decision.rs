//! The answer to an authorisation.

use super::{
    AccountState, Amount, AuthorisationRequest, Books, Card, CardState, DeclineReason, Hold,
};
use jiff::Timestamp;

/// Most increments of one authorisation: a hotel that asks more often asks for a new one.
const MAX_INCREMENTS: usize = 50;

/// What becomes of it. `books` are to be stored before anybody is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Decision {
    Approved {
        books: Box<Books>,
    },
    Declined {
        reason: DeclineReason,
        books: Box<Books>,
    },
    /// It was decided before: the same answer, and nothing to store.
    AsBefore(Result<(), DeclineReason>),
}

/// Decides, in the fixed order of the reasons in [`DeclineReason`]. Nothing else in the system can say no.
pub(crate) fn decide(mut books: Books, request: &AuthorisationRequest, now: Timestamp) -> Decision {
    let id = request.authorisation();
    if let Some(before) = books.hold.as_ref().and_then(|hold| hold.answer_to(request)) {
        return Decision::AsBefore(before);
    }
    let hold = books.hold.take().unwrap_or_else(|| {
        Hold::unknown(id.clone(), books.card.id, Some(request.merchant.clone()), now)
    });
    // What a shop has captured already is a fact, and there is nothing left to hold.
    let is_settled = hold.is_released && hold.captured > Amount::ZERO;
    let reason = if is_settled { None } else { reason_against(&books, &hold, request, now) };
    books.card.pace.asked(now);
    match reason {
        None => {
            let larger = hold.clone().approved(request, books.account.currency);
            Decision::Approved { books: Box::new(books.with_hold(&hold, larger)) }
        }
        Some(reason) => {
            let declined = hold.clone().declined(request, reason);
            Decision::Declined { reason, books: Box::new(books.with_hold(&hold, declined)) }
        }
    }
}

fn reason_against(
    books: &Books,
    hold: &Hold,
    request: &AuthorisationRequest,
    now: Timestamp,
) -> Option<DeclineReason> {
    let Books { account, card, .. } = books;
    match card.state {
        CardState::Active if !card.is_over(now) => {}
        CardState::Frozen => return Some(DeclineReason::CardFrozen),
        _ => return Some(DeclineReason::CardInactive),
    }
    if account.state != AccountState::Open {
        return Some(DeclineReason::AccountClosed);
    }
    let Ok(amount) = Amount::asked(request.amount, account.currency) else {
        return Some(DeclineReason::Currency);
    };
    let larger = hold.clone().approved(request, account.currency);
    let spends = larger.exposure() - hold.exposure();
    if exceeds_card(card, &larger, spends, now) {
        return Some(DeclineReason::CardLimit);
    }
    // What was paid too much may be spent too.
    let most = account.limit + (-account.posted).or_zero();
    if larger.remaining() - hold.remaining() > account.remaining() || amount > most {
        return Some(DeclineReason::AccountLimit);
    }
    let too_often = card.pace.is_too_fast(now) || hold.increments.len() >= MAX_INCREMENTS;
    too_often.then_some(DeclineReason::TooFast)
}

fn exceeds_card(card: &Card, larger: &Hold, spends: Amount, now: Timestamp) -> bool {
    let purchase = card.limits.purchase.is_some_and(|limit| larger.authorised > limit);
    let month = card.limits.month.is_some_and(|limit| card.spent_in_month(now) + spends > limit);
    purchase || month
}
