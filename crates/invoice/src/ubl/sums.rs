//! The sums of a document.

use super::elements::Elements;
use crate::{Category, Rate, Totals, VatBreakdown};

pub(super) fn write(e: &mut Elements, totals: &Totals) {
    e.inside("cac:TaxTotal", |e| {
        e.amount("cbc:TaxAmount", totals.vat);
        for group in &totals.breakdown {
            e.inside("cac:TaxSubtotal", |e| {
                e.amount("cbc:TaxableAmount", group.taxable);
                e.amount("cbc:TaxAmount", group.vat);
                e.inside("cac:TaxCategory", |e| category(e, group));
            });
        }
    });
    e.inside("cac:LegalMonetaryTotal", |e| {
        e.amount("cbc:LineExtensionAmount", totals.net);
        e.amount("cbc:TaxExclusiveAmount", totals.net);
        e.amount("cbc:TaxInclusiveAmount", totals.gross);
        if !totals.prepaid.amount().is_zero() {
            e.amount("cbc:PrepaidAmount", totals.prepaid);
        }
        e.amount("cbc:PayableAmount", totals.due);
    });
}

fn category(e: &mut Elements, group: &VatBreakdown) {
    code_and_rate(e, group.category, group.rate);
    if let Some(reason) = &group.reason {
        e.optional("cbc:TaxExemptionReasonCode", reason.code.as_ref());
        e.text("cbc:TaxExemptionReason", reason.text.as_str());
    }
    e.inside("cac:TaxScheme", |e| e.text("cbc:ID", "VAT"));
}

/// What is outside of the scope of VAT has no rate, not even zero (BR-O-05).
pub(super) fn code_and_rate(e: &mut Elements, category: Category, rate: Rate) {
    e.text("cbc:ID", category.code());
    if category != Category::OutsideScope {
        e.text("cbc:Percent", &rate.to_string());
    }
}
