//! What the lines come to: net, VAT by rate, and what is left to pay.

use invoice::{Category, Kind, VatBreakdown};

use super::{
    Layout,
    styles::{BODY, HAIRLINE, RULE, TOTAL},
};
use crate::{
    sheet::RIGHT,
    text::{Ink, Style},
    unprintable::{Place, Unprintable},
};

/// Where the sums begin, under the right half of the table.
const SUMS: f32 = 286.0;

const GAP: f32 = 3.0;

/// Between a label and its amount, at least.
const BETWEEN: f32 = 14.0;

impl Layout<'_, '_> {
    pub(super) fn sums(&mut self) -> Result<(), Unprintable> {
        let (totals, words) = (self.invoice.totals(), self.words);
        let rows = 3.0 * totals.breakdown.len() as f32 + 4.0;
        if !self.sheet.has_room(20.0 + rows * (TOTAL.leading() + 2.0 * GAP)) {
            self.sheet.next_page()?;
        }
        self.sheet.down(10.0);
        self.sum(words.net, &words.amount(totals.net), BODY)?;
        for group in &totals.breakdown {
            let label = self.vat_label(group);
            self.sum(&label, &words.amount(group.vat), BODY)?;
        }
        self.sheet.rule(SUMS, RIGHT - SUMS, HAIRLINE, Ink::Hairline);
        let is_credit = matches!(self.invoice.content().kind, Kind::CreditNote { .. });
        let total = if is_credit { words.credited } else { words.total };
        self.sheet.down(GAP);
        if totals.prepaid.amount().is_zero() {
            self.sum(total, &words.sum(totals.gross), TOTAL)?;
        } else {
            self.sum(total, &words.amount(totals.gross), BODY)?;
            self.sum(words.prepaid, &format!("-{}", words.amount(totals.prepaid)), BODY)?;
            self.sheet.rule(SUMS, RIGHT - SUMS, HAIRLINE, Ink::Hairline);
            self.sheet.down(GAP);
            self.sum(words.to_pay, &words.sum(totals.due), TOTAL)?;
        }
        self.sheet.rule(SUMS, RIGHT - SUMS, RULE, Ink::Accent);
        Ok(())
    }

    fn sum(&mut self, label: &str, amount: &str, style: Style) -> Result<(), Unprintable> {
        let place = Place::of("totals");
        let amount = self.type_.line(place, amount, style)?;
        let width = RIGHT - SUMS - amount.width - BETWEEN;
        self.sheet.right(RIGHT, style.baseline(), amount);
        self.paragraph((SUMS, width), place, label, style)?;
        self.sheet.down(GAP);
        Ok(())
    }

    /// Such as `VAT 19% on 1,000.00`, or `Reverse charge (AE) on 1,000.00`.
    fn vat_label(&self, group: &VatBreakdown) -> String {
        let words = self.words;
        let taxable = words.amount(group.taxable);
        let name = words.category(group.category);
        match group.category {
            Category::Standard | Category::Zero => {
                format!("{name} {} {} {taxable}", words.rate(group.rate), words.on)
            }
            without => format!("{name} ({}) {} {taxable}", without.code(), words.on),
        }
    }
}
