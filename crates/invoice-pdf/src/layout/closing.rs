//! What follows the sums: why there is no VAT, notes, and how it is paid.

use super::{
    Layout,
    styles::{BODY, LABEL, MEASURE, STRONG},
};
use crate::{
    sheet::LEFT,
    text::Style,
    unprintable::{Place, Unprintable},
};

/// Digits of an account number that stand together.
const GROUP: usize = 4;

/// Where the values of the payment begin.
const VALUES: f32 = LEFT + 96.0;

impl Layout<'_, '_> {
    pub(super) fn notes(&mut self) -> Result<(), Unprintable> {
        let invoice = self.invoice;
        let mut notes = Vec::new();
        for group in &invoice.totals().breakdown {
            if let Some(reason) = &group.reason {
                let text = format!("{}: {}", group.category.code(), reason.text.as_str());
                notes.push(("lines.vat.reason", text));
            }
        }
        for note in &invoice.content().notes {
            notes.push(("notes", note.as_str().to_owned()));
        }
        if notes.is_empty() {
            return Ok(());
        }
        self.section(self.words.notes)?;
        for (place, text) in notes {
            self.flowing(Place::of(place), &text, BODY)?;
            self.sheet.down(3.0);
        }
        Ok(())
    }

    pub(super) fn payment(&mut self) -> Result<(), Unprintable> {
        let invoice = self.invoice;
        let payment = &invoice.content().payment;
        if payment.terms.is_none() && payment.transfer.is_none() {
            return Ok(());
        }
        self.section(self.words.payment)?;
        if let Some(terms) = &payment.terms {
            self.flowing(Place::of("payment.terms"), terms.as_str(), BODY)?;
            self.sheet.down(3.0);
        }
        let Some(transfer) = &payment.transfer else { return Ok(()) };
        if !self.sheet.has_room(5.0 * BODY.leading()) {
            self.sheet.next_page()?;
        }
        let name = transfer.account_name.as_ref().unwrap_or(&invoice.content().seller.name);
        let words = self.words;
        self.detail(words.account, "payment.transfer.accountName", name.as_str(), BODY)?;
        let iban = grouped(transfer.iban.as_str());
        self.detail("IBAN", "payment.transfer.iban", &iban, STRONG)?;
        if let Some(bic) = &transfer.bic {
            self.detail("BIC", "payment.transfer.bic", bic.as_str(), BODY)?;
        }
        let number = invoice.number().to_string();
        let reference = payment.reference.as_ref().map_or(number.as_str(), |text| text.as_str());
        self.detail(words.purpose, "payment.reference", reference, STRONG)
    }

    /// The label above something, which does not stay alone at the end of a page.
    fn section(&mut self, label: &str) -> Result<(), Unprintable> {
        self.sheet.down(20.0);
        if !self.sheet.has_room(LABEL.leading() + 3.0 * BODY.leading()) {
            self.sheet.next_page()?;
        }
        self.label(LEFT, label, LABEL)?;
        self.sheet.down(LABEL.leading() + 3.0);
        Ok(())
    }

    fn detail(
        &mut self,
        label: &str,
        place: &'static str,
        text: &str,
        style: Style,
    ) -> Result<(), Unprintable> {
        self.name(LEFT, label)?;
        let width = MEASURE - (VALUES - LEFT);
        self.paragraph((VALUES, width), Place::of(place), text, style)
    }
}

/// An account number as people read it.
fn grouped(iban: &str) -> String {
    let mut text = String::new();
    for (at, character) in iban.chars().enumerate() {
        if at > 0 && at.is_multiple_of(GROUP) {
            text.push(' ');
        }
        text.push(character);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_number_is_read_in_fours() {
        assert_eq!(grouped("DE89370400440532013000"), "DE89 3704 0044 0532 0130 00");
    }
}
