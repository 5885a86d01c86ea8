//! The lines of a document.

use super::{elements::Elements, sums::code_and_rate};
use crate::{Invoice, Kind, Line, LineTotal};

/// One of something (UN/ECE recommendation 20).
const ONE: &str = "C62";
/// A discount (UNTDID 5189).
const DISCOUNT: &str = "95";

pub(super) fn write(e: &mut Elements, invoice: &Invoice) {
    let (name, quantity) = match invoice.content().kind {
        Kind::Invoice => ("cac:InvoiceLine", "cbc:InvoicedQuantity"),
        Kind::CreditNote { .. } => ("cac:CreditNoteLine", "cbc:CreditedQuantity"),
    };
    for (line, total) in invoice.content().lines.iter().zip(&invoice.totals().lines) {
        e.inside(name, |e| inner(e, quantity, line, total));
    }
}

fn inner(e: &mut Elements, quantity: &'static str, line: &Line, total: &LineTotal) {
    e.text("cbc:ID", line.id.as_str());
    e.optional("cbc:Note", line.note.as_ref());
    e.with(quantity, ("unitCode", ONE), &line.quantity.to_string());
    e.amount("cbc:LineExtensionAmount", total.net);
    if let Some(discount) = line.discount.filter(|discount| !discount.amount().is_zero()) {
        e.inside("cac:AllowanceCharge", |e| {
            e.text("cbc:ChargeIndicator", "false");
            e.text("cbc:AllowanceChargeReasonCode", DISCOUNT);
            e.text("cbc:AllowanceChargeReason", "Discount");
            e.amount("cbc:Amount", discount);
        });
    }
    e.inside("cac:Item", |e| {
        e.text("cbc:Name", line.item.as_str());
        e.inside("cac:ClassifiedTaxCategory", |e| {
            code_and_rate(e, line.vat.category, line.vat.rate);
            e.inside("cac:TaxScheme", |e| e.text("cbc:ID", "VAT"));
        });
    });
    e.inside("cac:Price", |e| e.amount("cbc:PriceAmount", line.unit_price));
}
