//! The kinds of problems of this app alone. Each is explained under `x-problems` in openapi.yaml; those of every app are
//! `public_api::problems`.

use crate::domain::{
    AccountId, CardId, CardRefusal, CardState, CaseId, ChargeId, ChargeRefusal, ChargeState,
    CustomerId, MAX_ACCOUNTS, MAX_ATTEMPTS, NoAccount, Period,
};
use crate::processor::ProcessorFailure;
use crate::store::{LedgerError, NotAdded, NotOpened};
use azure_data::WriteError;
use custom_handler::{Problem, problem_kinds};
use public_api::problems::{busy, exhausted, invalid_body, not_answering, unavailable};
use std::time::Duration;
use values::Violations;

problem_kinds! {
    pub const NO_SUCH_ACCOUNT = NotFound, "no-such-account", "There is no such account";
    pub const NO_SUCH_MIGRATION = NotFound, "no-such-migration", "There is no such migration";
    pub const NO_SUCH_CHARGE = NotFound, "no-such-charge", "There is no such charge";
    pub const NO_SUCH_CARD = NotFound, "no-such-card", "There is no such card";
    pub const NO_SUCH_TRANSACTION = NotFound, "no-such-transaction", "There is no such transaction";
    pub const NO_SUCH_CUSTOMER = NotFound, "no-such-customer", "There is no such customer";
    pub const NO_SUCH_CASE = NotFound, "no-such-case", "There is no such case";
    pub const NO_SUCH_INVOICE = NotFound, "no-such-invoice", "There is no such invoice";
    pub const CUSTOMER_EXISTS = Conflict, "customer-exists", "The profile has a customer";
    pub const CUSTOMER_ERASED = Conflict, "customer-erased", "The customer was erased";
    pub const TOO_MANY_ACCOUNTS = Conflict, "too-many-accounts", "The customer has as many accounts as one may have";
    pub const NOT_FOR_PERSONS = Forbidden, "not-for-persons", "Customers cannot do this themselves";
    pub const FOR_OUR_APPS = Forbidden, "for-our-apps", "Only our own apps charge accounts";
    pub const CHARGE_DIFFERS = Conflict, "charge-differs", "The id is another charge's or refund's";
    pub const CHARGE_STATE = Conflict, "charge-state", "The charge's state does not allow it";
    pub const CHARGE_EXCEEDED = Conflict, "charge-exceeded", "It is more than there is of the charge";
    pub const TOKEN_IN_USE = Conflict, "token-in-use", "The token is another account's card";
    pub const CARD_STATE = Conflict, "card-state", "The card's state does not allow it";
    pub const WRONG_CODE = Forbidden, "wrong-code", "The card and its code do not fit";
    pub const ACTIVATION_LOCKED = Conflict, "activation-locked", "Too many wrong codes";
    pub const NOT_SIGNED = Unauthorized, "not-signed", "The message is not signed by the card network";
    pub const TRY_AGAIN = ServiceUnavailable, "try-again", "Whether the money is there is not known";
}

/// When the processor may ask again.
const TRY_AGAIN_AFTER: Duration = Duration::from_secs(1);

pub(crate) fn no_such_account(id: AccountId) -> Problem {
    Problem::of(&NO_SUCH_ACCOUNT).detail(format!("no account has the id {id}"))
}

pub(crate) fn no_such_migration(id: &str) -> Problem {
    Problem::of(&NO_SUCH_MIGRATION).detail(format!("no migration has the id {id}"))
}

pub(crate) fn no_such_customer(id: CustomerId) -> Problem {
    Problem::of(&NO_SUCH_CUSTOMER).detail(format!("no customer has the id {id}"))
}

pub(crate) fn no_such_case(id: CaseId) -> Problem {
    Problem::of(&NO_SUCH_CASE).detail(format!("no case has the id {id}, or none of this customer"))
}

pub(crate) fn no_such_invoice(period: Period) -> Problem {
    Problem::of(&NO_SUCH_INVOICE)
        .detail(format!("no statement was closed in {period}; GET the list to see which were"))
}

pub(crate) fn customer_erased() -> Problem {
    Problem::of(&CUSTOMER_ERASED)
        .detail("the person was erased: nothing is changed, opened or written for them any more")
}

