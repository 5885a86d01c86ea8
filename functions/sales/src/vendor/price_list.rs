//! What the vendor delivers, and what it asks for it.

use super::wire::PriceListWire;
use super::{Vendor, VendorFailure};
use money::Money;
use outgoing::Method;

/// A service of the vendor's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct VendorService {
    pub(crate) id: String,
    /// For one piece and month.
    pub(crate) unit_price: Money,
    pub(crate) available: bool,
    /// Fewest and most pieces of an order.
    pub(crate) pieces: (u32, u32),
}

impl Vendor {
    /// All that the vendor delivers.
    pub(crate) async fn price_list(&self) -> Result<Vec<VendorService>, VendorFailure> {
        let request = self.request(Method::GET, "v1/services");
        let answer = self.client.call(&request).await?;
        if !answer.status().is_success() {
            return Err(VendorFailure::of(&answer));
        }
        let list: PriceListWire =
            answer.json().map_err(|error| VendorFailure::Odd(error.to_string()))?;
        let service = |one: super::wire::ServiceWire| VendorService {
            id: one.id,
            unit_price: one.unit_price,
            available: one.available,
            pieces: (one.minimum, one.maximum),
        };
        Ok(list.services.into_iter().map(service).collect())
    }
}
