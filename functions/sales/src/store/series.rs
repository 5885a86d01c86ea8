//! Numbers: the container `invoice-series`, a partition for each series.

use super::documents::{CounterDocument, GivenDocument};
use crate::domain::{Counter, Given, OrderId};
use azure_data::{BatchError, Container, Cosmos, CosmosFailure, Etag, MAX_BATCH_OPERATIONS, Query};
use invoice::Series;
use std::collections::HashMap;
use std::num::NonZeroU32;

/// Most numbers that are given at once: the counter is written with them.
pub(crate) const MAX_GIVEN: usize = MAX_BATCH_OPERATIONS - 1;

#[derive(Debug)]
pub(crate) struct InvoiceSeries(Container);

/// A series as it was read: how far it is, and which orders have a number already.
#[derive(Debug)]
pub(crate) struct SeriesRead {
    pub(crate) counter: Counter,
    pub(crate) given: HashMap<OrderId, Given>,
    etag: Option<Etag>,
}

impl InvoiceSeries {
    pub(crate) fn new(cosmos: &Cosmos) -> Self {
        Self(cosmos.container("invoice-series"))
    }

    /// The series, and the numbers of those orders that have one: at most [`MAX_GIVEN`].
    pub(crate) async fn read(
        &self,
        series: &Series,
        orders: &[OrderId],
    ) -> Result<SeriesRead, CosmosFailure> {
        let partition = series.to_string();
        let counter = self.0.read::<CounterDocument>(&partition, CounterDocument::ID).await?;
        let given = self.given(&partition, orders).await?;
        Ok(SeriesRead {
            counter: counter.as_ref().map_or(Counter::default(), |item| item.value.counter()),
            given: given.into_iter().map(GivenDocument::given).collect(),
            etag: counter.map(|item| item.etag),
        })
    }

    async fn given(
        &self,
        partition: &str,
        orders: &[OrderId],
    ) -> Result<Vec<GivenDocument>, CosmosFailure> {
        let most = u32::try_from(orders.len()).ok().and_then(NonZeroU32::new);
        let Some(most) = most else { return Ok(Vec::new()) };
        let names: Vec<String> = (0..orders.len()).map(|at| format!("@id{at}")).collect();
        let text = format!("SELECT * FROM c WHERE c.id IN ({})", names.join(", "));
        let query = names.iter().zip(orders).fold(Query::from(text), |query, (name, order)| {
            query.with_parameter(name.as_str(), order).expect("a string is JSON")
        });
        self.0.query_in(partition, query, most).await
    }

    /// Writes how far the series is then, and the numbers: all or nothing, and nothing if another number was given since
    /// it was read, or one of these orders has one.
    pub(crate) async fn give(
        &self,
        series: &Series,
        read: &SeriesRead,
        counter: Counter,
        given: &[(OrderId, Given)],
    ) -> Result<(), BatchError> {
        let partition = series.to_string();
        let document = CounterDocument::new(series, counter);
        let batch = self.0.batch(&partition);
        let batch = match &read.etag {
            Some(etag) => batch.replace(CounterDocument::ID, &document, etag),
            None => batch.create(&document),
        };
        let records = given.iter().map(|(order, given)| GivenDocument::new(*order, given));
        let batch = records.fold(batch, |batch, record| batch.create(&record));
        batch.commit().await.map(drop)
    }
}
