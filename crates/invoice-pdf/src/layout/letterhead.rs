//! The head of the first page: who sells, who buys, and the facts.

use invoice::{Address, Kind, Party};

use super::{
    Layout,
    styles::{BODY, HAIRLINE, LABEL, MEASURE, QUIET, SELLER, STRONG, TITLE},
};
use crate::{
    sheet::{LEFT, RIGHT},
    text::Ink,
    unprintable::{Place, Unprintable},
};

/// The buyer's address is where the window of an envelope is (DIN 5008).
const ADDRESS_WIDTH: f32 = 240.0;
const ADDRESS_TOP: f32 = 130.0;

/// The facts beside it.
const FACTS: f32 = 340.0;
const VALUES: f32 = 424.0;

/// The fields of a party, by what an error calls them.
struct Fields {
    name: &'static str,
    street: &'static str,
    additional: &'static str,
    city: &'static str,
    subdivision: &'static str,
}

const SELLER_FIELDS: Fields = Fields {
    name: "seller.name",
    street: "seller.address.street",
    additional: "seller.address.additional",
    city: "seller.address.city",
    subdivision: "seller.address.subdivision",
};

const BUYER_FIELDS: Fields = Fields {
    name: "buyer.name",
    street: "buyer.address.street",
    additional: "buyer.address.additional",
    city: "buyer.address.city",
    subdivision: "buyer.address.subdivision",
};

impl Layout<'_, '_> {
    /// The seller, over the whole width.
    pub(super) fn letterhead(&mut self) -> Result<(), Unprintable> {
        let seller = &self.invoice.content().seller;
        let all = (LEFT, MEASURE);
        self.paragraph(all, Place::of(SELLER_FIELDS.name), seller.name.as_str(), SELLER)?;
        let parts = address(&seller.address, &SELLER_FIELDS);
        let country = self.country(seller);
        let parts = parts.into_iter().map(|(_, text)| text).chain(country);
        let line = parts.collect::<Vec<_>>().join("  ·  ");
        self.paragraph(all, Place::of("seller.address"), &line, QUIET)?;
        self.sheet.down(6.0);
        self.sheet.rule(LEFT, MEASURE, HAIRLINE, Ink::Hairline);
        Ok(())
    }

    /// The buyer at the left, the facts at the right.
    pub(super) fn parties(&mut self) -> Result<(), Unprintable> {
        let top = (self.sheet.y + 18.0).max(ADDRESS_TOP);
        self.sheet.y = top;
        self.buyer(&self.invoice.content().buyer)?;
        let below = self.sheet.y;
        self.sheet.y = top;
        self.facts()?;
        self.sheet.y = self.sheet.y.max(below) + 30.0;
        Ok(())
    }

    fn buyer(&mut self, buyer: &Party) -> Result<(), Unprintable> {
        let column = (LEFT, ADDRESS_WIDTH);
        self.label(LEFT, self.words.bill_to, LABEL)?;
        self.sheet.down(LABEL.leading() + 3.0);
        self.paragraph(column, Place::of(BUYER_FIELDS.name), buyer.name.as_str(), STRONG)?;
        for (place, text) in address(&buyer.address, &BUYER_FIELDS) {
            self.paragraph(column, Place::of(place), &text, BODY)?;
        }
        if let Some(country) = self.country(buyer) {
            self.paragraph(column, Place::of("buyer.address.country"), &country, BODY)?;
        }
        Ok(())
    }

    fn facts(&mut self) -> Result<(), Unprintable> {
        let (content, words) = (self.invoice.content(), self.words);
        self.fact(words.number, "number", &self.invoice.number().to_string())?;
        self.fact(words.issued, "issued", &words.date(content.issued))?;
        self.fact(words.tax_point, "taxPoint", &words.date(content.tax_point))?;
        if let Some(due) = content.due {
            self.fact(words.due, "due", &words.date(due))?;
        }
        if let Some(order) = &content.order_reference {
            self.fact(words.order, "orderReference", order.as_str())?;
        }
        if let Some(reference) = &content.buyer_reference {
            self.fact(words.reference, "buyerReference", reference.as_str())?;
        }
        if let Some(id) = &content.buyer.vat_id {
            self.fact(words.your_vat_id, "buyer.vatId", id.as_str())?;
        }
        Ok(())
    }

    fn fact(&mut self, label: &str, place: &'static str, text: &str) -> Result<(), Unprintable> {
        self.name(FACTS, label)?;
        self.paragraph((VALUES, RIGHT - VALUES), Place::of(place), text, BODY)?;
        self.sheet.down(1.5);
        Ok(())
    }

    /// What this is; of a credit note also, to which invoice.
    pub(super) fn title(&mut self) -> Result<(), Unprintable> {
        let heading = self.heading();
        self.paragraph((LEFT, MEASURE), Place::of("number"), &heading, TITLE)?;
        if let Kind::CreditNote { of, issued, .. } = &self.invoice.content().kind {
            let words = self.words;
            let text =
                format!("{} {of} {} {}", words.to_invoice, words.of_day, words.date(*issued));
            self.paragraph((LEFT, MEASURE), Place::of("kind.of"), &text, BODY)?;
        }
        self.sheet.down(10.0);
        Ok(())
    }
}

/// The lines of an address and the fields that they come from, without the country.
fn address(address: &Address, fields: &Fields) -> Vec<(&'static str, String)> {
    let text = |name: &invoice::Name| name.as_str().to_owned();
    let city = [
        address.postal_code.as_ref().map(|code| code.as_str()),
        address.city.as_ref().map(|city| city.as_str()),
    ];
    let city: Vec<_> = city.into_iter().flatten().collect();
    let lines = [
        (fields.street, address.street.as_ref().map(text)),
        (fields.additional, address.additional.as_ref().map(text)),
        (fields.city, (!city.is_empty()).then(|| city.join(" "))),
        (fields.subdivision, address.subdivision.as_ref().map(text)),
    ];
    lines.into_iter().filter_map(|(field, text)| Some((field, text?))).collect()
}
