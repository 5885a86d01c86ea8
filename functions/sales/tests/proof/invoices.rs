//! What must hold of numbers and of what is written under them: from 1 on none is missing and none is there twice, in the
//! order in which they were given; and whoever draws an invoice once more draws the same bytes.

use crate::verdict::is_provisioned;
use app_tests::proof::Addresses;
use invoice::Invoice;
use invoice_pdf::Fonts;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Of the largest runs only so many are drawn once more: the first and the last ones.
const MOST_DRAWN: usize = 60;
const FONTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../crates/invoice-pdf/fonts");

/// Panics with what is wrong; how many there are.
pub(crate) async fn are_right(addresses: &Addresses) -> String {
    let all = async |container| {
        addresses.documents(("sales", container)).await.unwrap_or_else(|| panic!("no {container}"))
    };
    let (orders, records) = (all("orders").await, all("invoice-series").await);
    let invoices = all("invoices").await;
    let given = numbers_of(&records);
    let ordered: BTreeMap<&str, &str> = orders
        .iter()
        .filter_map(|order| Some((order["invoiceNumber"].as_str()?, order["id"].as_str()?)))
        .collect();
    assert_eq!(given, ordered, "records and orders");
    let written: BTreeMap<&str, &str> =
        invoices.iter().map(|it| (text(it, "id"), text(it, "orderId"))).collect();
    assert_eq!(given, written, "records and invoices");
    let provisioned: BTreeSet<&str> = orders
        .iter()
        .filter(|order| is_provisioned(order))
        .map(|order| text(order, "id"))
        .collect();
    assert_eq!(given.into_values().collect::<BTreeSet<_>>(), provisioned, "numbers and orders");
    let drawn = draw_again(addresses, &invoices).await;
    format!("{} numbers without a gap, {drawn} pictures drawn again", invoices.len())
}

fn text<'a>(of: &'a Value, name: &str) -> &'a str {
    of[name].as_str().unwrap_or_else(|| panic!("no {name} in {of}"))
}

/// Orders by their numbers, of all series.
fn numbers_of(records: &[Value]) -> BTreeMap<&str, &str> {
    let mut series: HashMap<&str, Vec<&Value>> = HashMap::new();
    for record in records.iter().filter(|record| record["id"] != "counter") {
        series.entry(text(record, "seriesId")).or_default().push(record);
    }
    let mut given = BTreeMap::new();
    for (name, mut records) in series {
        records.sort_by_key(|record| text(record, "number"));
        for (counter, record) in (1..).zip(&records) {
            assert_eq!(text(record, "number"), format!("{name}-{counter:06}"), "a gap or a twin");
            given.insert(text(record, "number"), text(record, "id"));
        }
        let moments: Vec<u64> =
            records.iter().map(|record| record["_ts"].as_u64().unwrap()).collect();
        assert!(moments.is_sorted(), "{name}: numbers are not in the order of their commits");
        let days: Vec<&str> = records.iter().map(|record| text(record, "issuedOn")).collect();
        assert!(days.is_sorted(), "{name}: days go back");
    }
    given
}

/// The picture and the UBL in the archive are what the invoice comes to.
async fn draw_again(addresses: &Addresses, invoices: &[Value]) -> usize {
    let fonts = Fonts::load(FONTS.as_ref()).unwrap();
    let mut invoices: Vec<&Value> = invoices.iter().collect();
    invoices.sort_by_key(|invoice| text(invoice, "id"));
    let last = invoices.len().saturating_sub(MOST_DRAWN / 2);
    let chosen = (0..invoices.len()).filter(|place| *place < MOST_DRAWN / 2 || *place >= last);
    let mut drawn = 0;
    for document in chosen.map(|place| invoices[place]) {
        let number = text(document, "id");
        let invoice: Invoice = serde_json::from_value(document["invoice"].clone()).unwrap();
        let kept = async |extension: &str| {
            let name = format!("{number}/invoice.{extension}");
            let found = addresses.blob_content("sales-invoices", &name).await;
            found.unwrap_or_else(|| panic!("{name} is not there"))
        };
        let ubl = kept("xml").await;
        assert!(ubl == invoice::ubl::write(&invoice).unwrap(), "{number}: another UBL");
        let pdf = invoice_pdf::render(&invoice, &fonts, Some(&ubl)).unwrap();
        assert!(pdf == kept("pdf").await, "{number}: another picture");
        drawn += 1;
    }
    drawn
}
