//! Several pages: heads again, sums once, page n of m.

use serde_json::json;

use crate::{
    reader::{Page, Picture},
    samples::{all, fonts, patched, picture},
};

fn pages_of(patch: &serde_json::Value) -> Vec<Page> {
    Picture::of(&picture(&patched(patch).unwrap(), &fonts().unwrap()).unwrap()).pages()
}

#[test]
fn two_hundred_lines_go_over_pages_with_the_heads_of_the_table_on_each() {
    let (_, invoice) = all().unwrap().into_iter().find(|(name, _)| name == "long").unwrap();
    let pages = Picture::of(&picture(&invoice, &fonts().unwrap()).unwrap()).pages();
    assert!(pages.len() > 5, "{} pages", pages.len());
    for (index, page) in pages.iter().enumerate() {
        assert!(page.has(&format!("Page {} of {}", index + 1, pages.len())), "{:?}", page.texts);
    }
    for page in &pages[..pages.len() - 1] {
        assert!(page.has("Unit price"), "{:?}", page.texts);
    }
    for id in 1..=200 {
        let line = format!("Night watch {id},");
        assert_eq!(pages.iter().filter(|page| page.has(&line)).count(), 1, "line {id}");
    }
    let total = "EUR\u{a0}1,030,114.34";
    let last = pages.last().unwrap();
    assert!(last.has("Total") && last.has(total), "{:?}", last.texts);
}

#[test]
fn names_as_long_as_they_may_be_stay_in_their_column() {
    let words = "observatory ".repeat(20);
    let name = words[..200].trim();
    let one_word = "x".repeat(200);
    let pages = pages_of(&json!({
        "buyer": { "name": one_word, "address": { "street": name } },
        "notes": ["n".repeat(1000), "word ".repeat(199)],
    }));
    let texts = pages.iter().flat_map(|page| &page.texts);
    let longest = texts.map(|text| text.chars().count()).max().unwrap();
    assert!(longest < 130, "a piece of {longest} characters is wider than a page");
}

#[test]
fn a_credit_note_says_to_which_invoice_it_is() {
    let (_, invoice) = all().unwrap().into_iter().find(|(name, _)| name == "credit-note").unwrap();
    let pages = Picture::of(&picture(&invoice, &fonts().unwrap()).unwrap()).pages();
    assert!(pages[0].has("Credit note IOEU-2026-000042"), "{:?}", pages[0].texts);
    assert!(pages[0].has("to invoice IOEU-2026-000001 of 1 December 2026"));
    assert!(pages[0].has("Credited"));
}

#[test]
fn a_reverse_charge_is_explained() {
    let (_, invoice) =
        all().unwrap().into_iter().find(|(name, _)| name == "reverse-charge").unwrap();
    let pages = Picture::of(&picture(&invoice, &fonts().unwrap()).unwrap()).pages();
    assert!(pages[0].has("Reverse charge (AE) on 500.00"), "{:?}", pages[0].texts);
    assert!(pages[0].has("VAT is to be paid by the recipient"));
}

#[test]
fn a_buyer_in_germany_reads_german() {
    let (_, invoice) = all().unwrap().into_iter().find(|(name, _)| name == "german").unwrap();
    let pages = Picture::of(&picture(&invoice, &fonts().unwrap()).unwrap()).pages();
    for text in ["Rechnung IOEU-2026-000042", "1. Dezember 2026", "30.649,00", "Seite 1 von 1"] {
        assert!(pages[0].has(text), "{text}: {:?}", pages[0].texts);
    }
}
