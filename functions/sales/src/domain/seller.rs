//! Who sells.

use invoice::{Iban, Name, NoSeries, Party, Payment, Reference, Series, Transfer};
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde::Deserialize;
use std::str::FromStr;

/// The longest time that a buyer is given to pay.
const MAX_PAYMENT_DAYS: u16 = 120;

/// Us as we stand on invoices, where our days begin and end, and how our numbers begin.
#[derive(Debug, Clone)]
pub(crate) struct Seller {
    pub(crate) party: Party,
    code: String,
    zone: TimeZone,
    account: Transfer,
    payment_days: u16,
}

/// As it stands in the setting.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Written {
    #[serde(flatten)]
    party: Party,
    /// 2 to 8 capital letters before the year of a number.
    code: String,
    /// A POSIX rule, so that it is the same on every machine.
    time_zone: String,
    iban: Iban,
    #[serde(default)]
    bic: Option<Reference>,
    payment_days: u16,
}

/// What the setting says is no seller.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NoSeller {
    #[error(
        "must be JSON with name, address, vatId, registration, email, code, timeZone, iban and paymentDays: {0}"
    )]
    Malformed(#[from] serde_json::Error),
    #[error("code: {0}")]
    Code(#[from] NoSeries),
    #[error("timeZone must be a POSIX rule such as CET-1CEST,M3.5.0,M10.5.0/3: {0}")]
    Zone(#[from] jiff::Error),
    #[error("vatId and registration must be there: without them some invoices are none")]
    Unregistered,
    #[error("paymentDays must be at most {MAX_PAYMENT_DAYS}")]
    PaymentDays,
}

impl FromStr for Seller {
    type Err = NoSeller;

    fn from_str(text: &str) -> Result<Self, NoSeller> {
        let Written { party, code, time_zone, iban, bic, payment_days } =
            serde_json::from_str(text)?;
        Series::on(&code, Date::constant(2026, 1, 1))?;
        if party.vat_id.is_none() || party.registration.is_none() {
            return Err(NoSeller::Unregistered);
        }
        if payment_days > MAX_PAYMENT_DAYS {
            return Err(NoSeller::PaymentDays);
        }
        let account_name: Option<Name> = Some(party.name.clone());
        let account = Transfer { iban, account_name, bic };
        Ok(Self { party, code, zone: TimeZone::posix(&time_zone)?, account, payment_days })
    }
}

impl Seller {
    /// The day on which something happens, where the seller is.
    pub(crate) fn day(&self, at: Timestamp) -> Date {
        self.zone.to_datetime(at).date()
    }

    /// Of the numbers of what has this tax point.
    ///
    /// # Errors
    /// The day is of another age.
    pub(crate) fn series(&self, tax_point: Date) -> Result<Series, NoSeries> {
        Series::on(&self.code, tax_point)
    }

    /// The last day on which an invoice of this day is paid in time.
    pub(crate) fn due(&self, issued: Date) -> Date {
        issued.saturating_add(jiff::Span::new().days(self.payment_days))
    }

    pub(crate) fn payment(&self) -> Payment {
        Payment { transfer: Some(self.account.clone()), ..Payment::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::invoicing_samples::SELLER;

    #[test]
    fn midnight_is_where_the_seller_is() {
        let seller: Seller = SELLER.parse().unwrap();
        let day = |at: &str| seller.day(at.parse().unwrap()).to_string();
        assert_eq!(day("2026-12-31T22:59:59.999Z"), "2026-12-31");
        assert_eq!(day("2026-12-31T23:00:00Z"), "2027-01-01");
        assert_eq!(day("2026-06-30T22:00:00Z"), "2026-07-01", "in summer an hour earlier");
    }

    #[test]
    fn a_seller_who_cannot_write_every_invoice_is_refused() {
        let without = |field: &str| {
            let mut seller: serde_json::Value = serde_json::from_str(SELLER).unwrap();
            seller.as_object_mut().unwrap().remove(field);
            seller.to_string().parse::<Seller>().unwrap_err().to_string()
        };
        assert!(without("registration").contains("vatId and registration"));
        assert!(without("iban").contains("iban"));
        let lower = SELLER.replace("IODK", "iodk").parse::<Seller>().unwrap_err();
        assert!(matches!(lower, NoSeller::Code(_)), "{lower}");
        let nowhere = SELLER.replace("CET-1CEST,M3.5.0,M10.5.0/3", "Copenhagen time");
        assert!(matches!(nowhere.parse::<Seller>().unwrap_err(), NoSeller::Zone(_)));
    }
}
