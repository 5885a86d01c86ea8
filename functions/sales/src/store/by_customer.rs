//! Orders by whose they are: the container `by-customer`, which follows `orders`.

use super::documents::ListedDocument;
use crate::domain::{ListedOrder, OrderId, ProfileId};
use azure_data::{Change, ChangeError, Container, Cosmos, CosmosFailure, Query};
use std::convert::Infallible;
use std::num::NonZeroU32;

/// After every place there is.
const END: &str = "9999";

#[derive(Debug)]
pub(crate) struct ByCustomer(Container);

impl ByCustomer {
    pub(crate) fn new(cosmos: &Cosmos) -> Self {
        Self(cosmos.container("by-customer"))
    }

    pub(crate) async fn read(
        &self,
        profile: ProfileId,
        order: OrderId,
    ) -> Result<Option<ListedOrder>, CosmosFailure> {
        let (profile, order) = (profile.to_string(), order.to_string());
        let found = self.0.read::<ListedDocument>(&profile, &order).await?;
        Ok(found.map(|item| item.value.into()))
    }

    /// Keeps the newer of this and what is there, with what was told of both.
    pub(crate) async fn keep(&self, listed: &ListedOrder) -> Result<(), ChangeError<Infallible>> {
        let decide = |there: Option<&ListedDocument>| {
            let there = there.map(|there| ListedOrder::from(there.clone()));
            let kept = match there.clone() {
                Some(there) => listed.clone().with(there),
                None => listed.clone(),
            };
            Ok(match there == Some(kept.clone()) {
                true => Change::Keep(()),
                false => Change::Write(ListedDocument::from(&kept), ()),
            })
        };
        self.0.change(&listed.profile.to_string(), &listed.id.to_string(), decide).await
    }

    /// At most `count` orders of a person that stand after `after`, which is a [`place`](Self::place): newest first.
    pub(crate) async fn list(
        &self,
        profile: ProfileId,
        after: Option<&str>,
        count: NonZeroU32,
    ) -> Result<Vec<ListedOrder>, CosmosFailure> {
        let text = "SELECT * FROM c WHERE c.place < @after ORDER BY c.place DESC";
        let query = Query::from(text)
            .with_parameter("@after", after.unwrap_or(END))
            .expect("a string is JSON");
        let found: Vec<ListedDocument> =
            self.0.query_in(&profile.to_string(), query, count).await?;
        Ok(found.into_iter().map(ListedOrder::from).collect())
    }

    /// Where an order stands in the list.
    pub(crate) fn place(order: &ListedOrder) -> String {
        ListedDocument::place(order)
    }
}
