use crate::domain::{Credits, Issued, IssuedKind, OrderId, Pieces, ProfileId, Reserved};
use invoice::{Line, LineTotal, Name, Number, Party, Reference, Text, Treatment, VatBreakdown};
use jiff::civil::Date;
use money::Money;
use serde::Serialize;

/// `InvoiceLine` of a list in openapi.yaml.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct InvoiceLineView {
    number: Number,
    kind: IssuedKind,
    credits: Option<Number>,
    order_id: OrderId,
    issued_on: Date,
    due_on: Option<Date>,
    total: Money,
}

impl InvoiceLineView {
    pub(crate) fn of(issued: &Issued) -> Self {
        let content = issued.invoice.content();
        Self {
            number: issued.number().clone(),
            kind: issued.kind(),
            credits: issued.credits().cloned(),
            order_id: issued.order,
            issued_on: content.issued,
            due_on: content.due,
            total: issued.invoice.totals().gross,
        }
    }
}

/// `Invoice` in openapi.yaml.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct InvoiceView<'a> {
    #[serde(flatten)]
    line: InvoiceLineView,
    profile_id: ProfileId,
    tax_point: Date,
    seller: &'a Party,
    buyer: &'a Party,
    lines: Vec<LineView<'a>>,
    notes: &'a [Text],
    net: Money,
    vat: Money,
    vat_breakdown: &'a [VatBreakdown],
    /// What is credited of it, and what is left.
    credit_notes: Vec<CreditView<'a>>,
    creditable: Vec<Pieces>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct LineView<'a> {
    line: &'a Reference,
    item: &'a Name,
    note: Option<&'a Text>,
    quantity: u32,
    unit_price: Money,
    discount: Option<Money>,
    net: Money,
    vat: &'a Treatment,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct CreditView<'a> {
    order_id: OrderId,
    lines: &'a [Pieces],
}

impl<'a> InvoiceView<'a> {
    pub(crate) fn of(issued: &'a Issued, credits: &'a Credits) -> Self {
        let (content, totals) = (issued.invoice.content(), issued.invoice.totals());
        let lines = content.lines.iter().zip(&totals.lines).map(line);
        let note = |note: &'a Reserved| CreditView { order_id: note.order, lines: &note.pieces };
        let creditable = match issued.kind() {
            IssuedKind::Invoice => credits.left(&issued.invoice).0,
            IssuedKind::CreditNote => Vec::new(),
        };
        Self {
            line: InvoiceLineView::of(issued),
            profile_id: issued.profile,
            tax_point: content.tax_point,
            seller: &content.seller,
            buyer: &content.buyer,
            lines: lines.collect(),
            notes: &content.notes,
            net: totals.net,
            vat: totals.vat,
            vat_breakdown: &totals.breakdown,
            credit_notes: credits.notes().iter().map(note).collect(),
            creditable,
        }
    }
}

fn line<'a>((line, total): (&'a Line, &LineTotal)) -> LineView<'a> {
    LineView {
        line: &line.id,
        item: &line.item,
        note: line.note.as_ref(),
        quantity: line.quantity,
        unit_price: line.unit_price,
        discount: line.discount,
        net: total.net,
        vat: &line.vat,
    }
}
