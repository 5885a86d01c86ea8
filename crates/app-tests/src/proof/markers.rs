//! Texts that may be nowhere, in whatever form.

use std::collections::BTreeSet;

use aho_corasick::AhoCorasick;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::Kept;

/// Shorter pieces of base64 are in anything by chance.
const SHORTEST_BASE64: usize = 8;
/// Places that are shown, and how much around each, in bytes.
const MOST_SHOWN: usize = 5;
const SHOWN_AROUND: usize = 80;

/// Texts to search for: as they are, in JSON, percent-encoded, and within base64 wherever they stand in it. All at once:
/// there may be thousands.
#[derive(Debug)]
pub struct Markers {
    texts: Vec<String>,
    /// Of which text each form is.
    text_of: Vec<usize>,
    forms: AhoCorasick,
}

impl Markers {
    /// Of these texts.
    #[must_use]
    pub fn of<T: Into<String>>(texts: impl IntoIterator<Item = T>) -> Self {
        let texts: Vec<String> = texts.into_iter().map(Into::into).collect();
        let (mut text_of, mut all) = (Vec::new(), Vec::new());
        for (number, text) in texts.iter().enumerate() {
            let forms = forms(text);
            text_of.extend(forms.iter().map(|_| number));
            all.extend(forms);
        }
        let forms = AhoCorasick::new(all).expect("so many texts can be searched for");
        Self { texts, text_of, forms }
    }

    /// Panics with the first places in which one of them is.
    pub fn are_in_none(&self, kept: impl IntoIterator<Item = Kept>) {
        let found = kept.into_iter().flat_map(|kept| self.found_in(&kept)).take(MOST_SHOWN);
        let found: Vec<String> = found.collect();
        assert!(found.is_empty(), "what may be nowhere is somewhere: {found:#?}");
    }

    /// The first place of each text.
    pub(super) fn found_in(&self, Kept { place, bytes }: &Kept) -> Vec<String> {
        let (mut seen, mut found) = (BTreeSet::new(), Vec::new());
        for form in self.forms.find_iter(bytes) {
            let text = self.text_of[form.pattern()];
            if seen.insert(text) {
                let (from, to) = (form.start().saturating_sub(SHOWN_AROUND), form.end());
                let around = &bytes[from..bytes.len().min(to + SHOWN_AROUND)];
                let around = String::from_utf8_lossy(around);
                found.push(format!("{:?} in {place}: {around}", self.texts[text]));
            }
        }
        found
    }
}

/// The bytes that a text may stand as.
fn forms(text: &str) -> Vec<Vec<u8>> {
    let json = serde_json::Value::from(text).to_string();
    let escaped = text.encode_utf16().map(|unit| match u8::try_from(unit) {
        Ok(byte) if byte.is_ascii() => char::from(byte).to_string(),
        _ => format!("\\u{unit:04x}"),
    });
    let mut forms = vec![
        text.to_owned(),
        json[1..json.len() - 1].to_owned(),
        escaped.collect(),
        utf8_percent_encode(text, NON_ALPHANUMERIC).to_string(),
    ];
    for before in 0..3 {
        let whole = [&vec![0; before], text.as_bytes()].concat();
        for encoded in [STANDARD_NO_PAD.encode(&whole), URL_SAFE_NO_PAD.encode(&whole)] {
            forms.extend(certain(&encoded, before, whole.len()));
        }
    }
    forms.sort_unstable();
    forms.dedup();
    forms.into_iter().map(String::into_bytes).collect()
}

/// The digits that say nothing of what stands before and after.
fn certain(encoded: &str, before: usize, length: usize) -> Option<String> {
    let first = [0, 2, 3][before];
    let last = encoded.len() - usize::from(!length.is_multiple_of(3));
    let certain = encoded.get(first..last)?;
    (certain.len() >= SHORTEST_BASE64).then(|| certain.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::engine::general_purpose::STANDARD;

    fn is_found(marker: &str, bytes: impl Into<Vec<u8>>) -> bool {
        let kept = Kept { place: "a test".to_owned(), bytes: bytes.into() };
        !Markers::of([marker]).found_in(&kept).is_empty()
    }

    #[test]
    fn a_text_is_found_as_it_is_in_json_in_urls_and_anywhere_in_base64() {
        let name = "Zoë \"Fox\"";
        assert!(is_found(name, format!("dear {name}!")));
        assert!(is_found(name, serde_json::json!({"to": [name]}).to_string()));
        assert!(is_found(name, "Zo\\u00eb \"Fox\""));
        assert!(is_found(name, "/names/Zo%C3%AB%20%22Fox%22"));
        for (before, after) in [("", ""), ("a", "z"), ("ab", "yz"), ("abc", "xyz")] {
            let text = format!("{before}{name}{after}");
            assert!(is_found(name, STANDARD.encode(&text)), "{text}");
            assert!(is_found(name, URL_SAFE_NO_PAD.encode(&text)), "{text}");
        }
    }

    #[test]
    fn what_is_not_there_is_not_found_and_what_is_there_says_where() {
        assert!(!is_found("Zoë Fox", "Zoé Fox"));
        assert!(!is_found("Zoë Fox", STANDARD.encode("Zoë fox")));
        let kept = Kept { place: "the log".to_owned(), bytes: b"hello Kim".to_vec() };
        assert_eq!(Markers::of(["Kim"]).found_in(&kept), ["\"Kim\" in the log: hello Kim"]);
    }
}
