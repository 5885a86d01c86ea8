//! What clients see.

use crate::domain::{Contact, ContactId, ContactState, Product, Quote, QuoteId, QuoteState};
use crate::domain::{SaleId, ServiceId};
use jiff::Timestamp;
use public_api::versions::Versioned;
use serde::Serialize;
use values::Revision;

/// `Contact` in openapi.yaml.
#[derive(Debug, Serialize)]
pub(crate) struct ContactView<'a> {
    id: ContactId,
    state: ContactState,
    revision: Revision,
    products: Vec<ProductView<'a>>,
    quotes: Vec<QuoteView<'a>>,
}

/// `Product` in openapi.yaml.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ProductView<'a> {
    sale_id: SaleId,
    service_id: &'a ServiceId,
    sold_at: Timestamp,
    ends_at: Option<Timestamp>,
    state: &'static str,
}

/// `Quote` in openapi.yaml.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct QuoteView<'a> {
    id: QuoteId,
    service_id: &'a ServiceId,
    asked_at: Timestamp,
    state: QuoteState,
}

impl<'a> From<&'a Contact> for ContactView<'a> {
    fn from(contact: &'a Contact) -> Self {
        Self {
            id: contact.id,
            state: contact.state,
            revision: contact.revision(),
            products: contact.products.iter().map(ProductView::from).collect(),
            quotes: contact.quotes.iter().map(QuoteView::from).collect(),
        }
    }
}

impl Versioned for ContactView<'_> {
    fn revision(&self) -> Revision {
        self.revision
    }
}

impl<'a> From<&'a Product> for ProductView<'a> {
    fn from(Product { sold, expired }: &'a Product) -> Self {
        Self {
            sale_id: sold.sale_id,
            service_id: &sold.service_id,
            sold_at: sold.sold_at,
            ends_at: sold.ends_at,
            state: if *expired { "expired" } else { "running" },
        }
    }
}

impl<'a> From<&'a Quote> for QuoteView<'a> {
    fn from(quote: &'a Quote) -> Self {
        let Quote { id, service_id, asked_at, state } = quote;
        Self { id: *id, service_id, asked_at: *asked_at, state: *state }
    }
}
