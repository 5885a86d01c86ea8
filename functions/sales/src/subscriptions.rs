//! Subscriptions follow from licences: a profile is subscribed to a service while it has a licence for it.

use crate::app::App;
use crate::domain::{ProfileId, ServiceId};
use crate::neighbour::NeighbourFailure;
use crate::profiles::Subscribing;
use azure_data::CosmosFailure;

/// How often it is done anew because licences changed meanwhile.
const MAX_TURNS: u32 = 3;

#[derive(Debug, thiserror::Error)]
pub(crate) enum NotAligned {
    #[error(transparent)]
    Profiles(#[from] NeighbourFailure),
    #[error(transparent)]
    Licences(#[from] CosmosFailure),
    #[error("the licences of the service keep changing")]
    Restless,
}

/// Makes the profile's subscription what its licences say. Whoever changes a licence does this afterwards, so that of two
/// the last one sees both.
pub(crate) async fn align(
    app: &App,
    profile: ProfileId,
    service: &ServiceId,
) -> Result<Subscribing, NotAligned> {
    let mut live = app.licences.has_live(profile, service).await?;
    for _ in 0..MAX_TURNS {
        let outcome = if live {
            app.profiles.subscribe(profile, service).await?
        } else {
            app.profiles.unsubscribe(profile, service).await?
        };
        let before = live;
        live = app.licences.has_live(profile, service).await?;
        if live == before {
            return Ok(outcome);
        }
    }
    Err(NotAligned::Restless)
}
