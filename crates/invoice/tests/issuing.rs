//! From a draft to an invoice and back to nothing, and what is told of a draft that is wrong.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use invoice::{
    CreditError, CreditedLine, Crediting, Draft, Invoice, InvoiceError, Kind, Number, Series,
};
use jiff::civil::{Date, date};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};

const SAMPLE: &str = include_str!("../samples/invoice.json");
const CREDITED_ON: Date = date(2027, 1, 8);

fn sample() -> Value {
    serde_json::from_str(SAMPLE).unwrap()
}

fn draft(json: Value) -> Draft {
    serde_json::from_value(json).unwrap()
}

/// The sample with one field set.
fn with(pointer: &str, value: Value) -> Draft {
    let mut json = sample();
    let (parent, field) = pointer.rsplit_once('/').unwrap();
    let parent = json.pointer_mut(parent).unwrap();
    match parent {
        Value::Object(fields) => drop(fields.insert(field.to_owned(), value)),
        _ => parent[field.parse::<usize>().unwrap()] = value,
    }
    draft(json)
}

fn number(year: i16, counter: u32) -> Number {
    Number::new(Series::on("IOEU", date(year, 1, 1)).unwrap(), counter).unwrap()
}

fn invoice() -> Invoice {
    draft(sample()).numbered(number(2026, 1)).unwrap()
}

/// All that is wrong, as `pointer detail`.
fn mistakes(draft: &Draft) -> Vec<String> {
    match draft.totals() {
        Ok(_) => Vec::new(),
        Err(InvoiceError::Wrong(wrong)) => wrong.iter().map(ToString::to_string).collect(),
        Err(other) => vec![other.to_string()],
    }
}

#[test]
fn lines_are_rounded_each_and_their_vat_together() {
    let totals = invoice().totals().clone();
    let nets: Vec<String> = totals.lines.iter().map(|line| line.net.to_string()).collect();
    assert_eq!(nets, ["21.60 EUR", "2.20 EUR"], "3 x 8.00 - 2.40, and 2.199 rounded");
    let vat: Vec<String> = totals.breakdown.iter().map(|group| group.vat.to_string()).collect();
    assert_eq!(vat, ["4.52 EUR"], "19 % of 23.80 are 4.522");
    let due =
        [totals.net, totals.vat, totals.gross, totals.prepaid, totals.due].map(|m| m.to_string());
    assert_eq!(due, ["23.80 EUR", "4.52 EUR", "28.32 EUR", "0.00 EUR", "28.32 EUR"]);
}

#[test]
fn half_a_cent_is_a_cent_and_yen_and_dinars_have_their_own_smallest_unit() {
    let gross = |currency: &str, price: &str| {
        let mut json = sample();
        json["currency"] = json!(currency);
        json["lines"] = json!([{
            "id": "1", "item": "x", "quantity": 1, "vat": {"category": "S", "rate": "10"},
            "unitPrice": {"amount": price, "currency": currency},
        }]);
        draft(json).totals().unwrap().gross.to_string()
    };
    assert_eq!(gross("EUR", "0.045"), "0.06 EUR", "0.05 and 0.005 rounded up");
    assert_eq!(gross("JPY", "104.5"), "116 JPY", "105 and 10.5 rounded up");
    assert_eq!(gross("KWD", "1.0005"), "1.101 KWD", "1.001 and 0.1001 rounded");
}

#[test]
fn an_invoice_is_read_as_it_was_written() {
    let json = serde_json::to_value(invoice()).unwrap();
    assert_eq!(json["number"], "IOEU-2026-000001");
    assert_eq!(json["content"], sample());
    assert_eq!(json["totals"]["due"], json!({"amount": "28.32", "currency": "EUR"}));
    assert_eq!(serde_json::from_value::<Invoice>(json).unwrap(), invoice());
}