/// An account for a customer that nobody knows.
pub(crate) fn unknown_customer() -> Problem {
    let what = "is no customer's id: POST the customer first";
    invalid_body(Violations::one("/customerId", what))
}

pub(crate) fn no_account_for(reason: NoAccount) -> Problem {
    match reason {
        NoAccount::Erased => customer_erased(),
        NoAccount::TooMany => Problem::of(&TOO_MANY_ACCOUNTS)
            .detail(format!("a customer has at most {MAX_ACCOUNTS} accounts")),
    }
}

pub(crate) fn customer_not_added(error: NotAdded) -> Problem {
    match error {
        NotAdded::Erased => customer_erased(),
        NotAdded::Exists(id) => Problem::of(&CUSTOMER_EXISTS)
            .detail(format!("the profile has the customer {id}, with another company; PATCH that"))
            .with("customerId", id.to_string()),
        NotAdded::Busy(others) => exhausted(others),
        NotAdded::Failed(failure) => unavailable(failure),
    }
}

pub(crate) fn no_such_card(id: CardId) -> Problem {
    Problem::of(&NO_SUCH_CARD)
        .detail(format!("the account has no card {id}; GET its cards to see which it has"))
}

pub(crate) fn no_such_transaction() -> Problem {
    Problem::of(&NO_SUCH_TRANSACTION)
        .detail("nothing was posted or held under this id; GET the list")
}

pub(crate) fn not_for_persons() -> Problem {
    Problem::of(&NOT_FOR_PERSONS).detail(
        "opening accounts, setting limits and taking over cards is for partners and our own people",
    )
}

pub(crate) fn for_our_apps() -> Problem {
    Problem::of(&FOR_OUR_APPS)
        .detail("accounts are charged by our own apps, which do not come through the gateway")
}

pub(crate) fn no_such_charge(id: ChargeId) -> Problem {
    Problem::of(&NO_SUCH_CHARGE)
        .detail(format!("nobody has asked for the charge {id} of this account: PUT it first"))
}

pub(crate) fn charge_refused(id: ChargeId, refusal: ChargeRefusal) -> Problem {
    match refusal {
        ChargeRefusal::NoSuchCharge => no_such_charge(id),
        ChargeRefusal::Differs => Problem::of(&CHARGE_DIFFERS)
            .detail("the same id came before with something else; GET the charge to see with what"),
        ChargeRefusal::Stands(state) => Problem::of(&CHARGE_STATE).detail(match state {
            ChargeState::Held => "it is held: capture it before anything is given back",
            ChargeState::Declined => "it was declined: nothing is held, and nothing was taken",
            ChargeState::Captured => "it was captured: give it back with a refund",
            ChargeState::Reversed => "it was given up: ask for another one, under another id",
            ChargeState::Expired => "its time is over, and nothing of it was captured",
        }),
        ChargeRefusal::Exceeds => Problem::of(&CHARGE_EXCEEDED)
            .detail("at most what was held is captured, and at most what was captured given back"),
    }
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
        CardState::Ordered => "it is being made",
        CardState::Activating => "the card network has not confirmed its activation yet",
        CardState::Inactive => "it has not been activated",
        CardState::Active => "it is active",
        CardState::Frozen => "it is frozen",
        CardState::Lost => "it was lost",
        CardState::Stolen => "it was stolen",
        CardState::Replaced => "another card has taken its place",
    };
    Problem::of(&CARD_STATE).detail(what)
}

pub(crate) fn card_refusal(refusal: CardRefusal) -> Problem {
    match refusal {
        CardRefusal::State(state) => card_is(state),
        CardRefusal::Locked => Problem::of(&ACTIVATION_LOCKED).detail(format!(
            "{MAX_ATTEMPTS} tries were wrong; PUT its replacement, and another card comes"
        )),
    }
}

/// It does not say which of the two was wrong.
pub(crate) fn wrong_code(attempts: u8) -> Problem {
    let left = MAX_ATTEMPTS.saturating_sub(attempts);
    Problem::of(&WRONG_CODE).detail(format!(
        "the last four digits or the code of the letter are not this card's; tries left: {left}"
    ))
}

pub(crate) fn processor_away(failure: ProcessorFailure) -> Problem {
    let again = failure.retry_after().unwrap_or(TRY_AGAIN_AFTER);
    not_answering("the card network", again).because(failure)
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
