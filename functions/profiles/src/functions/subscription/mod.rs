//! `v1/profiles/{profileId}/subscriptions/{serviceId}`

use super::profile;
use crate::app::App;
use crate::domain::{Profile, ProfileId, ServiceId};
use crate::problems;
use crate::store::Availability;
use crate::views::SubscriptionView;
use custom_handler::{Function, Problem, Request, Response, StatusCode, function};
use jiff::Timestamp;
use public_api::problems::{busy, unavailable};

pub(crate) const FUNCTION: Function = function!();

/// GET: the subscription, or 404.
pub(crate) async fn get(app: &App, request: Request) -> Result<Response, Problem> {
    let (id, service_id) = params(app, &request)?;
    let profile = profile::read(app, id).await?;
    match profile.subscription(&service_id) {
        Some(subscription) => Ok(Response::ok(&SubscriptionView::from(subscription.clone()))),
        None => Err(problems::no_such_subscription(&service_id)),
    }
}

/// PUT: subscribes the profile; 201 if it was not subscribed, 200 if it was.
pub(crate) async fn put(app: &App, request: Request) -> Result<Response, Problem> {
    let (id, service_id) = params(app, &request)?;
    let before = profile::read(app, id).await?;
    if let Some(subscription) = before.subscription(&service_id) {
        return Ok(Response::ok(&SubscriptionView::from(subscription.clone())));
    }
    check(app, &service_id).await?;
    let subscribe = |profile: &Profile, now| {
        profile.subscribed_to(&service_id, now).map_err(|_| problems::too_many_subscriptions())
    };
    let profile = change(app, id, subscribe).await?;
    // Once more, now that a deletion would see us: see the store's `services`.
    if let Err(problem) = check(app, &service_id).await {
        change(app, id, |profile, now| Ok(profile.unsubscribed_from(&service_id, now))).await?;
        return Err(problem);
    }
    match profile.subscription(&service_id) {
        Some(subscription) => Ok(Response::ok(&SubscriptionView::from(subscription.clone()))
            .with_status(StatusCode::CREATED)),
        None => Err(busy()),
    }
}

/// DELETE: unsubscribes the profile; 204 also if it was not subscribed.
pub(crate) async fn delete(app: &App, request: Request) -> Result<Response, Problem> {
    let (id, service_id) = params(app, &request)?;
    change(app, id, |profile, now| Ok(profile.unsubscribed_from(&service_id, now))).await?;
    Ok(Response::no_content())
}

fn params(app: &App, request: &Request) -> Result<(ProfileId, ServiceId), Problem> {
    Ok((profile::of(app, request)?, request.param("serviceId")?))
}

async fn check(app: &App, service_id: &ServiceId) -> Result<(), Problem> {
    let availability = app.services.availability(service_id, app.clock.now()).await;
    match availability.map_err(unavailable)? {
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
    id: ProfileId,
    edit: impl Fn(&Profile, Timestamp) -> Result<Profile, Problem>,
) -> Result<Profile, Problem> {
    let changed = app.profiles.change(id, &app.clock, edit).await;
    changed.map_err(|error| problems::profile_not_changed(id, error))
}
