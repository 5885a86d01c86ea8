//! UBL to the byte: a few documents as they are written today. `IOMMI_GOLDEN=write` writes them anew.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use invoice::{CreditedLine, Crediting, Draft, Invoice, Number, ubl, vat::Table};
use jiff::civil::date;
use pretty_assertions::assert_eq;
use serde_json::json;
use std::{env, fs, path::Path};

fn draft() -> Draft {
    serde_json::from_str(include_str!("../samples/invoice.json")).unwrap()
}

fn number(text: &str) -> Number {
    text.parse().unwrap()
}

fn is_written_as(name: &str, document: &Invoice) {
    let written = ubl::write(document).unwrap();
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples").join(name);
    if env::var("IOMMI_GOLDEN").as_deref() == Ok("write") {
        fs::write(&golden, &written).unwrap();
    }
    let kept = fs::read_to_string(&golden).unwrap();
    assert_eq!(String::from_utf8(written).unwrap(), kept, "{name}");
}

#[test]
fn an_invoice_at_home() {
    is_written_as("invoice.xml", &draft().numbered(number("IOEU-2026-000001")).unwrap());
}

#[test]
fn a_credit_note_to_a_part_of_it() {
    let invoice = draft().numbered(number("IOEU-2026-000001")).unwrap();
    let two = CreditedLine { id: "1".to_owned().try_into().unwrap(), quantity: 2 };
    let note = invoice.credit(&Crediting::Lines(vec![two]), &[], date(2027, 1, 8)).unwrap();
    is_written_as("credit-note.xml", &note.numbered(number("IOEU-2027-000001")).unwrap());
}

#[test]
fn a_firm_in_another_member_state_owes_the_vat() {
    let mut draft = draft();
    draft.buyer.vat_id = Some("ATU12345678".parse().unwrap());
    draft.buyer.address.country = "AT".parse().unwrap();
    let treatment = Table::shipped().treatment(
        draft.seller.address.country,
        draft.buyer.address.country,
        draft.buyer.vat_id.as_ref(),
        draft.tax_point,
    );
    for line in &mut draft.lines {
        line.vat = treatment.clone().unwrap();
    }
    is_written_as("reverse-charge.xml", &draft.numbered(number("IOEU-2026-000002")).unwrap());
}

#[test]
fn a_buyer_outside_of_the_european_union_pays_in_yen() {
    let mut json = serde_json::to_value(draft()).unwrap();
    let vat = json!({"category": "O", "rate": "0", "reason": {"code": "VATEX-EU-O", "text": "Not subject to VAT."}});
    let price = json!({"amount": "1280", "currency": "JPY"});
    json["currency"] = json!("JPY");
    json["lines"] = json!([{"id": "1", "item": "観測の夜 & <more>", "quantity": 3, "unitPrice": price, "vat": vat}]);
    json["buyer"]["address"]["country"] = json!("JP");
    let draft: Draft = serde_json::from_value(json).unwrap();
    is_written_as("outside-scope.xml", &draft.numbered(number("IOEU-2026-000003")).unwrap());
}

#[test]
fn what_en_16931_or_xml_cannot_hold_is_refused() {
    let mut json = serde_json::to_value(draft()).unwrap();
    json["notes"] = json!(["an end \u{ffff}"]);
    let draft: Draft = serde_json::from_value(json.clone()).unwrap();
    let told = ubl::write(&draft.numbered(number("IOEU-2026-000001")).unwrap()).unwrap_err();
    assert_eq!(
        told.to_string(),
        "IOEU-2026-000001 has the character U+FFFF in cbc:Note, which XML does not allow: leave it out"
    );
    json["notes"] = json!([]);
    json["currency"] = json!("KWD");
    json["lines"] = json!([{
        "id": "1", "item": "x", "quantity": 1, "unitPrice": {"amount": "1.000", "currency": "KWD"},
        "vat": {"category": "S", "rate": "19"},
    }]);
    let draft: Draft = serde_json::from_value(json).unwrap();
    let told = ubl::write(&draft.numbered(number("IOEU-2026-000001")).unwrap()).unwrap_err();
    assert!(told.to_string().starts_with("IOEU-2026-000001 is in KWD"), "{told}");
}
