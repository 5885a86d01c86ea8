//! Orders at the vendor: made, found again by what they were ordered as, changed and cancelled.

use super::wire::{ChangesWire, KeysWire, NewOrderWire, OrderWire, OrdersWire, RefusalWire};
use super::{LicenceKey, Vendor, VendorFailure};
use crate::domain::{OrderLine, VendorOrder, VendorReference};
use jiff::Timestamp;
use money::Money;
use outgoing::{Answer, Method, Reason, Request, StatusCode, Url};
use serde::de::DeserializeOwned;
use std::time::Duration;

/// How long we wait when we order: well below what `VendorCall` grants.
const ORDER_WITHIN: Duration = Duration::from_secs(10);

/// Why the vendor does not do as it is asked.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refused {
    #[error("it costs {0} now")]
    PriceChanged(Money),
    #[error("so many are not to be had")]
    OutOfStock,
    /// It is another one meanwhile.
    #[error("the vendor has changed the order since")]
    Revision,
    #[error("the vendor has cancelled the order")]
    Cancelled,
    /// In the vendor's word.
    #[error("the vendor refuses it: {0}")]
    Otherwise(String),
    /// Nothing was asked: it did not leave us.
    #[error("nothing was sent: {0}")]
    NotSent(VendorFailure),
    /// It may have been done.
    #[error(transparent)]
    Unknown(#[from] VendorFailure),
}

impl Vendor {
    /// Orders what a line wants. The vendor knows the reference again, if all is well with it.
    pub(crate) async fn order(
        &self,
        reference: VendorReference,
        line: &OrderLine,
    ) -> Result<VendorOrder, Refused> {
        let body = NewOrderWire {
            client_reference: reference.to_string(),
            service_id: &line.vendor_service,
            quantity: line.quantity,
            unit_price: line.purchase_price,
        };
        let request = self.request(Method::POST, "v1/orders").json(&body);
        let request = request.expect("an order is JSON").within(ORDER_WITHIN);
        let order = self.asked(&request).await?;
        if order.reference != reference.to_string() {
            return Err(VendorFailure::Odd("the order has another reference".to_owned()).into());
        }
        Ok(order)
    }

    /// All orders of a reference, the first one first.
    pub(crate) async fn ordered_as(
        &self,
        reference: VendorReference,
    ) -> Result<Vec<VendorOrder>, VendorFailure> {
        let mut url: Url = self.url.at("v1/orders");
        url.query_pairs_mut().append_pair("clientReference", &reference.to_string());
        let orders: OrdersWire = self.asked_for(&self.request_to(Method::GET, url)).await?;
        Ok(orders.orders.into_iter().map(VendorOrder::from).collect())
    }

    /// An order as it is now; `None` if the vendor knows none of this id.
    pub(crate) async fn find(&self, id: &str) -> Result<Option<VendorOrder>, VendorFailure> {
        let answer =
            self.client.call(&self.request_to(Method::GET, self.order_url(id, None))).await?;
        if answer.status() == StatusCode::NOT_FOUND {
            return Ok(None);
        }
        Ok(Some(VendorOrder::from(understood::<OrderWire>(&answer)?)))
    }

    /// The key of an active order; others have none.
    pub(crate) async fn key(&self, id: &str) -> Result<Option<LicenceKey>, VendorFailure> {
        let request = self.request_to(Method::GET, self.order_url(id, Some("keys")));
        let keys: KeysWire = self.asked_for(&request).await?;
        Ok(keys.keys.into_iter().next().map(|one| one.key))
    }

    /// Changes the order as it is in this revision.
    pub(crate) async fn change(
        &self,
        order: &VendorOrder,
        quantity: u32,
        valid_to: Timestamp,
    ) -> Result<VendorOrder, Refused> {
        let changes = ChangesWire {
            quantity: (quantity != order.quantity).then_some(quantity),
            valid_to: (valid_to != order.valid_to).then_some(valid_to),
            revision: order.revision,
        };
        let request = self.request_to(Method::PATCH, self.order_url(&order.id, None));
        self.asked(&request.json(&changes).expect("changes are JSON")).await
    }

    /// Cancels an order; cancelled again it stays cancelled. `None` if the vendor knows none of this id.
    pub(crate) async fn cancel(&self, id: &str) -> Result<Option<VendorOrder>, VendorFailure> {
        let request = self.request_to(Method::DELETE, self.order_url(id, None));
        let answer = self.client.call(&request).await?;
        if answer.status() == StatusCode::NOT_FOUND {
            return Ok(None);
        }
        Ok(Some(VendorOrder::from(understood::<OrderWire>(&answer)?)))
    }

    fn order_url(&self, id: &str, below: Option<&str>) -> Url {
        let mut url = self.url.at("v1/orders");
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.push(id).extend(below);
        }
        url
    }

    async fn asked(&self, request: &Request) -> Result<VendorOrder, Refused> {
        let answer = self.client.call(request).await.map_err(|error| match error.reason() {
            Reason::LeftAlone | Reason::Unreachable | Reason::NoToken(_) => {
                Refused::NotSent(error.into())
            }
            _ => Refused::Unknown(error.into()),
        })?;
        if answer.status().is_success() {
            return Ok(VendorOrder::from(understood::<OrderWire>(&answer)?));
        }
        Err(refusal(&answer))
    }

    async fn asked_for<T: DeserializeOwned>(&self, request: &Request) -> Result<T, VendorFailure> {
        understood(&self.client.call(request).await?)
    }
}

fn understood<T: DeserializeOwned>(answer: &Answer) -> Result<T, VendorFailure> {
    if !answer.status().is_success() {
        return Err(VendorFailure::of(answer));
    }
    answer.json().map_err(|error| VendorFailure::Odd(error.to_string()))
}

/// A refusal that the vendor means; what may pass, or is not about the order, is a failure.
fn refusal(answer: &Answer) -> Refused {
    let failure = || Refused::Unknown(VendorFailure::of(answer));
    if !matches!(answer.status().as_u16(), 400 | 404 | 409 | 410 | 422) {
        return failure();
    }
    let Ok(said) = answer.json::<RefusalWire>() else { return failure() };
    match (said.code.as_str(), said.unit_price) {
        ("price-changed", Some(price)) => Refused::PriceChanged(price),
        ("out-of-stock", _) => Refused::OutOfStock,
        ("revision", _) => Refused::Revision,
        ("cancelled", _) => Refused::Cancelled,
        (code, _) => Refused::Otherwise(code.chars().take(40).collect()),
    }
}
