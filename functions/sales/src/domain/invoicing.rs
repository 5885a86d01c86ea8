//! What stands on an invoice and on a credit note.

use super::credits::Reserved;
use super::{Buyer, CreditOf, OnAccount, Order, OrderLine, Seller};
use invoice::{
    Address, CreditError, CreditedLine, Crediting, Draft, Invoice, InvoiceError, Kind, Line,
    NoSeries, Number, Party, Payment, Series, Treatment, VatId, ubl, vat,
};
use jiff::civil::Date;
use money::{Money, MoneyError};
use rust_decimal::Decimal;

/// Credit notes that were not numbered yet are reckoned under numbers of this seller.
const RECKONED: &str = "RECKONED";

/// The two days of an invoice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Days {
    pub(crate) tax_point: Date,
    pub(crate) issued: Date,
}

/// Why an order cannot be invoiced as it is. Nothing of it is about a person.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotInvoiceable {
    #[error("the person who bought is erased")]
    Erased,
    #[error("{field}: {why}")]
    Text { field: &'static str, why: String },
    #[error(transparent)]
    NoTreatment(#[from] vat::NoTreatment),
    #[error(transparent)]
    Sums(#[from] MoneyError),
    #[error(transparent)]
    Invoice(#[from] InvoiceError),
    #[error(transparent)]
    Credit(#[from] CreditError),
    #[error(transparent)]
    Series(#[from] NoSeries),
    #[error(transparent)]
    Unwritable(#[from] ubl::Unwritable),
}

impl NotInvoiceable {
    /// Which field of an order is to blame.
    pub(crate) fn pointer(&self) -> &'static str {
        match self {
            Self::Text { field, .. } => field,
            Self::NoTreatment(vat::NoTreatment::VatIdOfAnotherCountry { .. }) => "/buyer/vatId",
            Self::NoTreatment(vat::NoTreatment::NoRate { .. }) => "/buyer/address/country",
            Self::Erased | Self::Unwritable(_) => "/buyer",
            _ => "/lines",
        }
    }
}

/// The invoice of an order, without its number.
pub(crate) fn draft(
    order: &Order,
    seller: &Seller,
    rates: &vat::Table,
    days: Days,
) -> Result<Draft, NotInvoiceable> {
    let buyer = party(order.buyer.as_ref().ok_or(NotInvoiceable::Erased)?)?;
    let (from, to) = (seller.party.address.country, buyer.address.country);
    let vat = rates.treatment(from, to, buyer.vat_id.as_ref(), days.tax_point)?;
    let lines = order.lines.iter().map(|line| self::line(line, &vat));
    let (due, payment) = match &order.on_account {
        Some(on_account) => (None, terms(format!("Charged to {}.", named(on_account)))?),
        None => (Some(seller.due(days.issued)), seller.payment()),
    };
    Ok(Draft {
        kind: Kind::Invoice,
        seller: seller.party.clone(),
        buyer,
        issued: days.issued,
        tax_point: days.tax_point,
        due,
        currency: order.currency,
        lines: lines.collect::<Result<_, _>>()?,
        notes: Vec::new(),
        payment,
        prepaid: None,
        order_reference: Some(text("/id", order.id.to_string())?),
        buyer_reference: None,
    })
}

/// A credit note, without its number. `before` are those that came before it, in their order, whether they are issued yet
/// or not: what they give back follows from their pieces alone.
pub(crate) fn credit(
    of: &Invoice,
    before: &[Reserved],
    this: &CreditOf,
    days: Days,
) -> Result<Draft, NotInvoiceable> {
    let on = of.content().issued;
    let series = Series::on(RECKONED, on)?;
    let mut earlier = Vec::with_capacity(before.len());
    for reserved in before {
        let draft = of.credit(&crediting(&reserved.pieces)?, &earlier, on)?;
        let counter = u32::try_from(earlier.len() + 1).unwrap_or(u32::MAX);
        let number = Number::new(series.clone(), counter).map_err(|_| NoSeries)?;
        earlier.push(draft.numbered(number)?);
    }
    let mut draft = of.credit(&crediting(&this.pieces)?, &earlier, days.issued)?;
    draft.tax_point = days.tax_point;
    draft.notes = vec![text("/reason", this.reason.as_str().to_owned())?];
    Ok(draft)
}

/// A credit note to what was charged to an account.
pub(crate) fn given_back(draft: Draft, to: &OnAccount) -> Result<Draft, NotInvoiceable> {
    let payment = terms(format!("Given back to {}.", named(to)))?;
    Ok(Draft { payment, ..draft })
}

/// What an order comes to with VAT, were it delivered when it is placed. Who asks before it is taken has no order that is
/// delivered and cannot be invoiced.
pub(crate) fn reckoned(
    order: &Order,
    seller: &Seller,
    rates: &vat::Table,
) -> Result<Money, NotInvoiceable> {
    let today = seller.day(order.placed_at);
    written(&draft(order, seller, rates, Days { tax_point: today, issued: today })?)
}

/// What a draft comes to, if it can be issued and written under whichever number it gets.
pub(crate) fn written(draft: &Draft) -> Result<Money, NotInvoiceable> {
    let number = Number::new(Series::on(RECKONED, draft.tax_point)?, 1).map_err(|_| NoSeries)?;
    let invoice = draft.clone().numbered(number)?;
    ubl::write(&invoice)?;
    Ok(invoice.totals().gross)
}

/// An account as the buyer knows it again.
fn named(on_account: &OnAccount) -> String {
    format!("your account ending {}", on_account.ending())
}

fn terms(words: String) -> Result<Payment, NotInvoiceable> {
    Ok(Payment { terms: Some(text("/payment", words)?), ..Payment::default() })
}

fn crediting(pieces: &[super::Pieces]) -> Result<Crediting, NotInvoiceable> {
    let line = |pieces: &super::Pieces| {
        let id = text("/lines", pieces.line.to_string())?;
        Ok(CreditedLine { id, quantity: pieces.quantity })
    };
    Ok(Crediting::Lines(pieces.iter().map(line).collect::<Result<_, NotInvoiceable>>()?))
}

/// So many pieces, each for all its months: a line's quantity is what can be credited one by one.
fn line(line: &OrderLine, vat: &Treatment) -> Result<Line, NotInvoiceable> {
    let months = if line.months == 1 { "month" } else { "months" };
    let note = format!("{} {months} at {} a piece and month", line.months, line.unit_price);
    Ok(Line {
        id: text("/lines", line.line.to_string())?,
        item: text("/lines", line.name.clone())?,
        quantity: line.quantity,
        unit_price: line.unit_price.times(Decimal::from(line.months))?,
        discount: None,
        vat: vat.clone(),
        note: Some(text("/lines", note)?),
    })
}

fn party(buyer: &Buyer) -> Result<Party, NotInvoiceable> {
    let address = &buyer.address;
    let code = address.country.as_str();
    let country: invoice::Country =
        code.parse().map_err(|why| wrong("/buyer/address/country", why))?;
    let postal_code = address.postal_code.as_ref().map(|code| code.as_str().to_owned());
    Ok(Party {
        name: text("/buyer/name", buyer.name.as_str().to_owned())?,
        address: Address {
            street: Some(text("/buyer/address/street", address.street.as_str().to_owned())?),
            additional: None,
            city: Some(text("/buyer/address/city", address.city.as_str().to_owned())?),
            postal_code: postal_code
                .map(|code| text("/buyer/address/postalCode", code))
                .transpose()?,
            subdivision: None,
            country,
        },
        vat_id: vat_id(buyer, country)?,
        registration: None,
        email: Some(text("/buyer/emailAddress", buyer.email_address.as_str().to_owned())?),
    })
}

/// An id of a country whose form nobody here knows says nothing about VAT, unless it is to free a buyer of it.
fn vat_id(buyer: &Buyer, country: invoice::Country) -> Result<Option<VatId>, NotInvoiceable> {
    let Some(id) = &buyer.vat_id else { return Ok(None) };
    match id.as_str().parse::<VatId>() {
        Ok(id) => Ok(Some(id)),
        Err(why) if country.is_in_the_european_union() => Err(wrong("/buyer/vatId", why)),
        Err(_) => Ok(None),
    }
}

fn text<const MAX: usize>(
    field: &'static str,
    text: String,
) -> Result<values::Line<MAX>, NotInvoiceable> {
    text.try_into().map_err(|why: String| wrong(field, why))
}

fn wrong(field: &'static str, why: impl std::fmt::Display) -> NotInvoiceable {
    NotInvoiceable::Text { field, why: why.to_string() }
}

#[cfg(test)]
#[path = "invoicing_tests.rs"]
mod tests;
