//! Every script is there, letter by letter, and no box is.

use invoice::Invoice;

use crate::{
    reader::Picture,
    samples::{all, fonts, picture},
};

/// What stands on an invoice in the words of those who sell and buy.
fn words_of(invoice: &Invoice) -> Vec<String> {
    let content = invoice.content();
    let mut texts = vec![content.seller.name.to_string(), content.buyer.name.to_string()];
    texts.extend(content.buyer.address.street.iter().map(ToString::to_string));
    texts.extend(content.buyer.address.city.iter().map(ToString::to_string));
    for line in &content.lines {
        texts.push(line.item.to_string());
        texts.extend(line.note.iter().map(ToString::to_string));
    }
    texts.extend(content.notes.iter().map(ToString::to_string));
    texts
}

#[test]
fn every_letter_of_every_script_can_be_copied_and_none_is_a_box() {
    let fonts = fonts().unwrap();
    for (name, invoice) in all().unwrap() {
        let pages = Picture::of(&picture(&invoice, &fonts).unwrap()).pages();
        let mut found = std::collections::BTreeSet::new();
        for page in &pages {
            assert!(!page.has_notdef(), "{name} has a box");
            found.extend(page.characters());
        }
        for text in words_of(&invoice) {
            let missing: String =
                text.chars().filter(|c| *c != ' ' && !found.contains(c)).collect();
            assert_eq!(missing, "", "{name}: {text}");
        }
    }
}

#[test]
fn what_is_read_from_the_left_is_in_one_piece() {
    let fonts = fonts().unwrap();
    for (name, invoice) in all().unwrap() {
        let pages = Picture::of(&picture(&invoice, &fonts).unwrap()).pages();
        let number = invoice.number().to_string();
        assert!(pages.iter().all(|page| page.has(&number)), "{name} has its number on every page");
        let last = pages.last().unwrap();
        let seller = invoice.content().seller.name.as_str();
        assert!(last.has(seller), "{name} has its seller at the foot: {:?}", last.texts);
    }
}
