use super::CosmosFailure;
use super::connection::Connection;
use super::operation::Answered;
use azure_data_cosmos::options::{MaxItemCountHint, QueryOptions};
use azure_data_cosmos::{Query, feed::FeedScope};
use futures::TryStreamExt;
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
    let answer = || async {
        let most = most.get() as usize;
        let mut pages = client.query_items::<T>(query, scope, Some(options)).await?.into_pages();
        let (mut found, mut answered) = (Vec::new(), Answered::default());
        while found.len() < most
            && let Some(page) = pages.try_next().await?
        {
            answered.and(&page.diagnostics());
            found.extend(page.into_items());
        }
        found.truncate(most);
        Ok((found, answered))
    };
    let (found, _) = connection.operation("query_items").run(what, answer).await?;
    Ok(found)
}
