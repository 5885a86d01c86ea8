//! What cannot be printed is said, with its field and its character.

use invoice_pdf::{Unprintable, render};
use serde_json::{Value, json};

use crate::samples::{fonts, patched};

fn failure(patch: &Value) -> Unprintable {
    let drawn = render(&patched(patch).unwrap(), &fonts().unwrap(), None);
    drawn.map(|pdf| format!("{} bytes of {patch}", pdf.len())).unwrap_err()
}

#[test]
fn a_character_that_no_font_has_is_named_with_its_field() {
    let line = |key: &str, text: &str| {
        let mut line = json!({
            "id": "1", "item": "Night watch", "quantity": 1,
            "unitPrice": { "amount": "8.00", "currency": "EUR" },
            "vat": { "category": "S", "rate": "19" },
        });
        line[key] = text.into();
        json!({ "lines": [line] })
    };
    for (patch, place, character) in [
        (json!({ "buyer": { "name": "Tashi བཀྲ་ཤིས" } }), "buyer.name", 'བ'),
        (json!({ "buyer": { "address": { "city": "Paris 😀" } } }), "buyer.address.city", '😀'),
        (json!({ "seller": { "name": "\u{e000}" } }), "seller.name", '\u{e000}'),
        (line("item", "Night watch 🔭"), "lines[0].item", '🔭'),
        (line("note", "ᚠ"), "lines[0].note", 'ᚠ'),
        (json!({ "notes": ["fine", "𠮷野家"] }), "notes", '𠮷'),
        (json!({ "orderReference": "Հ-1" }), "orderReference", 'Հ'),
    ] {
        let error = failure(&patch);
        let Unprintable::Character { place: found, character: which } = &error else {
            panic!("{error}")
        };
        assert_eq!((found.to_string().as_str(), *which), (place, character), "{error}");
        let code = format!("U+{:04X}", u32::from(character));
        assert!(
            error
                .to_string()
                .starts_with(&format!("printing {place}: no font has the character {code}"))
        );
    }
}

#[test]
fn a_fault_tells_nothing_of_the_text_but_the_character() {
    let error = failure(&json!({ "buyer": { "name": "Secret Person བ" } })).to_string();
    assert!(!error.contains("Secret"), "{error}");
}
