use super::*;
use crate::domain::invoicing_samples::{buyer, order, seller};
use crate::domain::{Pieces, Step};
use en16931_formats::{Policy, Recommendation, receive};
use jiff::civil::date;
use pretty_assertions::assert_eq;
use serde_json::{Value, json};

const DAYS: Days = Days { tax_point: date(2026, 12, 30), issued: date(2026, 12, 31) };

fn numbered(draft: Draft, counter: u32) -> Invoice {
    let series = seller().series(draft.tax_point).unwrap();
    draft.numbered(Number::new(series, counter).unwrap()).unwrap()
}

fn drafted(buyer: &Value) -> Result<Draft, NotInvoiceable> {
    draft(&order(buyer, "2026-12-29T10:00:00Z"), &seller(), &vat::Table::shipped(), DAYS)
}

fn invoice_to(country: &str, vat_id: Value) -> Invoice {
    numbered(drafted(&buyer(country, vat_id)).unwrap(), 1)
}

/// By a library that knows nothing of ours.
fn holds_all_rules(invoice: &Invoice) {
    let written = ubl::write(invoice).unwrap();
    let found = receive(&written, &Policy::default());
    let findings = found.report_declared.entries().next();
    assert!(found.recommendation == Recommendation::Accept && findings.is_none(), "{found}");
}

#[test]
fn an_order_becomes_this_invoice() {
    let invoice = invoice_to("DE", Value::Null);
    let json = serde_json::to_value(&invoice).unwrap();
    let golden: Value = serde_json::from_str(include_str!("invoicing_golden.json")).unwrap();
    assert_eq!(json, golden, "{json:#}");
    holds_all_rules(&invoice);
}

#[test]
fn vat_is_that_of_the_buyers_country_unless_the_buyer_owes_it_or_is_outside_of_the_union() {
    let treated = |country: &str, vat_id: Value| {
        let invoice = invoice_to(country, vat_id);
        holds_all_rules(&invoice);
        let group = invoice.totals().breakdown[0].clone();
        format!("{} {} {}", group.category.code(), group.rate, group.vat)
    };
    assert_eq!(treated("DK", Value::Null), "S 25 171.55 EUR");
    assert_eq!(treated("DK", json!("DK87654321")), "S 25 171.55 EUR");
    assert_eq!(treated("DE", Value::Null), "S 19 130.38 EUR");
    assert_eq!(treated("DE", json!("DE123456789")), "AE 0 0.00 EUR");
    assert_eq!(treated("CH", Value::Null), "O 0 0.00 EUR");
    assert_eq!(treated("CH", json!("CHE123456789")), "O 0 0.00 EUR");
    assert_eq!(treated("AU", json!("AU51824753556")), "O 0 0.00 EUR", "of no form known here");
}

#[test]
fn what_is_charged_to_an_account_says_so_and_asks_for_no_transfer() {
    let plain = order(&buyer("DE", Value::Null), "2026-12-29T10:00:00Z");
    let total = reckoned(&plain, &seller(), &vat::Table::shipped()).unwrap();
    let account = "01980c6e-6666-7000-8000-00000000ab12".parse().unwrap();
    let charged = plain.charged_to(account, total);
    let draft = draft(&charged, &seller(), &vat::Table::shipped(), DAYS).unwrap();
    let invoice = numbered(draft, 1);
    holds_all_rules(&invoice);
    assert_eq!(invoice.totals().gross, total);
    let content = invoice.content();
    let terms = content.payment.terms.as_ref().map(|terms| terms.as_str());
    assert_eq!(terms, Some("Charged to your account ending ab12."));
    assert!(content.due.is_none() && content.payment.transfer.is_none());
    let on_account = charged.on_account.unwrap();
    let all = CreditOf {
        invoice: invoice.number().clone(),
        pieces: vec![Pieces { line: 1, quantity: 3 }, Pieces { line: 2, quantity: 1 }],
        reason: "Not needed".to_owned().try_into().unwrap(),
    };
    let back = credit(&invoice, &[], &all, DAYS).unwrap();
    let back = numbered(given_back(back, &on_account).unwrap(), 2);
    holds_all_rules(&back);
    assert_eq!(back.totals().gross, total);
}