#[test]
fn what_is_wrong_is_named_by_its_field() {
    let euros = |amount: &str| json!({"amount": amount, "currency": "EUR"});
    let line = sample()["lines"][0].clone();
    for (pointer, value, told) in [
        ("/lines", json!([]), "/lines must have 1 to 200"),
        ("/lines/1/id", json!("1"), "/lines/1/id must be another"),
        ("/lines/0/quantity", json!(0), "/lines/0/quantity must be 1 to 10000"),
        ("/lines/0/quantity", json!(10_001), "/lines/0/quantity must be 1 to 10000"),
        ("/lines/0/unitPrice", euros("-1"), "/lines/0/unitPrice must be 0 to"),
        ("/lines/0/unitPrice", euros("1.0000001"), "/lines/0/unitPrice must have at most 6"),
        ("/lines/0/discount", euros("24.01"), "/lines/0/discount must be zero or more"),
        ("/lines/0/discount", euros("-0.01"), "/lines/0/discount must be zero or more"),
        ("/lines/0/discount", euros("0.001"), "/lines/0/discount must be rounded"),
        ("/lines/0/vat/rate", json!("0"), "/lines/0/vat/rate must be at least"),
        ("/lines/0/vat/category", json!("Z"), "/lines/0/vat/rate must be at least"),
        ("/lines/0/vat/reason", json!({"text": "why"}), "/lines/0/vat/reason must be there in"),
        ("/due", json!("2026-11-30"), "/due must not be before"),
        ("/due", json!(null), "/due must be there, or the terms"),
        ("/prepaid", euros("28.33"), "/prepaid must be at most"),
        ("/prepaid", euros("-1.00"), "/prepaid must be zero or more"),
        ("/seller/vatId", json!(null), "/seller/vatId must be there"),
        ("/currency", json!("USD"), "/lines/0/unitPrice must be in the invoice's currency USD"),
        ("/currency", json!("XAU"), "/currency must be a currency with a smallest unit"),
    ] {
        let found = mistakes(&with(pointer, value));
        assert!(found.iter().any(|one| one.starts_with(told)), "{pointer}: {found:?}");
    }
    let many = vec![line; 201];
    assert!(mistakes(&with("/lines", json!(many)))[0].starts_with("/lines must have 1 to 200"));
}

#[test]
fn a_reverse_charge_names_both_and_what_is_outside_of_vat_stands_alone() {
    let mut json = sample();
    let reason = json!({"code": "VATEX-EU-AE", "text": "Reverse charge"});
    for line in 0..2 {
        json["lines"][line]["vat"] = json!({"category": "AE", "rate": "0", "reason": reason});
    }
    assert_eq!(mistakes(&draft(json.clone()))[0].split(' ').next(), Some("/buyer/vatId"));
    json["buyer"]["vatId"] = json!("ATU12345678");
    assert_eq!(draft(json.clone()).totals().unwrap().vat.to_string(), "0.00 EUR");
    json["lines"][1]["vat"]["reason"]["text"] = json!("Another");
    assert_eq!(mistakes(&draft(json.clone()))[0].split(' ').next(), Some("/lines/1/vat/reason"));
    json["lines"][1]["vat"]["category"] = json!("O");
    json["seller"]["registration"] = json!(null);
    let told: Vec<String> = mistakes(&draft(json));
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[0].starts_with("/lines must be all in category O"));
    assert!(told[1].starts_with("/seller/registration"));
}

#[test]
fn a_number_is_of_the_year_of_the_tax_point() {
    let refused = draft(sample()).numbered(number(2027, 1));
    assert!(matches!(refused, Err(InvoiceError::OtherYear { .. })), "{refused:?}");
}

#[test]
fn an_invoice_is_taken_back_in_parts_to_the_last_cent_and_no_further() {
    let invoice = invoice();
    let one = |id: &str, quantity| CreditedLine { id: id.to_owned().try_into().unwrap(), quantity };
    let mut notes: Vec<Invoice> = Vec::new();
    for (counter, what) in (1..).zip([
        Crediting::Lines(vec![one("1", 1)]),
        Crediting::Lines(vec![one("1", 1), one("2", 1)]),
        Crediting::Rest,
    ]) {
        let draft = invoice.credit(&what, &notes, CREDITED_ON).unwrap();
        assert!(matches!(&draft.kind, Kind::CreditNote { of, .. } if of == invoice.number()));
        notes.push(draft.numbered(number(2027, counter)).unwrap());
    }
    let sums: Vec<[String; 2]> = notes
        .iter()
        .map(|note| [note.totals().net, note.totals().vat].map(|m| m.to_string()))
        .collect();
    assert_eq!(
        sums,
        [["7.20 EUR", "1.37 EUR"], ["9.40 EUR", "1.78 EUR"], ["7.20 EUR", "1.37 EUR"]],
        "23.80 and 4.52 together"
    );
    let again = invoice.credit(&Crediting::Rest, &notes, CREDITED_ON);
    assert_eq!(again, Err(CreditError::Nothing));
    let more = invoice.credit(&Crediting::Lines(vec![one("1", 2)]), &notes[..2], CREDITED_ON);
    let line = "1".to_owned().try_into().unwrap();
    assert_eq!(more, Err(CreditError::MoreThanLeft { line, asked: 2, left: 1 }));
}

