//! The kinds of problems of this app alone, and which of them a refusal of the domain or the store is. Each is explained
//! under `x-problems` in openapi.yaml; those of every app are `public_api::problems`.

use crate::domain::{
    AddressClaim, MAX_SUBSCRIPTIONS, NotAPicture, PhotoId, PhotoState, ProfileId, ServiceId,
};
use crate::store::{DeleteError, NotStored, RegisterError, Taken};
use azure_data::ChangeError;
use custom_handler::{Problem, problem_kinds};
use public_api::problems::{busy, not_changed, unavailable, with_errors};
use values::Violation;

problem_kinds! {
    pub const NO_SUCH_PROFILE = NotFound, "no-such-profile", "There is no such profile";
    pub const NO_SUCH_SERVICE = NotFound, "no-such-service", "There is no such service";
    pub const NO_SUCH_SUBSCRIPTION = NotFound, "no-such-subscription", "There is no such subscription";
    pub const ALREADY_TAKEN = Conflict, "already-taken", "Already taken";
    pub const REGISTERED_AND_ERASED = Conflict, "registered-and-erased", "The profile was registered and erased since";
    pub const TOO_MANY_SUBSCRIPTIONS = Conflict, "too-many-subscriptions", "The profile has all the subscriptions it may have";
    pub const PHOTO_NOT_APPROVED = Conflict, "photo-not-approved", "The photo is not approved";
    pub const NO_SUCH_PHOTO = UnprocessableContent, "no-such-photo", "The profile has no such photo";
    pub const SERVICE_RETIRED = Conflict, "service-retired", "The service is retired";
    pub const SERVICE_BEING_DELETED = Conflict, "service-being-deleted", "The service is being deleted";
    pub const SERVICE_EXISTS = Conflict, "service-exists", "The service exists already";
    pub const SERVICE_IN_USE = Conflict, "service-in-use", "The service has subscribers";
}

pub(crate) fn no_such_profile(id: ProfileId) -> Problem {
    Problem::of(&NO_SUCH_PROFILE)
        .detail(format!("no profile has the id {id}; it never existed or was erased"))
}

pub(crate) fn no_such_service(id: &ServiceId) -> Problem {
    Problem::of(&NO_SUCH_SERVICE)
        .detail(format!("the catalogue has no service {id}; GET /v1/services lists what there is"))
}

pub(crate) fn no_such_subscription(id: &ServiceId) -> Problem {
    Problem::of(&NO_SUCH_SUBSCRIPTION)
        .detail(format!("the profile is not subscribed to {id}; PUT to this URL subscribes it"))
}

pub(crate) fn already_taken(taken: Taken) -> Problem {
    let names: Vec<Violation> = taken.claims.iter().map(AddressClaim::taken).collect();
    let fields: Vec<&str> = names.iter().map(|violation| violation.pointer.as_str()).collect();
    let problem = Problem::of(&ALREADY_TAKEN)
        .detail(format!("another profile has this already: {}", fields.join(", ")));
    let problem = match taken.retry_after {
        Some(time) => problem.retry_after(time),
        None => problem,
    };
    with_errors(problem, names)
}

fn registered_and_erased() -> Problem {
    Problem::of(&REGISTERED_AND_ERASED)
        .detail("what this request registered was erased since; to register anew send another Idempotency-Key")
        .header_error("Idempotency-Key", "is that of a profile that was erased; use a new one")
}

pub(crate) fn too_many_subscriptions() -> Problem {
    Problem::of(&TOO_MANY_SUBSCRIPTIONS)
        .detail(format!("the limit is {MAX_SUBSCRIPTIONS}; unsubscribe from another service first"))
}

pub(crate) fn not_a_picture(id: PhotoId, reason: NotAPicture) -> Problem {
    let state = match reason {
        NotAPicture::Unknown => return no_such_photo(id),
        NotAPicture::NotApproved(PhotoState::Rejected) => "it was rejected",
        NotAPicture::NotApproved(_) => "it is being reviewed",
    };
    Problem::of(&PHOTO_NOT_APPROVED)
        .detail(format!("{id} cannot be the picture: {state}; choose an approved photo"))
        .pointer("/photoId", state)
}

fn no_such_photo(id: PhotoId) -> Problem {
    Problem::of(&NO_SUCH_PHOTO)
        .detail(format!(
            "{id} is not among the profile's `photos`; a new photo is there when it was looked at"
        ))
        .pointer("/photoId", "is none of the profile's photos")
}

pub(crate) fn service_retired(id: &ServiceId) -> Problem {
    Problem::of(&SERVICE_RETIRED)
        .detail(format!("{id} takes no new subscriptions; choose another service"))
}

pub(crate) fn service_being_deleted(id: &ServiceId) -> Problem {
    Problem::of(&SERVICE_BEING_DELETED).detail(format!(
        "{id} is being deleted; if it is still there in half a minute, subscribe then"
    ))
}

pub(crate) fn service_exists(id: &ServiceId) -> Problem {
    Problem::of(&SERVICE_EXISTS)
        .detail(format!(
            "the catalogue has a service {id}; choose another id, or change it with PUT"
        ))
        .pointer("/id", "is the id of another service; choose another")
}

fn service_in_use(id: &ServiceId) -> Problem {
    Problem::of(&SERVICE_IN_USE).detail(format!(
        "profiles are subscribed to {id}; retire it first with PATCH {{\"retired\": true}}"
    ))
}

/// Of a change of the profile `id`.
pub(crate) fn profile_not_changed(
    id: ProfileId,
    error: ChangeError<NotStored<Problem>>,
) -> Problem {
    not_changed(error, |refused| match refused {
        NotStored::Missing => no_such_profile(id),
        NotStored::Taken(taken) => already_taken(taken),
        NotStored::Refused(problem) => problem,
    })
}

pub(crate) fn not_registered(error: RegisterError) -> Problem {
    match error {
        RegisterError::GivenUp | RegisterError::Busy => busy(),
        RegisterError::Erased => registered_and_erased(),
        RegisterError::Taken(taken) => already_taken(taken),
        RegisterError::Failed(failure) => unavailable(failure),
    }
}

pub(crate) fn not_deleted(id: &ServiceId, error: DeleteError) -> Problem {
    match error {
        DeleteError::Changed => busy(),
        DeleteError::HasSubscribers => service_in_use(id),
        DeleteError::Failed(failure) => unavailable(failure),
    }
}