#[test]
fn what_cannot_be_invoiced_is_told_by_its_field() {
    let refused = |buyer: Value| drafted(&buyer).unwrap_err();
    let other = refused(buyer("AT", json!("DE123456789")));
    assert_eq!((other.pointer(), other.to_string().contains("DE")), ("/buyer/vatId", true));
    assert_eq!(refused(buyer("DE", json!("DE12345"))).pointer(), "/buyer/vatId");
    let mut erased = order(&buyer("DK", Value::Null), "2026-12-29T10:00:00Z");
    erased.buyer = None;
    let refused = draft(&erased, &seller(), &vat::Table::shipped(), DAYS).unwrap_err();
    assert!(matches!(refused, NotInvoiceable::Erased));
    let mut huge = order(&buyer("DK", Value::Null), "2026-12-29T10:00:00Z");
    huge.lines[0].unit_price = "999999999.00 EUR".parse().unwrap();
    let refused = reckoned(&huge, &seller(), &vat::Table::shipped()).unwrap_err();
    assert_eq!(refused.pointer(), "/lines", "{refused}");
}

#[test]
fn what_is_delivered_before_midnight_is_of_the_old_year() {
    let year_of = |at: &str| {
        let mut order = order(&buyer("DK", Value::Null), "2026-12-29T10:00:00Z");
        let due = order.due().unwrap();
        let path = crate::domain::PayloadPath::of(order.id, due.step, due.attempt);
        order = order.done(due, path, at.parse().unwrap()).unwrap();
        let tax_point = seller().day(order.tax_point());
        (tax_point.to_string(), seller().series(tax_point).unwrap().to_string())
    };
    let of = |day: &str, series: &str| (day.to_owned(), series.to_owned());
    assert_eq!(year_of("2026-12-31T22:59:59.999Z"), of("2026-12-31", "IODK-2026"));
    assert_eq!(year_of("2026-12-31T23:00:00Z"), of("2027-01-01", "IODK-2027"));
}

#[test]
fn what_is_delivered_once_more_keeps_its_tax_point() {
    let mut order = order(&buyer("DK", Value::Null), "2026-12-29T10:00:00Z");
    for at in ["2026-12-31T10:00:00Z", "2027-01-02T10:00:00Z"] {
        let due = order.due().unwrap();
        assert_eq!(due.step, Step::Provision);
        let path = crate::domain::PayloadPath::of(order.id, due.step, due.attempt);
        order = order.done(due, path, at.parse().unwrap()).unwrap();
        assert_eq!(seller().day(order.tax_point()), date(2026, 12, 31));
        order.progress = order.progress.restart(Step::Provision, at.parse().unwrap()).unwrap();
    }
}

#[test]
fn credit_notes_come_to_the_invoice_to_the_cent_whichever_is_numbered_first() {
    let invoice = invoice_to("DE", Value::Null);
    let id = |n| super::super::OrderId::from(uuid::Uuid::from_u128(n));
    let pieces = |line, quantity| Pieces { line, quantity };
    let shares = [vec![pieces(1, 1)], vec![pieces(1, 1), pieces(2, 1)], vec![pieces(1, 1)]];
    let mut before: Vec<Reserved> = Vec::new();
    let mut notes = Vec::new();
    for (share, n) in shares.into_iter().zip(1_u128..) {
        let reason = values::Line::parse("Not needed").unwrap();
        let this = CreditOf { invoice: invoice.number().clone(), pieces: share.clone(), reason };
        let days = Days { tax_point: date(2027, 1, 1), issued: date(2027, 1, 2) };
        let draft = credit(&invoice, &before, &this, days).unwrap();
        written(&draft).unwrap();
        let note = numbered(draft, u32::try_from(10 - n).unwrap());
        assert_eq!(note.number().series().year(), 2027, "the tax point of a note is its own");
        holds_all_rules(&note);
        notes.push(note);
        before.push(Reserved { order: id(n), pieces: share });
    }
    let sum = |of: fn(&Invoice) -> money::Money| {
        let zero = money::Money::zero(invoice.content().currency);
        notes.iter().try_fold(zero, |sum, note| sum.plus(of(note))).unwrap()
    };
    assert_eq!(sum(|note| note.totals().net), invoice.totals().net);
    assert_eq!(sum(|note| note.totals().vat), invoice.totals().vat);
}
