use super::SCHEMA_VERSION;
use crate::domain::{Counter, Given, OrderId};
use invoice::{Number, Series};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// How far a series is. One in each partition.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::store) struct CounterDocument {
    id: String,
    series_id: Series,
    schema_version: u32,
    last: u32,
    issued_on: Option<Date>,
}

impl CounterDocument {
    pub(in crate::store) const ID: &str = "counter";

    pub(in crate::store) fn new(series: &Series, counter: Counter) -> Self {
        Self {
            id: Self::ID.to_owned(),
            series_id: series.clone(),
            schema_version: SCHEMA_VERSION,
            last: counter.last,
            issued_on: counter.issued,
        }
    }

    pub(in crate::store) fn counter(&self) -> Counter {
        Counter { last: self.last, issued: self.issued_on }
    }
}

/// Which number an order has.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::store) struct GivenDocument {
    id: OrderId,
    series_id: Series,
    schema_version: u32,
    number: Number,
    issued_on: Date,
    tax_point: Date,
}

impl GivenDocument {
    pub(in crate::store) fn new(order: OrderId, given: &Given) -> Self {
        Self {
            id: order,
            series_id: given.number.series().clone(),
            schema_version: SCHEMA_VERSION,
            number: given.number.clone(),
            issued_on: given.issued,
            tax_point: given.tax_point,
        }
    }

    pub(in crate::store) fn given(self) -> (OrderId, Given) {
        let given =
            Given { number: self.number, issued: self.issued_on, tax_point: self.tax_point };
        (self.id, given)
    }
}
