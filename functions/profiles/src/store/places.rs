//! How far the reconciliation has come, and who is at it.

use azure_data::{Change, ChangeError, Container, CosmosFailure};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::{convert::Infallible, time::Duration};

/// The only document of its container.
const ID: &str = "addresses";

/// Where the reconciliation goes on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Place {
    id: String,
    /// The last profile that was looked at; none: from the first.
    pub(crate) profile: Option<String>,
    /// The last reservation that was looked at; none: from the first.
    pub(crate) reservation: Option<String>,
    /// Until when a run has it to itself, unless it ends before.
    leased_until: Timestamp,
}

/// The container `reconciliation`.
#[derive(Debug)]
pub(crate) struct Reconciliation(Container);

impl Reconciliation {
    pub(crate) fn new(container: Container) -> Self {
        Self(container)
    }

    /// The place, for a run that takes no longer than `lease`; `None` while another run has it.
    pub(crate) async fn begin(
        &self,
        now: Timestamp,
        lease: Duration,
    ) -> Result<Option<Place>, ChangeError<Infallible>> {
        let leased_until = now.checked_add(lease).unwrap_or(Timestamp::MAX);
        let begin = |place: Option<&Place>| {
            if place.is_some_and(|place| place.leased_until > now) {
                return Ok(Change::Keep(None));
            }
            let place = match place {
                Some(place) => Place { leased_until, ..place.clone() },
                None => Place { id: ID.into(), profile: None, reservation: None, leased_until },
            };
            Ok(Change::Write(place.clone(), Some(place)))
        };
        self.0.change(ID, ID, begin).await
    }

    /// Keeps how far a run has come. If its lease is over and another one took it, that is the one that counts.
    pub(crate) async fn keep(&self, place: &Place) -> Result<(), CosmosFailure> {
        self.write(place, place.leased_until).await
    }

    /// The next run may begin.
    pub(crate) async fn end(&self, place: &Place) -> Result<(), CosmosFailure> {
        self.write(place, Timestamp::UNIX_EPOCH).await
    }

    async fn write(&self, place: &Place, leased_until: Timestamp) -> Result<(), CosmosFailure> {
        let next = Place { leased_until, ..place.clone() };
        let write = |there: Option<&Place>| {
            let is_ours = there.is_some_and(|there| there.leased_until == place.leased_until);
            Ok::<_, Infallible>(if is_ours {
                Change::Write(next.clone(), ())
            } else {
                Change::Keep(())
            })
        };
        match self.0.change(ID, ID, write).await {
            Ok(()) | Err(ChangeError::Exhausted(_)) => Ok(()),
            Err(ChangeError::Refused(never)) => match never {},
            Err(ChangeError::Failed(failure)) => Err(failure),
        }
    }
}
