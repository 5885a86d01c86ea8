//! The answer to an authorisation.

use super::{
    AccountState, Amount, AuthorisationRequest, Books, Card, CardState, DeclineReason, Hold,
};
use jiff::Timestamp;
use money::Currency;

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
        Hold::unknown(id.clone(), books.card_id(), Some(request.merchant.clone()), now)
    });
    let is_fact = is_fact(&hold, request, books.account.currency);
    let reason = if is_fact { None } else { reason_against(&books, &hold, request, now) };
    if let Some(card) = &mut books.card {
        card.pace.asked(now);
    }
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

/// Whether a shop has captured already all that it now asks for: then there is nothing left to decide, or to hold.
fn is_fact(hold: &Hold, request: &AuthorisationRequest, currency: Currency) -> bool {
    let asked = Amount::asked(request.amount, currency);
    let is_covered = asked.is_ok_and(|asked| hold.authorised + asked <= hold.captured);
    hold.is_released && hold.captured > Amount::ZERO && is_covered
}

fn reason_against(
    books: &Books,
    hold: &Hold,
    request: &AuthorisationRequest,
    now: Timestamp,
) -> Option<DeclineReason> {
    let Books { account, card, .. } = books;
    match card.as_ref().map(|card| (card.state, card.is_over(now))) {
        None | Some((CardState::Active, false)) => {}
        Some((CardState::Frozen, _)) => return Some(DeclineReason::CardFrozen),
        Some(_) => return Some(DeclineReason::CardInactive),
    }
    if account.state != AccountState::Open {
        return Some(DeclineReason::AccountClosed);
    }
    let Ok(amount) = Amount::asked(request.amount, account.currency) else {
        return Some(DeclineReason::Currency);
    };
    let larger = hold.clone().approved(request, account.currency);
    // Also where nothing of it will be held, because the hold is over: what is approved may be captured.
    let more = larger.not_taken() - hold.not_taken();
    if card.as_ref().is_some_and(|card| exceeds_card(card, &larger, more, now)) {
        return Some(DeclineReason::CardLimit);
    }
    // What was paid too much may be spent too.
    let most = account.limit + (-account.posted).or_zero();
    if more > account.remaining() || amount > most {
        return Some(DeclineReason::AccountLimit);
    }
    let is_too_fast = card.as_ref().is_some_and(|card| card.pace.is_too_fast(now));
    let too_often = is_too_fast || hold.increments.len() >= MAX_INCREMENTS;
    too_often.then_some(DeclineReason::TooFast)
}

fn exceeds_card(card: &Card, larger: &Hold, more: Amount, now: Timestamp) -> bool {
    let purchase = card.limits.purchase.is_some_and(|limit| larger.authorised > limit);
    let month = card.limits.month.is_some_and(|limit| card.spent_in_month(now) + more > limit);
    purchase || month
}
