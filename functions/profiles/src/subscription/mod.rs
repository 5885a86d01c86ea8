//! `v1/profiles/{profileId}/subscriptions/{serviceId}`

use crate::app::App;
use crate::domain::{Profile, ProfileId, ServiceId};
use crate::problems;
use crate::store::{Availability, ChangeError};
use custom_handler::{Problem, Request, Response};
use http::StatusCode;
use iommi_app::{Kept, pause};

/// How often a change is tried again because others change the profile meanwhile.
const MAX_TRIES: u32 = 12;

/// GET: the subscription, or 404.
pub(crate) async fn get(app: &App, request: Request) -> Result<Response, Problem> {
    let (id, service_id) = params(&request)?;
    let profile = crate::profile::read(app, id).await?.value;
    match profile.subscription(&service_id) {
        Some(subscription) => Ok(Response::ok(subscription)),
        None => Err(problems::no_such_subscription(&service_id)),
    }
}

/// PUT: subscribes the profile; 201 if it was not subscribed, 200 if it was.
pub(crate) async fn put(app: &App, request: Request) -> Result<Response, Problem> {
    let (id, service_id) = params(&request)?;
    let before = crate::profile::read(app, id).await?;
    if let Some(subscription) = before.value.subscription(&service_id) {
        return Ok(Response::ok(subscription));
    }
    check(app, &service_id).await?;
    let subscribe = |profile: &Profile| {
        profile
            .subscribed_to(&service_id, app.clock.now())
            .map_err(|_| problems::too_many_subscriptions())
    };
    let profile = change(app, before, subscribe).await?;
    // Once more, now that a deletion would see us: see the store's `services`.
    if let Err(problem) = check(app, &service_id).await {
        let current = crate::profile::read(app, id).await?;
        let unsubscribe =
            |profile: &Profile| Ok(profile.unsubscribed_from(&service_id, app.clock.now()));
        change(app, current, unsubscribe).await?;
        return Err(problem);
    }
    match profile.subscription(&service_id) {
        Some(subscription) => Ok(Response::ok(subscription).with_status(StatusCode::CREATED)),
        None => Err(problems::busy()),
    }
}

/// DELETE: unsubscribes the profile; 204 also if it was not subscribed.
pub(crate) async fn delete(app: &App, request: Request) -> Result<Response, Problem> {
    let (id, service_id) = params(&request)?;
    let current = crate::profile::read(app, id).await?;
    let unsubscribe =
        |profile: &Profile| Ok(profile.unsubscribed_from(&service_id, app.clock.now()));
    change(app, current, unsubscribe).await?;
    Ok(Response::no_content())
}

fn params(request: &Request) -> Result<(ProfileId, ServiceId), Problem> {
    Ok((request.param("profileId")?, request.param("serviceId")?))
}

async fn check(app: &App, service_id: &ServiceId) -> Result<(), Problem> {
    let availability = app.services.availability(service_id, app.clock.now()).await;
    match availability.map_err(problems::unavailable)? {
        Availability::Open => Ok(()),
        Availability::Retired => Err(problems::service_retired(service_id)),
        Availability::BeingDeleted => Err(problems::service_being_deleted(service_id)),
        Availability::Missing => Err(problems::no_such_service(service_id)),
    }
}

/// Applies `edit` to the profile as it is when it is stored: a subscription is not based on a version that
/// the client knows, so others' changes are no reason to refuse it.
async fn change(
    app: &App,
    mut current: Kept<Profile>,
    edit: impl Fn(&Profile) -> Result<Profile, Problem>,
) -> Result<Profile, Problem> {
    for tries in 0..MAX_TRIES {
        let edited = edit(&current.value)?;
        match app.profiles.replace(&current, edited, app.clock.now()).await {
            Ok(stored) => return Ok(stored.value),
            Err(ChangeError::Changed) => {
                pause(tries).await;
                current = crate::profile::read(app, current.value.id).await?;
            }
            Err(other) => return Err(problems::not_changed(other)),
        }
    }
    Err(problems::busy())
}
