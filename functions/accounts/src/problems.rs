//! The kinds of problems of this app alone. Each is explained under `x-problems` in openapi.yaml; those of every app are
//! `public_api::problems`.

use crate::domain::{AccountId, CardId, CardState};
use crate::store::{LedgerError, NotOpened};
use azure_data::WriteError;
use custom_handler::{Problem, problem_kinds};
use public_api::problems::{busy, unavailable};
use std::time::Duration;

problem_kinds! {
    pub const NO_SUCH_ACCOUNT = NotFound, "no-such-account", "There is no such account";
    pub const NO_SUCH_CARD = NotFound, "no-such-card", "There is no such card";
    pub const TOKEN_IN_USE = Conflict, "token-in-use", "The token is another account's card";
    pub const CARD_STATE = Conflict, "card-state", "The card's state does not allow it";
    pub const NOT_SIGNED = Unauthorized, "not-signed", "The message is not signed by the card network";
    pub const TRY_AGAIN = ServiceUnavailable, "try-again", "Whether the money is there is not known";
}

/// When the processor may ask again.
const TRY_AGAIN_AFTER: Duration = Duration::from_secs(1);

pub(crate) fn no_such_account(id: AccountId) -> Problem {
    Problem::of(&NO_SUCH_ACCOUNT).detail(format!("no account has the id {id}"))
}

pub(crate) fn no_such_card(id: CardId) -> Problem {
    Problem::of(&NO_SUCH_CARD)
        .detail(format!("the account has no card {id}; GET its cards to see which it has"))
}

pub(crate) fn unknown_card() -> Problem {
    Problem::of(&NO_SUCH_CARD)
        .detail("no card has this token; POST it to the cards of its account first")
}

pub(crate) fn token_in_use() -> Problem {
    Problem::of(&TOKEN_IN_USE)
        .detail("another account has a card with this token; ask the processor for a new one")
}

pub(crate) fn card_is(state: CardState) -> Problem {
    let what = match state {
        CardState::Inactive => "it has not been activated",
        CardState::Active => "it is active",
        CardState::Frozen => "it is frozen",
        CardState::Lost => "it was lost",
        CardState::Stolen => "it was stolen",
        CardState::Replaced => "another card has taken its place",
    };
    Problem::of(&CARD_STATE).detail(what)
}

pub(crate) fn not_signed() -> Problem {
    Problem::of(&NOT_SIGNED)
        .detail("sign the time and the body: t=UNIX-SECONDS,v1=HMAC-SHA-256 in hexadecimal digits")
        .header_error("Network-Signature", "must be a signature of this body with a key of ours")
}

pub(crate) fn signed_too_long_ago() -> Problem {
    Problem::of(&NOT_SIGNED)
        .detail("it was signed more than five minutes ago, or is from the future: sign it anew")
        .header_error("Network-Signature", "must name a time that is at most five minutes away")
}

/// No decline.
pub(crate) fn try_again(error: LedgerError) -> Problem {
    Problem::of(&TRY_AGAIN)
        .detail("no decision could be made in time, and none was: ask again with the same id")
        .retry_after(TRY_AGAIN_AFTER)
        .because(error)
}

pub(crate) fn not_opened(error: NotOpened) -> Problem {
    match error {
        NotOpened::Exists => busy(),
        NotOpened::Failed(failure) => unavailable(failure),
    }
}

pub(crate) fn not_claimed(error: WriteError) -> Problem {
    match error {
        WriteError::Conflict => busy(),
        WriteError::Failed(failure) => unavailable(failure),
    }
}
