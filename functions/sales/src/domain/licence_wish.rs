//! What a customer wants of a licence.

use super::Licence;
use super::request::MAX_QUANTITY;
use jiff::{Timestamp, ToSpan, tz::TimeZone};
use serde_json::Value;
use values::{Fields, Line, Violations};

/// How far in the future a licence may end, in months from now.
const MAX_MONTHS: i64 = 120;

/// How a licence is to be: what `PATCH` says, merged into how it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LicenceWish {
    pub(crate) quantity: u32,
    pub(crate) valid_to: Timestamp,
    pub(crate) assigned_to: Option<Line<100>>,
}

impl LicenceWish {
    /// Reads it; a licence is never made shorter.
    pub(crate) fn parse(body: &Value, now: &Licence, at: Timestamp) -> Result<Self, Violations> {
        let mut fields = Fields::of(body)?;
        let quantity = fields.optional_integer("quantity", |n| {
            let fits = u32::try_from(n).ok().filter(|n| (1..=MAX_QUANTITY).contains(n));
            fits.ok_or("must be 1 to 10000 pieces")
        });
        let valid_to = fields.text("validTo", |text| extended(text, now, at));
        let assigned_to = fields.optional_text("assignedTo", Line::parse);
        fields.finish()?;
        let (quantity, valid_to, assigned_to) = (quantity?, valid_to?, assigned_to?);
        let nothing = || Violations::one("/quantity", "must be 1 to 10000 pieces");
        Ok(Self { quantity: quantity.ok_or_else(nothing)?, valid_to, assigned_to })
    }

    /// Whether the vendor has to hear of it.
    pub(crate) fn is_for_vendor(&self, licence: &Licence) -> bool {
        self.quantity != licence.quantity || self.valid_to != licence.valid_to
    }
}

fn extended(text: &str, licence: &Licence, at: Timestamp) -> Result<Timestamp, &'static str> {
    let wanted: Timestamp =
        text.parse().map_err(|_| "must be a time such as 2027-12-31T23:00:00Z")?;
    let wanted = Timestamp::from_millisecond(wanted.as_millisecond())
        .map_err(|_| "must be a time such as 2027-12-31T23:00:00Z")?;
    if wanted < licence.valid_to {
        return Err("may only be extended: a licence that is not wanted any more is cancelled");
    }
    let most = at.to_zoned(TimeZone::UTC).checked_add(MAX_MONTHS.months());
    if wanted != licence.valid_to && most.is_ok_and(|most| wanted > most.timestamp()) {
        return Err("must be at most 120 months from now");
    }
    Ok(wanted)
}