/// What each note gives back, net in cents, of a line that is credited one by one and whose price is finer than a cent.
fn one_by_one(quantity: u32, price: &str, discount: &str) -> (String, Vec<String>) {
    let euros = |amount: &str| json!({"amount": amount, "currency": "EUR"});
    let invoice = with(
        "/lines",
        json!([{
            "id": "1", "item": "x", "quantity": quantity, "unitPrice": euros(price),
            "discount": euros(discount), "vat": {"category": "S", "rate": "19"},
        }]),
    );
    let invoice = invoice.numbered(number(2026, 1)).unwrap();
    let mut notes = Vec::new();
    for counter in 1..=quantity {
        let one = CreditedLine { id: "1".to_owned().try_into().unwrap(), quantity: 1 };
        let note = invoice.credit(&Crediting::Lines(vec![one]), &notes, CREDITED_ON).unwrap();
        notes.push(note.numbered(number(2027, counter)).unwrap());
    }
    let net = |document: &Invoice| document.totals().net.amount().to_string();
    (net(&invoice), notes.iter().map(net).collect())
}

#[test]
fn a_price_finer_than_a_cent_gives_back_no_cent_that_was_not_paid() {
    let gives = |quantity, price, discount, net: &str, back: &[&str]| {
        let (found, notes) = one_by_one(quantity, price, discount);
        assert_eq!((found.as_str(), notes), (net, back.iter().map(|b| (*b).to_owned()).collect()));
    };
    gives(4, "0.005", "0.00", "0.02", &["0.01", "0.01", "0.00", "0.00"]);
    gives(2, "0.994", "0.02", "1.97", &["0.98", "0.99"]);
    gives(3, "0.004", "0.01", "0.00", &["0.00", "0.00", "0.00"]);
    gives(3, "0.004", "0.00", "0.01", &["0.00", "0.00", "0.00"]); // a cent that no piece can show
}

#[test]
fn a_credit_note_to_which_somebody_adds_is_refused() {
    let mut note = invoice().credit(&Crediting::Rest, &[], CREDITED_ON).unwrap();
    assert!(note.totals().is_ok());
    note.lines[0].discount = None;
    assert!(mistakes(&note)[0].starts_with("/lines must come to at most what is open"));
    note.lines[0].vat.rate = "7".parse().unwrap();
    assert!(mistakes(&note)[0].starts_with("/lines must come to at most what is open"));
}

#[test]
fn a_credit_note_is_to_an_invoice_that_was_issued_and_counted_once() {
    let invoice = invoice();
    let note = invoice.credit(&Crediting::Rest, &[], CREDITED_ON).unwrap();
    let note = note.numbered(number(2027, 1)).unwrap();
    let credit =
        |of: &Invoice, before: &[Invoice]| of.credit(&Crediting::Rest, before, CREDITED_ON);
    assert!(matches!(credit(&note, &[]), Err(CreditError::NotAnInvoice(_))));
    let twice = [note.clone(), note];
    assert!(matches!(credit(&invoice, &twice), Err(CreditError::CountedTwice(_))));
    let foreign = [invoice.clone()];
    assert!(matches!(credit(&invoice, &foreign), Err(CreditError::OfAnother(_))));
    let early = invoice.credit(&Crediting::Rest, &[], date(2026, 11, 30));
    assert!(matches!(early, Err(CreditError::TooEarly(_))));
    let unknown = CreditedLine { id: "9".to_owned().try_into().unwrap(), quantity: 1 };
    let unknown = invoice.credit(&Crediting::Lines(vec![unknown]), &[], CREDITED_ON);
    assert!(matches!(unknown, Err(CreditError::NoSuchLine(_))));
}
