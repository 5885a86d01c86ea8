//! What is for sale, and what it costs at the moment of an order.

use super::{NewOrder, OrderLine, ServiceId};
use money::{Currency, Money};
use values::{Violation, Violations};

/// A service of the catalogue that the vendor delivers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Offer {
    pub(crate) service: ServiceId,
    pub(crate) name: String,
    /// What we ask for one piece and month, without tax.
    pub(crate) unit_price: Money,
    pub(crate) vendor_service: String,
    /// What the vendor asks for one piece and month.
    pub(crate) purchase_price: Money,
    /// Whether the vendor takes orders for it.
    pub(crate) available: bool,
    /// Fewest and most pieces of an order.
    pub(crate) pieces: (u32, u32),
}

/// The lines of an order at the prices of these offers, and the currency that all have.
///
/// # Errors
/// Each line that cannot be ordered, at its place.
pub(crate) fn priced(
    new: &NewOrder,
    offers: &[Offer],
) -> Result<(Currency, Vec<OrderLine>), Violations> {
    let (mut lines, mut violations) = (Vec::new(), Vec::new());
    let mut currency = None;
    for (at, line) in new.lines.iter().enumerate() {
        let mut refuse = |field: &str, detail: String| {
            violations.push(Violation { pointer: format!("/lines/{at}/{field}"), detail });
        };
        let Some(offer) = offers.iter().find(|offer| offer.service == line.service) else {
            refuse("serviceId", "is not on offer: GET sales/v1/offers lists what is".into());
            continue;
        };
        if !offer.available {
            refuse("serviceId", "is not available at the moment".into());
        }
        let (fewest, most) = offer.pieces;
        if !(fewest..=most).contains(&line.quantity) {
            refuse("quantity", format!("must be {fewest} to {most} pieces of this service"));
        }
        let first = *currency.get_or_insert(offer.unit_price.currency());
        if offer.unit_price.currency() != first {
            let own = offer.unit_price.currency();
            refuse(
                "serviceId",
                format!("is sold in {own}, the lines above in {first}: order them apart"),
            );
        }
        lines.push(OrderLine {
            line: u32::try_from(at + 1).unwrap_or(u32::MAX),
            service: offer.service.clone(),
            name: offer.name.clone(),
            vendor_service: offer.vendor_service.clone(),
            quantity: line.quantity,
            months: line.months,
            purchase_price: offer.purchase_price,
            unit_price: offer.unit_price,
        });
    }
    Violations::collect(violations)?;
    let nothing = || Violations::one("/lines", "must have a line");
    Ok((currency.ok_or_else(nothing)?, lines))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::request::NewLine;
    use pretty_assertions::assert_eq;

    fn offer(service: &str, currency: &str) -> Offer {
        let price = |text: &str| Money::new(text.parse().unwrap(), currency.parse().unwrap());
        Offer {
            service: service.parse().unwrap(),
            name: service.to_owned(),
            unit_price: price("10.00"),
            vendor_service: format!("vend-{service}"),
            purchase_price: price("8.00"),
            available: service != "sold-out",
            pieces: (1, 100),
        }
    }

    fn pointers(lines: &[(&str, u32)]) -> Vec<String> {
        let buyer = serde_json::from_value(serde_json::json!({
            "name": "Kim", "emailAddress": "kim@example.com",
            "address": {"street": "Havnegade 1", "city": "København", "country": "DK"},
        }));
        let line = |(service, quantity): &(&str, u32)| NewLine {
            service: service.parse().unwrap(),
            quantity: *quantity,
            months: 1,
        };
        let new = NewOrder {
            lines: lines.iter().map(line).collect(),
            buyer: buyer.unwrap(),
            account: None,
        };
        let offers = [offer("a", "EUR"), offer("b", "DKK"), offer("sold-out", "EUR")];
        match priced(&new, &offers) {
            Ok(_) => Vec::new(),
            Err(violations) => violations.iter().map(|one| one.pointer.clone()).collect(),
        }
    }

    #[test]
    fn each_line_that_cannot_be_ordered_is_named() {
        assert_eq!(pointers(&[("a", 3)]), Vec::<String>::new());
        assert_eq!(
            pointers(&[("a", 101), ("nothing", 1), ("sold-out", 1), ("b", 1)]),
            ["/lines/0/quantity", "/lines/1/serviceId", "/lines/2/serviceId", "/lines/3/serviceId"]
        );
    }
}
