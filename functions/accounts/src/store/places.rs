//! How far those have come who look at everything bit by bit, and who is at it: the container `places`.

use azure_data::{Change, ChangeError, Container, Cosmos, CosmosFailure};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::convert::Infallible;
use std::time::Duration;

/// Where a round goes on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Place {
    id: String,
    /// The last that was looked at; none: from the first.
    pub(crate) after: Option<String>,
    /// What did not fit in this round so far, and in the whole one before.
    #[serde(default)]
    pub(crate) found: u64,
    #[serde(default)]
    found_before: u64,
    /// Until when a run has it to itself, unless it ends before.
    leased_until: Timestamp,
}

impl Place {
    fn new(id: &str) -> Self {
        let leased_until = Timestamp::UNIX_EPOCH;
        Self { id: id.to_owned(), after: None, found: 0, found_before: 0, leased_until }
    }

    /// After a page that ends with `last`; none if it was the last page of the round.
    pub(crate) fn turned(&mut self, last: Option<String>, found: u64) {
        self.found += found;
        if last.is_none() {
            self.found_before = std::mem::take(&mut self.found);
        }
        self.after = last;
    }
}

#[derive(Debug)]
pub(crate) struct Places(Container);

impl Places {
    pub(crate) fn new(cosmos: &Cosmos) -> Self {
        Self(cosmos.container("places"))
    }

    /// The place of a round, for a run that takes no longer than `lease`; `None` while another run has it.
    pub(crate) async fn begin(
        &self,
        id: &str,
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
                None => Place { leased_until, ..Place::new(id) },
            };
            Ok(Change::Write(place.clone(), Some(place)))
        };
        self.0.change(id, id, begin).await
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
        match self.0.change(&place.id, &place.id, write).await {
            Ok(()) | Err(ChangeError::Exhausted(_)) => Ok(()),
            Err(ChangeError::Refused(never)) => match never {},
            Err(ChangeError::Failed(failure)) => Err(failure),
        }
    }
}
