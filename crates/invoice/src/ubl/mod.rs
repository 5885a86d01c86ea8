//! Invoices as UBL 2.1 (ISO/IEC 19845), in the binding of EN 16931 (CEN/TS 16931-3-2).

mod elements;
mod lines;
mod parties;
mod sums;

use crate::{Draft, Invoice, Kind, Number, Payment};
use elements::Elements;

/// The specification that a document keeps to (BT-24).
pub const CUSTOMIZATION: &str = "urn:cen.eu:en16931:2017";
/// The most decimals that an amount has in EN 16931 (BR-DEC).
pub const MAX_DECIMALS: u32 = 2;

const NAMESPACE: &str = "urn:oasis:names:specification:ubl:schema:xsd";
/// A transfer inside the area of SEPA, and any other (UNTDID 4461).
const SEPA_TRANSFER: &str = "58";
const TRANSFER: &str = "30";

/// Why an invoice has no UBL.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unwritable {
    /// EN 16931 knows amounts of at most two decimals.
    #[error(
        "{number} is in {currency}, whose amounts have more decimals than the two that EN 16931 allows: send it without UBL"
    )]
    Decimals {
        /// Of the invoice.
        number: Number,
        /// Its currency.
        currency: money::Currency,
    },
    /// A text has a character that XML does not have.
    #[error("{number} has the character U+{:04X} in {element}, which XML does not allow: leave it out", u32::from(*character))]
    Character {
        /// Of the invoice.
        number: Number,
        /// The UBL element of the text.
        element: &'static str,
        /// The first of them.
        character: char,
    },
}

/// Writes an invoice as `Invoice` and a credit note as `CreditNote`, in UTF-8; the same bytes each time.
///
/// # Errors
/// [`Unwritable`].
pub fn write(invoice: &Invoice) -> Result<Vec<u8>, Unwritable> {
    let content = invoice.content();
    let currency = content.currency;
    if currency.exponent().is_some_and(|exponent| exponent > MAX_DECIMALS) {
        return Err(Unwritable::Decimals { number: invoice.number().clone(), currency });
    }
    let root = match content.kind {
        Kind::Invoice => "Invoice",
        Kind::CreditNote { .. } => "CreditNote",
    };
    let mut elements = Elements::default();
    elements.root(root, NAMESPACE, |e| {
        header(e, invoice);
        parties::write(e, content);
        payment(e, content, &content.payment, invoice.number());
        sums::write(e, invoice.totals());
        lines::write(e, invoice);
    });
    elements.finish().map_err(|(element, character)| Unwritable::Character {
        number: invoice.number().clone(),
        element,
        character,
    })
}

/// Both kinds have the same parts, a few of them in another order.
fn header(e: &mut Elements, invoice: &Invoice) {
    let content = invoice.content();
    e.text("cbc:CustomizationID", CUSTOMIZATION);
    e.text("cbc:ID", &invoice.number().to_string());
    e.text("cbc:IssueDate", &content.issued.to_string());
    match &content.kind {
        Kind::Invoice => {
            e.optional("cbc:DueDate", content.due);
            e.text("cbc:InvoiceTypeCode", "380");
            notes(e, content);
            e.text("cbc:TaxPointDate", &content.tax_point.to_string());
        }
        Kind::CreditNote { .. } => {
            e.text("cbc:TaxPointDate", &content.tax_point.to_string());
            e.text("cbc:CreditNoteTypeCode", "381");
            notes(e, content);
        }
    }
    e.text("cbc:DocumentCurrencyCode", content.currency.code());
    e.optional("cbc:BuyerReference", content.buyer_reference.as_ref());
    if let Some(order) = &content.order_reference {
        e.inside("cac:OrderReference", |e| e.text("cbc:ID", order.as_str()));
    }
    if let Kind::CreditNote { of, issued, .. } = &content.kind {
        e.inside("cac:BillingReference", |e| {
            e.inside("cac:InvoiceDocumentReference", |e| {
                e.text("cbc:ID", &of.to_string());
                e.text("cbc:IssueDate", &issued.to_string());
            });
        });
    }
}

fn notes(e: &mut Elements, content: &Draft) {
    for note in &content.notes {
        e.text("cbc:Note", note.as_str());
    }
}

fn payment(e: &mut Elements, content: &Draft, payment: &Payment, number: &Number) {
    if let Some(transfer) = &payment.transfer {
        let means = if content.currency.code() == "EUR" { SEPA_TRANSFER } else { TRANSFER };
        let number = number.to_string();
        e.inside("cac:PaymentMeans", |e| {
            e.text("cbc:PaymentMeansCode", means);
            e.text("cbc:PaymentID", payment.reference.as_ref().map_or(&number, |r| r.as_str()));
            e.inside("cac:PayeeFinancialAccount", |e| {
                e.text("cbc:ID", transfer.iban.as_str());
                e.optional("cbc:Name", transfer.account_name.as_ref());
                if let Some(bic) = &transfer.bic {
                    e.inside("cac:FinancialInstitutionBranch", |e| e.text("cbc:ID", bic.as_str()));
                }
            });
        });
    }
    if let Some(terms) = &payment.terms {
        e.inside("cac:PaymentTerms", |e| e.text("cbc:Note", terms.as_str()));
    }
}
