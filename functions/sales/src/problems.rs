//! The kinds of problems of this app alone. Each is explained under `x-problems` in openapi.yaml; those of every app are
//! `public_api::problems`.

use crate::domain::invoicing::NotInvoiceable;
use crate::domain::{LicenceId, LicenceState, NotCreditable, OrderId, ProfileId};
use crate::hearing::NotHeard;
use crate::licensing::NotLearnt;
use crate::on_offer::NoOffers;
use crate::restarting::NotRestarted;
use crate::settling::NotSettled;
use crate::store::PayloadError;
use crate::vendor::{Refused, VendorFailure};
use custom_handler::{Problem, problem_kinds};
use invoice::Number;
use money::MoneyError;
use public_api::idempotency::IDEMPOTENCY_KEY_REUSED;
use public_api::problems::{
    exhausted, invalid_body, not_answering, storage_unavailable, unavailable,
};
use sealing::SealingError;
use std::time::Duration;
use values::Violations;
use webhooks::VerifyError;

problem_kinds! {
    pub const KEY_MISSING = BadRequest, "idempotency-key-missing", "An order needs an idempotency key";
    pub const NO_SUCH_ORDER = NotFound, "no-such-order", "There is no such order";
    pub const NO_SUCH_PROFILE = NotFound, "no-such-profile", "There is no such profile";
    pub const PERSON_ERASED = Conflict, "person-erased", "The person is erased";
    pub const NOT_RESTARTABLE = Conflict, "not-restartable", "The order cannot be restarted there";
    pub const PAYLOAD_EXPIRED = Gone, "payload-expired", "What the step works from is gone";
    pub const NO_SUCH_LICENCE = NotFound, "no-such-licence", "The profile has no such licence";
    pub const LICENCE_NOT_ACTIVE = Conflict, "licence-not-active", "The licence is not active";
    pub const OUT_OF_STOCK = Conflict, "out-of-stock", "The vendor has not so many";
    pub const VENDOR_REFUSED = Conflict, "vendor-refused", "The vendor does not do it";
    pub const NOT_SIGNED = Unauthorized, "not-signed", "The message is not signed by the vendor";
    pub const CREDITED_ALREADY = Conflict, "credited-already", "The invoice has less left than is to be credited";
    pub const CREDIT_NOT_ALLOWED = Forbidden, "credit-not-allowed", "Only our own people and apps credit an invoice";
    pub const NOT_CREDITABLE = Conflict, "not-creditable", "A credit note is not credited";
    pub const NOT_MADE_YET = NotFound, "not-made-yet", "The file of the invoice is not made yet";
    pub const NO_SUCH_INVOICE = NotFound, "no-such-invoice", "There is no such invoice";
    pub const NOT_CANCELLABLE = Conflict, "not-cancellable", "The order cannot be cancelled any more";
}

/// When a file that is being made may be there.
const MADE_IN: Duration = Duration::from_secs(5);
/// When a vendor that says nothing may be asked again.
const OFFERS_BACK_IN: Duration = Duration::from_secs(15);

pub(crate) fn no_such_order(id: OrderId) -> Problem {
    Problem::of(&NO_SUCH_ORDER).detail(format!("there is no order with the id {id}"))
}

pub(crate) fn no_such_profile(id: ProfileId) -> Problem {
    Problem::of(&NO_SUCH_PROFILE).detail(format!("there is no profile with the id {id}"))
}

pub(crate) fn no_such_invoice(number: &Number) -> Problem {
    Problem::of(&NO_SUCH_INVOICE).detail(format!("there is no invoice with the number {number}"))
}

pub(crate) fn not_made_yet(number: &Number) -> Problem {
    Problem::of(&NOT_MADE_YET)
        .detail(format!("this file of {number} is not made yet; its order says how far it is"))
        .retry_after(MADE_IN)
}

pub(crate) fn credit_not_allowed() -> Problem {
    Problem::of(&CREDIT_NOT_ALLOWED).detail("ask us for the credit note: customers cannot make it")
}

pub(crate) fn credit_of_credit(number: &Number) -> Problem {
    Problem::of(&NOT_CREDITABLE)
        .detail(format!("{number} is a credit note: what was credited wrongly is ordered anew"))
}

/// It names what is left.
pub(crate) fn credited_already(why: &NotCreditable) -> Problem {
    let problem = Problem::of(&CREDITED_ALREADY).detail(why.to_string());
    match why {
        NotCreditable::MoreThanLeft { left } => problem.with("left", &left.0),
        NotCreditable::TooManyNotes => problem,
    }
}

/// An order that could not be invoiced once it is delivered.
pub(crate) fn not_invoiceable(why: NotInvoiceable) -> Problem {
    invalid_body(Violations::one(why.pointer(), why.to_string()))
}

pub(crate) fn not_cancellable() -> Problem {
    Problem::of(&NOT_CANCELLABLE)
        .detail("the vendor has delivered it: cancel its licences, and have the invoice credited")
}

/// There is nobody to write to.
pub(crate) fn person_erased() -> Problem {
    Problem::of(&PERSON_ERASED)
        .detail("the person is erased whose order it is: no mail goes to anybody any more")
}

