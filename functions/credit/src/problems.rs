//! The kinds of problems of this app alone. Each is explained under `x-problems` in openapi.yaml; those of every app are
//! `public_api::problems`.

use crate::admission::MAX_WAIT;
use crate::bank::BankFailure;
use crate::domain::{
    AssessmentId, ConsentId, DeliveryId, EndpointId, MAX_ENDPOINTS, NotUsable, TooMany,
};
use crate::explaining::Unexplained;
use crate::settling::NotSettled;
use crate::telling::NotTold;
use custom_handler::{Problem, problem_kinds};
use public_api::problems::{
    exhausted, invalid_body, not_answering, not_written, storage_unavailable, unavailable,
};
use sealing::SealingError;
use std::time::Duration;
use values::Violations;

problem_kinds! {
    pub const FOR_PARTNERS_ONLY = Forbidden, "for-partners-only", "Only partners can do this";
    pub const NO_SUCH_ASSESSMENT = NotFound, "no-such-assessment", "There is no such assessment";
    pub const NO_SUCH_CONSENT = NotFound, "no-such-consent", "There is no such consent";
    pub const CONSENT_NOT_USABLE = Conflict, "consent-not-usable", "The consent cannot be used";
    pub const CALLBACK_REFUSED = BadRequest, "callback-refused", "The bank's answer was not taken";
    pub const NOT_SCORED = Conflict, "not-scored", "There is no result";
    pub const NO_SUCH_REVIEW = NotFound, "no-such-review", "There is no such review";
    pub const REVIEW_ASKED = Conflict, "review-asked", "A review was asked for already";
    pub const UNEXPLAINED = InternalServerError, "unexplained", "The result cannot be explained";
    pub const NO_SUCH_ENDPOINT = NotFound, "no-such-endpoint", "There is no such endpoint";
    pub const NO_SUCH_DELIVERY = NotFound, "no-such-delivery", "There is no such delivery";
    pub const TOO_MANY_ENDPOINTS = Conflict, "too-many-endpoints", "There are enough endpoints";
    pub const ENDPOINT_DISABLED = Conflict, "endpoint-disabled", "The endpoint is disabled";
    pub const OVERLOADED = TooManyRequests, "overloaded", "Too much is waiting";
    pub const SEALED = InternalServerError, "sealed", "What was sealed cannot be opened";
}

/// When a bank that says nothing may be asked again.
const BANK_BACK_IN: Duration = Duration::from_secs(5);

pub(crate) fn for_partners_only() -> Problem {
    Problem::of(&FOR_PARTNERS_ONLY)
        .detail("consents and assessments are a partner's: call with a partner's subscription key")
}

pub(crate) fn no_such_assessment(id: AssessmentId) -> Problem {
    Problem::of(&NO_SUCH_ASSESSMENT).detail(format!("you have no assessment with the id {id}"))
}

pub(crate) fn sealed(error: SealingError) -> Problem {
    Problem::of(&SEALED)
        .detail("a key of ours is missing; nothing was changed, and our people have to look at it")
        .because(error)
}

pub(crate) fn no_such_consent(id: ConsentId) -> Problem {
    Problem::of(&NO_SUCH_CONSENT).detail(format!("you have no consent with the id {id}"))
}

/// It changes nothing, and says no more than the person can do something about.
pub(crate) fn callback_refused(why: &str) -> Problem {
    Problem::of(&CALLBACK_REFUSED).detail(format!("nothing was changed: {why}"))
}

pub(crate) fn bank_away(failure: BankFailure) -> Problem {
    let again = failure.retry_after().unwrap_or(BANK_BACK_IN);
    not_answering("the bank", again).because(failure)
}

/// A token without whose it is.
pub(crate) fn no_reference() -> Problem {
    let what = "is missing: say whose token it is, in your own words";
    invalid_body(Violations::one("/customerReference", what))
}

pub(crate) fn consent_not_usable(why: NotUsable) -> Problem {
    let problem = Problem::of(&CONSENT_NOT_USABLE);
    match why {
        NotUsable::Pending => {
            problem.detail("the person has not decided yet: send them to authorizeUrl")
        }
        NotUsable::InUse(by) => problem
            .detail(format!("the assessment {by} works with it; it is good for one at a time"))
            .with("assessmentId", by.to_string()),
        NotUsable::Used(by) => problem
            .detail(format!("it has served for the assessment {by}; ask the person for another"))
            .with("assessmentId", by.to_string()),
        NotUsable::Withdrawn => problem.detail("it was taken back; ask the person for another"),
        NotUsable::Expired => problem.detail("its time is over; ask the person for another"),
        NotUsable::Refused => problem.detail("the person refused it; ask for another"),
    }
}

pub(crate) fn not_scored(state: &str) -> Problem {
    Problem::of(&NOT_SCORED)
        .detail(format!("it is {state}: only a result can be explained or contested"))
        .with("state", state)
}

pub(crate) fn no_such_review(id: AssessmentId) -> Problem {
    Problem::of(&NO_SUCH_REVIEW).detail(format!("nobody asked for a review of {id}"))
}

pub(crate) fn review_asked() -> Problem {
    Problem::of(&REVIEW_ASKED)
        .detail("a result is looked at once, and it was asked for with another statement; GET it")
}

pub(crate) fn unexplained(error: Unexplained) -> Problem {
    Problem::of(&UNEXPLAINED)
        .detail("the scorecard that made it is not here; our people have to look at it")
        .because(error)
}

pub(crate) fn overloaded(wait: Duration) -> Problem {
    let (minutes, most) = (wait.as_secs() / 60, MAX_WAIT.as_secs() / 60);
    Problem::of(&OVERLOADED)
        .detail(format!(
            "what waits takes {minutes} minutes, and beyond {most} nothing more is taken; nothing was begun"
        ))
        .retry_after(wait.saturating_sub(MAX_WAIT).max(Duration::from_secs(60)))
}

/// What was asked for is written; what follows from it could not be finished.
pub(crate) fn not_settled(error: NotSettled) -> Problem {
    match error {
        NotSettled::Busy(others) => exhausted(others),
        NotSettled::Failed(failure) => unavailable(failure),
        NotSettled::Storage(failure) => storage_unavailable(failure),
        NotSettled::NotTold(error) => not_told(error),
    }
}

pub(crate) fn no_such_endpoint(id: EndpointId) -> Problem {
    Problem::of(&NO_SUCH_ENDPOINT).detail(format!("you have no endpoint with the id {id}"))
}

pub(crate) fn no_such_delivery(id: DeliveryId) -> Problem {
    Problem::of(&NO_SUCH_DELIVERY).detail(format!("you have no delivery with the id {id}"))
}

pub(crate) fn too_many_endpoints(_: TooMany) -> Problem {
    Problem::of(&TOO_MANY_ENDPOINTS)
        .detail(format!("you have {MAX_ENDPOINTS}, the most there may be: DELETE one first"))
}

pub(crate) fn endpoint_disabled(id: EndpointId) -> Problem {
    Problem::of(&ENDPOINT_DISABLED)
        .detail(format!("nothing is sent to {id}: PATCH it to `enabled` first"))
}

pub(crate) fn not_told(error: NotTold) -> Problem {
    match error {
        NotTold::Failed(failure) => unavailable(failure),
        NotTold::NotKept(error) => not_written(error),
        NotTold::NotSent(failure) => storage_unavailable(failure),
    }
}
