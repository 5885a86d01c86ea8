//! The one place that turns what went wrong into a problem document (RFC 9457). Every kind is listed under
//! `x-problems` in openapi.yaml.

use crate::conditional::entity_tag;
use crate::domain::{
    MAX_SUBSCRIPTIONS, NotAPicture, PhotoId, PhotoState, ProfileId, Revision, ServiceId, Violation,
    Violations,
};
use crate::store::{ChangeError, DeleteError, IdempotencyError, RegisterError, Taken};
use custom_handler::{ErrorStatus, Problem};
use http::header::ETAG;
use iommi_app::CosmosFailure;
use std::time::Duration;

/// Most entries in the `errors` of a problem.
const MAX_ERRORS: usize = 50;
/// When to come back if others changed the same thing again and again, in seconds.
const BUSY_RETRY_AFTER: Duration = Duration::from_secs(1);

pub(crate) fn invalid_body(violations: Violations) -> Problem {
    let detail = match violations.0.as_slice() {
        [one] => format!("{} {}", one.pointer, one.detail).trim_start().to_owned(),
        many if many.len() > MAX_ERRORS => {
            format!("{} fields are wrong; the first {MAX_ERRORS} are listed", many.len())
        }
        many => format!("{} fields are wrong", many.len()),
    };
    let problem = Problem::new(
        ErrorStatus::UnprocessableContent,
        "invalid-body",
        "The body does not have the expected shape",
    );
    with_errors(problem.detail(detail), violations.0)
}

fn with_errors(problem: Problem, violations: Vec<Violation>) -> Problem {
    violations
        .into_iter()
        .take(MAX_ERRORS)
        .fold(problem, |problem, Violation { pointer, detail }| problem.pointer(pointer, detail))
}

pub(crate) fn no_such_profile(id: ProfileId) -> Problem {
    Problem::new(ErrorStatus::NotFound, "no-such-profile", "There is no such profile")
        .detail(format!("no profile has the id {id}; it never existed or was erased"))
}

pub(crate) fn no_such_service(id: &ServiceId) -> Problem {
    Problem::new(ErrorStatus::NotFound, "no-such-service", "There is no such service")
        .detail(format!("the catalogue has no service {id}; GET /v1/services lists what there is"))
}

pub(crate) fn no_such_subscription(id: &ServiceId) -> Problem {
    Problem::new(ErrorStatus::NotFound, "no-such-subscription", "There is no such subscription")
        .detail(format!("the profile is not subscribed to {id}; PUT to this URL subscribes it"))
}

/// 412, and which version would match.
pub(crate) fn precondition_failed(current: Revision) -> Problem {
    let tag = entity_tag(current);
    Problem::new(ErrorStatus::PreconditionFailed, "precondition-failed", "The resource has changed")
        .detail(format!(
            "the current ETag is {tag}; read again, decide again, and send If-Match: {tag}"
        ))
        .with("currentETag", tag.to_string())
        .response_header(ETAG, tag.to_string())
}

/// 428 for a PUT that may mean either.
pub(crate) fn add_or_replace() -> Problem {
    let title = "The request must be conditional";
    Problem::new(ErrorStatus::PreconditionRequired, "precondition-required", title)
        .detail("send If-Match with the ETag to replace the service, or If-None-Match: * to add it")
        .header_error("If-Match", "is missing")
}

pub(crate) fn one_condition() -> Problem {
    Problem::new(ErrorStatus::BadRequest, "invalid-header", "A header is not valid")
        .detail("send either If-Match with an ETag or If-None-Match: *, not both and nothing else")
        .header_error("If-None-Match", "may only be *, and not together with If-Match")
}

pub(crate) fn already_taken(taken: Taken) -> Problem {
    let names: Vec<Violation> =
        taken.claims.iter().map(crate::domain::AddressClaim::taken).collect();
    let fields: Vec<&str> = names.iter().map(|violation| violation.pointer.as_str()).collect();
    let problem = Problem::new(ErrorStatus::Conflict, "already-taken", "Already taken")
        .detail(format!("another profile has this already: {}", fields.join(", ")));
    let problem = match taken.retry_after {
        Some(time) => problem.retry_after(time),
        None => problem,
    };
    with_errors(problem, names)
}

