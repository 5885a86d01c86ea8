//! What happened is told to the endpoints of the partner whom it concerns.

use crate::app::App;
use crate::delivering;
use crate::domain::{Delivery, DisabledBecause, Endpoint, PartnerId};
pub(crate) use crate::domain::{Event, EventKind};
use azure_data::{CosmosFailure, StorageFailure, WriteError};
use messages::origin_here;

/// Not all endpoints are on their way to hear of it: tell it again.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotTold {
    #[error(transparent)]
    Failed(#[from] CosmosFailure),
    #[error(transparent)]
    NotKept(#[from] WriteError),
    #[error(transparent)]
    NotSent(#[from] StorageFailure),
}

/// Has each endpoint hear of it that wants to. Done again it does nothing; what was kept and not sent is sent.
pub(crate) async fn tell(app: &App, event: &Event) -> Result<(), NotTold> {
    let endpoints = app.endpoints.of(&event.partner).await?;
    let is_told = |it: &&Endpoint| {
        // Told again later, it tells nobody who was not there then.
        it.wants(event.kind) && it.id.uuid() != event.about && it.created_at <= event.at
    };
    for endpoint in endpoints.all.iter().filter(is_told) {
        tell_one(app, event, endpoint).await?;
    }
    Ok(())
}

/// Has one endpoint hear of it. One that is disabled can have it sent when it is enabled.
pub(crate) async fn tell_one(
    app: &App,
    event: &Event,
    endpoint: &Endpoint,
) -> Result<Delivery, NotTold> {
    let now = app.clock.now();
    let (is_disabled, origin) = (endpoint.disabled.is_some(), Some(origin_here()));
    let fresh = Delivery::new(event.clone(), endpoint.id, is_disabled, now, origin);
    let delivery = app.deliveries.begin(&fresh).await?;
    if delivery.attempts_made == 0 && delivery.turn == fresh.turn {
        delivering::send(app, &delivery).await?;
    }
    Ok(delivery)
}

/// Has the partner's other endpoints hear that this one is sent nothing any more. That it was the partner's own wish is no news.
pub(crate) async fn tell_disabled(
    app: &App,
    partner: &PartnerId,
    endpoint: &Endpoint,
) -> Result<(), NotTold> {
    let disabled = endpoint.disabled.filter(|it| it.reason != DisabledBecause::Partner);
    let Some(disabled) = disabled else { return Ok(()) };
    let (kind, about) = (EventKind::EndpointDisabled, endpoint.id.uuid());
    tell(app, &Event { kind, about, partner: partner.clone(), at: disabled.at }).await
}