/// A form of ours that is not as we made it.
pub(crate) fn wrong_form(place: &str, what: &str) -> Problem {
    invalid_body(Violations::one(place, what))
}

pub(crate) fn key_missing() -> Problem {
    Problem::of(&KEY_MISSING)
        .detail("send an `Idempotency-Key` of your own, such as a new UUID, and the same again when you repeat the order")
}

pub(crate) fn key_reused() -> Problem {
    Problem::of(&IDEMPOTENCY_KEY_REUSED).detail(
        "this profile has sent another order with this key; each order needs a key of its own",
    )
}

pub(crate) fn no_offers(error: NoOffers) -> Problem {
    not_answering("what is on offer", OFFERS_BACK_IN).because(error)
}

/// A sum that no amount can hold.
pub(crate) fn too_much(error: MoneyError) -> Problem {
    invalid_body(Violations::one("/lines", format!("cost too much together: {error}")))
}

pub(crate) fn not_kept(error: PayloadError) -> Problem {
    match error {
        PayloadError::Storage(failure) => storage_unavailable(failure),
        error => not_answering("the object store", OFFERS_BACK_IN).because(error),
    }
}

pub(crate) fn not_restarted(error: NotRestarted) -> Problem {
    match error {
        NotRestarted::NoSuchOrder(id) => no_such_order(id),
        refused @ NotRestarted::Refused(_) => {
            Problem::of(&NOT_RESTARTABLE).detail(refused.to_string())
        }
        expired @ NotRestarted::Expired(_) => {
            Problem::of(&PAYLOAD_EXPIRED).detail(expired.to_string())
        }
        NotRestarted::Busy(others) => exhausted(others),
        NotRestarted::Failed(failure) => unavailable(failure),
        NotRestarted::Storage(failure) => storage_unavailable(failure),
        NotRestarted::NotSettled(error) => not_settled(error),
    }
}

/// What was asked for is written; what follows from it could not be finished.
pub(crate) fn not_settled(error: NotSettled) -> Problem {
    match error {
        NotSettled::Busy(others) => exhausted(others),
        NotSettled::Failed(failure) => unavailable(failure),
        NotSettled::Storage(failure) => storage_unavailable(failure),
        NotSettled::Later(error) => not_answering("the vendor", OFFERS_BACK_IN).because(error),
        NotSettled::StillHeld(error) => {
            not_answering("the accounts API", OFFERS_BACK_IN).because(error)
        }
    }
}

pub(crate) fn no_such_licence(id: LicenceId) -> Problem {
    Problem::of(&NO_SUCH_LICENCE).detail(format!("the profile has no licence with the id {id}"))
}

pub(crate) fn licence_not_active(state: LicenceState) -> Problem {
    let is = match state {
        LicenceState::Pending => {
            "pending: the vendor has not activated it; cancel its order if it is not wanted"
        }
        LicenceState::Expired => "expired: order a new one",
        LicenceState::Cancelled => "cancelled: order a new one",
        LicenceState::Active => "active without a key: try again",
    };
    Problem::of(&LICENCE_NOT_ACTIVE).detail(format!("it is {is}"))
}

/// The vendor does not change a licence.
pub(crate) fn vendor_refused(refused: Refused) -> Problem {
    match refused {
        Refused::OutOfStock => Problem::of(&OUT_OF_STOCK)
            .detail("the vendor has not so many pieces: ask for fewer, or later"),
        Refused::NotSent(failure) | Refused::Unknown(failure) => vendor_away(failure),
        refused => Problem::of(&VENDOR_REFUSED).detail(refused.to_string()),
    }
}

/// The vendor knows nothing of an order that it took.
pub(crate) fn vendor_forgot() -> Problem {
    Problem::of(&VENDOR_REFUSED).detail("the vendor does not know its order any more")
}

fn vendor_away(failure: VendorFailure) -> Problem {
    let again = failure.retry_after().unwrap_or(OFFERS_BACK_IN);
    not_answering("the vendor", again).because(failure)
}

pub(crate) fn not_learnt(error: NotLearnt) -> Problem {
    match error {
        NotLearnt::Vendor(failure) => vendor_away(failure),
        NotLearnt::Busy(others) => exhausted(others),
        NotLearnt::Failed(failure) => unavailable(failure),
        NotLearnt::Sealing(error) => Problem::internal(error),
    }
}

pub(crate) fn not_heard(error: NotHeard) -> Problem {
    match error {
        NotHeard::NotLearnt(error) => not_learnt(error),
        NotHeard::Queue(failure) => storage_unavailable(failure),
    }
}

/// What sealed a licence key is gone, or it was changed.
pub(crate) fn not_opened(error: SealingError) -> Problem {
    Problem::internal(error)
}

/// It does not say what was wrong: whoever forges learns nothing.
pub(crate) fn not_signed(error: VerifyError) -> Problem {
    Problem::of(&NOT_SIGNED)
        .detail("sign it as Standard Webhooks says, with a secret of ours, now")
        .because(error)
}
