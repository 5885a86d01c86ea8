use super::CosmosFailure;
use super::connection::Connection;
use super::failure::within_deadline;
use azure_data_cosmos::options::{MaxItemCountHint, QueryOptions};
use azure_data_cosmos::{Query, feed::FeedScope};
use futures::{StreamExt, TryStreamExt};
use serde::de::DeserializeOwned;
use std::num::NonZeroU32;

/// The first `most` documents that a query selects, in pages of that size.
pub(super) async fn select<T: DeserializeOwned + Send + 'static>(
    connection: &Connection,
    scope: FeedScope,
    query: Query,
    most: NonZeroU32,
) -> Result<Vec<T>, CosmosFailure> {
    let what = || format!("querying {}", connection.name);
    let client = connection.client().await?;
    let page = MaxItemCountHint::Limit(most);
    let options = QueryOptions::default().with_max_item_count(page);
    let answer = async {
        client
            .query_items::<T>(query, scope, Some(options))
            .await?
            .take(most.get() as usize)
            .try_collect()
            .await
    };
    within_deadline(what, answer).await
}
