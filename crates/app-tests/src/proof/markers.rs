//! Texts that may be nowhere, in whatever form.

use std::collections::BTreeSet;

use aho_corasick::AhoCorasick;

use super::Kept;
use crate::text_forms;

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
        Self::in_forms(texts, text_forms::readable)
    }

    /// Of these texts, also in other letters and hashed without a key: where not even a hash may be.
    #[must_use]
    pub fn of_any_trace<T: Into<String>>(texts: impl IntoIterator<Item = T>) -> Self {
        Self::in_forms(texts, text_forms::recognisable)
    }

    fn in_forms<T: Into<String>>(
        texts: impl IntoIterator<Item = T>,
        forms: impl Fn(&str) -> Vec<Vec<u8>>,
    ) -> Self {
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
    pub(crate) fn found_in(&self, Kept { place, bytes }: &Kept) -> Vec<String> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use base64::Engine;
    use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

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
    fn a_trace_of_a_text_is_found_in_other_letters_and_in_its_hash() {
        let (name, traces) = ("Zoë Fox", Markers::of_any_trace(["Zoë Fox"]));
        let is_found = |bytes: &str| {
            let kept = Kept { place: "a test".to_owned(), bytes: bytes.into() };
            !traces.found_in(&kept).is_empty()
        };
        let hash = <sha2::Sha256 as sha2::Digest>::digest(name);
        let hex: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
        for text in
            ["ZOË FOX", "zoë fox", "/of/zo%c3%ab%20fox", "name=Zo%C3%AB+Fox", &hex, &hex[..16]]
        {
            assert!(is_found(text), "{text}");
        }
        assert!(is_found(&STANDARD.encode("ZOË FOX")) && is_found(&STANDARD.encode(hash)));
        assert!(!is_found("Zoe Fox"));
    }

    #[test]
    fn what_is_not_there_is_not_found_and_what_is_there_says_where() {
        assert!(!is_found("Zoë Fox", "Zoé Fox"));
        assert!(!is_found("Zoë Fox", STANDARD.encode("Zoë fox")));
        let kept = Kept { place: "the log".to_owned(), bytes: b"hello Kim".to_vec() };
        assert_eq!(Markers::of(["Kim"]).found_in(&kept), ["\"Kim\" in the log: hello Kim"]);
    }
}