pub(crate) fn busy() -> Problem {
    Problem::new(ErrorStatus::Conflict, "busy", "Too many changes at once")
        .detail("others kept changing the same thing; try again after Retry-After seconds")
        .retry_after(BUSY_RETRY_AFTER)
}

pub(crate) fn too_many_subscriptions() -> Problem {
    let title = "The profile has all the subscriptions it may have";
    Problem::new(ErrorStatus::Conflict, "too-many-subscriptions", title)
        .detail(format!("the limit is {MAX_SUBSCRIPTIONS}; unsubscribe from another service first"))
}

pub(crate) fn not_a_picture(id: PhotoId, reason: NotAPicture) -> Problem {
    let state = match reason {
        NotAPicture::Unknown => return no_such_photo(id),
        NotAPicture::NotApproved(PhotoState::Rejected) => "it was rejected",
        NotAPicture::NotApproved(_) => "it is being reviewed",
    };
    Problem::new(ErrorStatus::Conflict, "photo-not-approved", "The photo is not approved")
        .detail(format!("{id} cannot be the picture: {state}; choose an approved photo"))
        .pointer("/photoId", state)
}

fn no_such_photo(id: PhotoId) -> Problem {
    let title = "The profile has no such photo";
    Problem::new(ErrorStatus::UnprocessableContent, "no-such-photo", title)
        .detail(format!(
            "{id} is not among the profile's `photos`; a new photo is there when it was looked at"
        ))
        .pointer("/photoId", "is none of the profile's photos")
}

pub(crate) fn service_retired(id: &ServiceId) -> Problem {
    Problem::new(ErrorStatus::Conflict, "service-retired", "The service is retired")
        .detail(format!("{id} takes no new subscriptions; choose another service"))
}

pub(crate) fn service_being_deleted(id: &ServiceId) -> Problem {
    Problem::new(ErrorStatus::Conflict, "service-being-deleted", "The service is being deleted")
        .detail(format!(
            "{id} is being deleted; if it is still there in half a minute, subscribe then"
        ))
}

pub(crate) fn service_exists(id: &ServiceId) -> Problem {
    Problem::new(ErrorStatus::Conflict, "service-exists", "The service exists already")
        .detail(format!(
            "the catalogue has a service {id}; choose another id, or change it with PUT"
        ))
        .pointer("/id", "is the id of another service; choose another")
}

fn service_in_use(id: &ServiceId) -> Problem {
    Problem::new(ErrorStatus::Conflict, "service-in-use", "The service has subscribers").detail(
        format!(
            "profiles are subscribed to {id}; retire it first with PATCH {{\"retired\": true}}"
        ),
    )
}

/// Cosmos DB did not do what we asked: the client may try again, the log gets the cause.
pub(crate) fn unavailable(failure: CosmosFailure) -> Problem {
    let Some(time) = failure.retry_after() else { return Problem::internal(failure) };
    let title = "Something we depend on does not answer";
    Problem::new(ErrorStatus::ServiceUnavailable, "unavailable", title)
        .detail("the data store does not answer; try again after Retry-After seconds")
        .retry_after(time)
        .because(failure)
}

pub(crate) fn not_changed(error: ChangeError) -> Problem {
    match error {
        ChangeError::Changed => busy(),
        ChangeError::Taken(taken) => already_taken(taken),
        ChangeError::Failed(failure) => unavailable(failure),
    }
}

pub(crate) fn not_registered(error: RegisterError) -> Problem {
    match error {
        RegisterError::GivenUp => busy(),
        RegisterError::Taken(taken) => already_taken(taken),
        RegisterError::Failed(failure) => unavailable(failure),
    }
}

pub(crate) fn not_repeatable(error: IdempotencyError) -> Problem {
    match error {
        IdempotencyError::OtherRequest => Problem::new(
            ErrorStatus::UnprocessableContent,
            "idempotency-key-reused",
            "The idempotency key was used for another request",
        )
        .detail("this key came with another body before; use a new key for a new request")
        .header_error("Idempotency-Key", "was used for another request; use a new one"),
        IdempotencyError::Busy => busy(),
        IdempotencyError::Failed(failure) => unavailable(failure),
    }
}

pub(crate) fn not_deleted(id: &ServiceId, error: DeleteError) -> Problem {
    match error {
        DeleteError::Changed => busy(),
        DeleteError::HasSubscribers => service_in_use(id),
        DeleteError::Failed(failure) => unavailable(failure),
    }
}
