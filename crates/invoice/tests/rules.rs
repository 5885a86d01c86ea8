//! The rules of EN 16931 on made-up invoices and on samples, by a library that knows nothing of ours.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

mod generated;

use en16931_formats::{Policy, Received, Recommendation, receive};
use invoice::{Draft, Invoice, ubl};
use proptest::prelude::*;

/// What the rules find, warnings too; nothing if the document is accepted and all of it was understood.
fn findings(document: &[u8]) -> Option<Received> {
    let received = receive(document, &Policy::default());
    let accepted = received.recommendation == Recommendation::Accept
        && received.report_declared.most_severe().is_none()
        && received.report_declared.entries().next().is_none();
    (!accepted).then_some(received)
}

fn sample() -> Invoice {
    let draft: Draft = serde_json::from_str(include_str!("../samples/invoice.json")).unwrap();
    draft.numbered("IOEU-2026-000001".parse().unwrap()).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn every_rule_holds_of_every_invoice(family in generated::family(generated::WRITABLE.to_vec())) {
        for document in &family {
            let written = ubl::write(document).unwrap();
            let found = findings(&written);
            prop_assert!(found.is_none(), "{}\n{}", found.unwrap(), String::from_utf8_lossy(&written));
            prop_assert_eq!(written, ubl::write(document).unwrap(), "the same bytes each time");
        }
    }
}

#[test]
fn a_rule_that_is_broken_is_found() {
    let written = String::from_utf8(ubl::write(&sample()).unwrap()).unwrap();
    assert!(findings(written.as_bytes()).is_none());
    for (right, wrong) in [
        (
            "<cbc:PayableAmount currencyID=\"EUR\">28.32<",
            "<cbc:PayableAmount currencyID=\"EUR\">28.33<",
        ),
        ("<cbc:TaxAmount currencyID=\"EUR\">4.52<", "<cbc:TaxAmount currencyID=\"EUR\">9.52<"),
        ("<cbc:CompanyID>DE123456789<", "<cbc:CompanyID>123456789<"),
        ("<cbc:ID>S</cbc:ID>", "<cbc:ID>X</cbc:ID>"),
    ] {
        let spoilt = written.replace(right, wrong);
        assert_ne!(spoilt, written, "{right}");
        assert!(findings(spoilt.as_bytes()).is_some(), "{wrong}");
    }
}
