use crate::domain::{Offer, ServiceId};
use crate::on_offer::OfferList;
use jiff::Timestamp;
use money::Money;
use serde::Serialize;

/// `Offers` in openapi.yaml.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OffersView<'a> {
    items: Vec<OfferView<'a>>,
    #[serde(with = "values::moment")]
    as_of: Timestamp,
    stale: bool,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct OfferView<'a> {
    service_id: &'a ServiceId,
    name: &'a str,
    /// What the vendor asks of us is no customer's business.
    unit_price: Money,
    available: bool,
    minimum: u32,
    maximum: u32,
}

impl<'a> OffersView<'a> {
    pub(crate) fn of(list: &'a OfferList, now: Timestamp) -> Self {
        let view = |offer: &'a Offer| OfferView {
            service_id: &offer.service,
            name: &offer.name,
            unit_price: offer.unit_price,
            available: offer.available,
            minimum: offer.pieces.0,
            maximum: offer.pieces.1,
        };
        Self {
            items: list.offers.iter().map(view).collect(),
            as_of: list.as_of,
            stale: list.is_stale(now),
        }
    }
}
