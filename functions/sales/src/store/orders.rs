//! Orders: the container `orders`.

use super::documents::OrderDocument;
use crate::domain::{Order, OrderId};
use crate::figures;
use azure_data::{Change, ChangeError, Container, Cosmos, CosmosFailure, Query, WriteError};
use custom_handler::{ChangeFeed, Rejected};
use jiff::Timestamp;
use std::num::NonZeroU32;

#[derive(Debug)]
pub(crate) struct Orders(Container);

impl Orders {
    pub(crate) fn new(cosmos: &Cosmos) -> Self {
        Self(cosmos.container("orders").saying_writers())
    }

    pub(super) fn container(&self) -> &Container {
        &self.0
    }

    /// Asks Cosmos DB for a document that is not there: it answers, or it does not.
    pub(crate) async fn ping(&self) -> Result<(), CosmosFailure> {
        self.0.read::<serde::de::IgnoredAny>("ping", "ping").await.map(drop)
    }

    pub(crate) async fn read(&self, id: OrderId) -> Result<Option<Order>, CosmosFailure> {
        let id = id.to_string();
        let found = self.0.read::<OrderDocument>(&id, &id).await?;
        Ok(found.map(|item| item.value.into()))
    }

    /// Stores a new one. The one that is there already under its id, if there is one: it may be further, or another.
    pub(crate) async fn begin(&self, order: &Order) -> Result<Order, WriteError> {
        let id = order.id.to_string();
        match self.0.create(&id, &id, &OrderDocument::from(order)).await {
            Ok(_) => {
                figures::begun(order);
                Ok(order.clone())
            }
            Err(error) => match self.read(order.id).await {
                Ok(Some(there)) => Ok(there),
                // A refused write without what refused it: an old read.
                Ok(None) => Err(error),
                Err(failure) => Err(failure.into()),
            },
        }
    }

    /// The orders that a batch of the change feed holds, and what cannot be read as one.
    pub(crate) fn changed(feed: &ChangeFeed) -> (Vec<Order>, Vec<Rejected>) {
        let (documents, rejected) = feed.parse::<OrderDocument>();
        (documents.into_iter().map(Order::from).collect(), rejected)
    }

    /// Applies `edit` to the order as it is when it is stored. `None`: there is none.
    pub(crate) async fn change<E>(
        &self,
        id: OrderId,
        edit: impl Fn(Order) -> Result<Order, E>,
    ) -> Result<Option<Order>, ChangeError<E>> {
        let decide = |now: Option<&OrderDocument>| {
            let Some(now) = now else { return Ok(Change::Keep(None)) };
            let current = Order::from(now.clone());
            let edited = edit(current.clone())?;
            Ok(if edited == current {
                Change::Keep(Some((edited, None)))
            } else {
                Change::Write(OrderDocument::from(&edited), Some((edited, Some(current))))
            })
        };
        let id = id.to_string();
        let changed = self.0.change(&id, &id, decide).await?;
        Ok(changed.map(|(order, before)| {
            if let Some(before) = before {
                figures::changed(&before, &order);
            }
            order
        }))
    }

    /// Those that a round has to look at, in the order of their ids: at most `count` after the one given, due before
    /// `before`.
    pub(crate) async fn watched(
        &self,
        after: Option<OrderId>,
        before: Timestamp,
        count: NonZeroU32,
    ) -> Result<Vec<Order>, CosmosFailure> {
        let text = format!(
            "SELECT TOP {count} * FROM c WHERE c.watched = true AND c.id > @after AND c.dueAt < @before ORDER BY c.id"
        );
        let after = after.map(|id| id.to_string()).unwrap_or_default();
        let query = Query::from(text)
            .with_parameter("@after", after)
            .and_then(|query| query.with_parameter("@before", values::moment::text(before)))
            .expect("a string is JSON");
        let found = self.0.query::<OrderDocument>(query, count).await?;
        Ok(found.into_iter().map(Order::from).collect())
    }
}
