use super::*;
use crate::domain::invoicing::{Days, draft};
use crate::domain::invoicing_samples::{buyer, order, seller};
use jiff::civil::date;
use pretty_assertions::assert_eq;
use proptest::prelude::*;
use serde_json::json;
use uuid::Uuid;

/// Three pieces of line 1, and one of line 2.
fn invoice() -> Invoice {
    let day = date(2026, 12, 1);
    let order = order(&buyer("DK", Value::Null), "2026-12-01T10:00:00Z");
    let days = Days { tax_point: day, issued: day };
    let draft = draft(&order, &seller(), &invoice::vat::Table::shipped(), days).unwrap();
    draft.numbered("IODK-2026-000001".parse().unwrap()).unwrap()
}

fn id(n: u128) -> OrderId {
    OrderId::from(Uuid::from_u128(n))
}

fn pieces(line: u32, quantity: u32) -> Pieces {
    Pieces { line, quantity }
}

#[test]
fn a_share_is_taken_once_and_what_is_left_is_named() {
    let of = invoice();
    let credits = Credits::default().reserve(id(1), &[pieces(1, 2)], &of).unwrap();
    let again = credits.clone().reserve(id(1), &[pieces(1, 2)], &of).unwrap();
    assert_eq!(again, credits);
    let refused = credits.clone().reserve(id(2), &[pieces(1, 2)], &of).unwrap_err();
    assert_eq!(refused.to_string(), "what is left of the invoice is 1 of line 1, 1 of line 2");
    let rest = credits.left(&of).0;
    let all = credits.reserve(id(2), &rest, &of).unwrap();
    assert_eq!(all.before(id(2)).unwrap().len(), 1);
    let nothing = all.clone().reserve(id(3), &all.left(&of).0, &of).unwrap_err();
    assert_eq!(nothing.to_string(), "nothing is left of the invoice");
}

#[test]
fn a_line_that_is_not_there_is_not_credited_and_notes_are_bounded() {
    let of = invoice();
    let refused = Credits::default().reserve(id(1), &[pieces(3, 1)], &of).unwrap_err();
    assert!(matches!(refused, NotCreditable::MoreThanLeft { .. }));
    let full = (0..MAX_NOTES as u128).map(|n| Reserved { order: id(n), pieces: Vec::new() });
    let full = Credits(full.collect());
    let refused = full.reserve(id(1_000), &[pieces(1, 1)], &of);
    assert_eq!(refused, Err(NotCreditable::TooManyNotes));
}

#[test]
fn a_body_names_its_mistakes() {
    let parse = |body: Value| NewCredit::parse(&body);
    assert_eq!(parse(json!({"reason": "r"})).unwrap().pieces, None);
    assert_eq!(parse(json!({"reason": "r", "lines": null})).unwrap().pieces, None);
    let some = parse(json!({"reason": "r", "lines": [{"line": 2, "quantity": 1}]})).unwrap();
    assert_eq!(some.pieces, Some(vec![pieces(2, 1)]));
    for (lines, pointer) in [
        (json!([]), "/lines"),
        (json!([{"line": 1}]), "/lines/0/quantity"),
        (json!([{"quantity": 1}]), "/lines/0/line"),
        (json!([{"line": 1, "quantity": 0}]), "/lines/0/quantity"),
        (json!([{"line": 1, "quantity": 1}, {"line": 1, "quantity": 1}]), "/lines/1/line"),
    ] {
        let wrong = NewCredit::parse(&json!({"reason": "r", "lines": lines})).unwrap_err();
        assert_eq!(wrong.as_slice()[0].pointer, pointer, "{lines}");
    }
    assert!(NewCredit::parse(&json!({"lines": null})).is_err(), "a reason is required");
}

proptest! {
    #[test]
    fn never_is_more_credited_than_there_was(
        asked in prop::collection::vec((1_u128..6, prop::collection::vec((1_u32..4, 1_u32..4), 1..3)), 1..12)
    ) {
        let of = invoice();
        let mut credits = Credits::default();
        for (note, lines) in asked {
            let mut lines: Vec<Pieces> = lines.into_iter().map(|(l, q)| pieces(l, q)).collect();
            lines.dedup_by_key(|one| one.line);
            credits = credits.clone().reserve(id(note), &lines, &of).unwrap_or(credits);
        }
        for line in &of.content().lines {
            let number: u32 = line.id.as_str().parse().unwrap();
            prop_assert!(credits.credited(number) <= line.quantity);
        }
    }
}
