//! Deliveries: the container `deliveries`, by what they tell of.

use super::documents::{DeliveryDocument, place_of};
use crate::domain::{Delivery, DeliveryId, EndpointId, PartnerId};
use azure_data::{Change, ChangeError, Container, Cosmos, CosmosFailure, Query, WriteError};
use jiff::Timestamp;
use std::num::NonZeroU32;
use uuid::Uuid;
use values::moment;

/// After every moment there is.
const END_OF_TIME: &str = "9999-12-31T23:59:59.999Z";

/// Which deliveries of a partner are listed.
#[derive(Debug, Default)]
pub(crate) struct WantedDeliveries {
    pub(crate) endpoint: Option<EndpointId>,
    /// The word of a state.
    pub(crate) state: Option<&'static str>,
    /// Of what happened not before this.
    pub(crate) from: Option<Timestamp>,
    /// Of what happened before this.
    pub(crate) to: Option<Timestamp>,
}

#[derive(Debug)]
pub(crate) struct Deliveries(Container);

impl Deliveries {
    pub(crate) fn new(cosmos: &Cosmos) -> Self {
        Self(cosmos.container("deliveries"))
    }

    pub(crate) async fn read(
        &self,
        about: Uuid,
        id: DeliveryId,
    ) -> Result<Option<Delivery>, CosmosFailure> {
        let found = self.0.read::<DeliveryDocument>(&about.to_string(), &id.to_string()).await?;
        Ok(found.map(|item| item.value.into()))
    }

    /// A partner's delivery, of which only the id is known.
    pub(crate) async fn find(
        &self,
        partner: &PartnerId,
        id: DeliveryId,
    ) -> Result<Option<Delivery>, CosmosFailure> {
        let text = "SELECT TOP 1 * FROM c WHERE c.id = @id AND c.partner = @partner";
        let query = Query::from(text).with_parameter("@id", id).expect("a string is JSON");
        let query = query.with_parameter("@partner", partner).expect("a string is JSON");
        let found = self.0.query::<DeliveryDocument>(query, NonZeroU32::MIN).await?;
        Ok(found.into_iter().next().map(Delivery::from))
    }

    /// Stores a new one. The one that is there already under its id, if there is one: it may be further.
    pub(crate) async fn begin(&self, delivery: &Delivery) -> Result<Delivery, WriteError> {
        let (about, id) = (delivery.event.about.to_string(), delivery.id.to_string());
        match self.0.create(&about, &id, &DeliveryDocument::from(delivery)).await {
            Ok(_) => Ok(delivery.clone()),
            Err(error) => match self.read(delivery.event.about, delivery.id).await {
                Ok(Some(there)) => Ok(there),
                Ok(None) => Err(error),
                Err(failure) => Err(failure.into()),
            },
        }
    }

    /// Applies `edit` to the delivery as it is when it is stored. `None`: there is none.
    pub(crate) async fn change<E>(
        &self,
        about: Uuid,
        id: DeliveryId,
        edit: impl Fn(Delivery) -> Result<Delivery, E>,
    ) -> Result<Option<Delivery>, ChangeError<E>> {
        let decide = |now: Option<&DeliveryDocument>| {
            let Some(now) = now else { return Ok(Change::Keep(None)) };
            let current = Delivery::from(now.clone());
            let edited = edit(current.clone())?;
            Ok(if edited == current {
                Change::Keep(Some(current))
            } else {
                Change::Write(DeliveryDocument::from(&edited), Some(edited))
            })
        };
        self.0.change(&about.to_string(), &id.to_string(), decide).await
    }

    /// A partner's, newest first: at most `count` that stand after `after`, which is a [`position`](Self::position).
    pub(crate) async fn list(
        &self,
        partner: &PartnerId,
        wanted: &WantedDeliveries,
        after: Option<&str>,
        count: NonZeroU32,
    ) -> Result<Vec<Delivery>, CosmosFailure> {
        let endpoint = wanted.endpoint.map_or("", |_| "AND c.endpoint = @endpoint");
        let state = wanted.state.map_or("", |_| "AND c.state = @state");
        let text = format!(
            "SELECT TOP {count} * FROM c WHERE c.partner = @partner AND c.place < @after AND \
             c.place >= @from AND c.place < @to {endpoint} {state} ORDER BY c.place DESC"
        );
        let query = Query::from(text)
            .with_parameter("@partner", partner)
            .and_then(|query| query.with_parameter("@after", after.unwrap_or(END_OF_TIME)))
            .and_then(|query| {
                query.with_parameter("@from", wanted.from.map(moment::text).unwrap_or_default())
            })
            .and_then(|query| {
                query.with_parameter("@to", wanted.to.map_or(END_OF_TIME.to_owned(), moment::text))
            })
            .and_then(|query| query.with_parameter("@endpoint", wanted.endpoint))
            .and_then(|query| query.with_parameter("@state", wanted.state))
            .expect("a string is JSON");
        let found = self.0.query::<DeliveryDocument>(query, count).await?;
        Ok(found.into_iter().map(Delivery::from).collect())
    }

    /// Where a delivery stands in its partner's list.
    pub(crate) fn position(delivery: &Delivery) -> String {
        place_of(delivery)
    }

    /// Those that were due before `before`, the longest overdue first.
    pub(crate) async fn overdue(
        &self,
        before: Timestamp,
        count: NonZeroU32,
    ) -> Result<Vec<Delivery>, CosmosFailure> {
        let text = format!(
            "SELECT TOP {count} * FROM c WHERE c.state = 'pending' AND c.dueAt < @before ORDER BY c.dueAt"
        );
        let query = Query::from(text);
        let query = query.with_parameter("@before", moment::text(before)).expect("JSON");
        let found = self.0.query::<DeliveryDocument>(query, count).await?;
        Ok(found.into_iter().map(Delivery::from).collect())
    }
}
