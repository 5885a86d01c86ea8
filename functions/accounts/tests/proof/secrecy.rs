//! No card number and no token is anywhere: not in documents, not in what lies on the disk, not in a log.

use crate::accounts::Opened;
use app_tests::proof::{Markers, Platform};
use serde_json::Value;

/// The card numbers that the network offers.
const OFFERED: [&str; 5] = [
    "4111111111111111",
    "5555555555554444",
    "378282246310005",
    "6011111111111117",
    "30569309025904",
];
/// Containers in which something of a message could be.
const CONTAINERS: [&str; 5] =
    ["accounts", "card-tokens", "ledger-balances", "requests", "dead-letters"];

/// Panics with the place if one is found.
pub(crate) async fn holds(platform: &Platform, opened: &Opened) {
    for container in CONTAINERS {
        let documents = platform.addresses().documents(("accounts", container)).await;
        for document in documents.unwrap_or_else(|| panic!("{container} cannot be read")) {
            no_text_has_one(&document, container);
        }
    }
    let tokens = Markers::of(opened.0.iter().flat_map(|account| &account.tokens));
    let everywhere = platform.everything().await.inspect(|kept| {
        for number in OFFERED {
            assert!(!has_number(&kept.bytes, number), "{number} in {}", kept.place);
        }
    });
    tokens.are_in_none(everywhere);
}

/// In whatever texts others gave us, any number that could be a card's.
fn no_text_has_one(value: &Value, place: &str) {
    match value {
        Value::String(text) => {
            // Its ids apart, since numbers may be written in groups.
            let words = text.split([':', '/']).flat_map(|part| part.split_inclusive(' '));
            let rest: String = words.filter(|word| !is_id(word.trim())).collect();
            let found = has_any_number(&rest);
            assert!(!found, "what looks like a card number in {place}: {text}");
        }
        Value::Array(items) => items.iter().for_each(|item| no_text_has_one(item, place)),
        Value::Object(members) => {
            let own = members.iter().filter(|(name, _)| !name.starts_with('_'));
            own.for_each(|(_, member)| no_text_has_one(member, place));
        }
        _ => {}
    }
}

/// A UUID, a SHA-256 or a place in a trace: some of their digits look like a card's number by chance.
fn is_id(word: &str) -> bool {
    let is_hash = word.len() == 64 && word.bytes().all(|b| b.is_ascii_hexdigit());
    is_hash || uuid::Uuid::parse_str(word).is_ok() || is_traceparent(word)
}

fn is_traceparent(word: &str) -> bool {
    let lengths = word.split('-').map(str::len);
    lengths.eq([2, 32, 16, 2]) && word.bytes().all(|b| b == b'-' || b.is_ascii_hexdigit())
}

/// Whether the number is there, single separators between its digits or not.
fn has_number(bytes: &[u8], number: &str) -> bool {
    let first = number.as_bytes()[0];
    let starts = bytes.iter().enumerate().filter(|(_, byte)| **byte == first);
    starts.map(|(start, _)| &bytes[start..]).any(|rest| begins_with(rest, number.as_bytes()))
}

fn begins_with(bytes: &[u8], number: &[u8]) -> bool {
    let mut at = 0;
    for (index, digit) in number.iter().enumerate() {
        if index > 0 && bytes.get(at).is_some_and(|byte| b" -.".contains(byte)) {
            at += 1;
        }
        if bytes.get(at) != Some(digit) {
            return false;
        }
        at += 1;
    }
    true
}

/// 13 to 19 digits with a right check digit (ISO/IEC 7812-1), in a run of digits and single separators.
fn has_any_number(text: &str) -> bool {
    let digits_of = |run: &str| run.chars().filter_map(|c| c.to_digit(10)).collect::<Vec<u32>>();
    let runs = text.split(|c: char| !(c.is_ascii_digit() || " -.".contains(c)));
    runs.map(digits_of)
        .any(|digits| (13..=19).flat_map(|length| digits.windows(length)).any(is_right))
}

fn is_right(digits: &[u32]) -> bool {
    let doubled = |(index, digit): (usize, &u32)| match (index % 2, digit * 2) {
        (0, _) => *digit,
        (_, twice) => twice / 10 + twice % 10,
    };
    digits.iter().rev().enumerate().map(doubled).sum::<u32>().is_multiple_of(10)
}
