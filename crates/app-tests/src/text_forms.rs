//! The bytes that a text may stand as, so that it is found wherever it is.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use sha2::{Digest, Sha256};

/// Shorter pieces of base64 are in anything by chance.
const SHORTEST_BASE64: usize = 8;
/// So much of a hash is looked for, in bytes: nobody else has the same, and a shortened one is found.
const HASH_BYTES: usize = 8;

/// As it is, in JSON, percent-encoded, and within base64 wherever it stands in it.
pub(crate) fn readable(text: &str) -> Vec<Vec<u8>> {
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
    in_order(forms.into_iter().map(String::into_bytes).collect())
}

/// All of these in small and capital letters too, as forms, debug output and pages write it, and hashed without a key:
/// who guesses the text knows then whose line it is.
pub(crate) fn recognisable(text: &str) -> Vec<Vec<u8>> {
    let mut forms = Vec::new();
    for text in [text.to_owned(), text.to_lowercase(), text.to_uppercase()] {
        forms.extend(readable(&text));
        let percent = utf8_percent_encode(&text, NON_ALPHANUMERIC).to_string();
        forms.push(percent.replace("%20", "+").into_bytes());
        forms.push(percent.to_lowercase().into_bytes());
        // As much as a path needs.
        let path = text.replace('%', "%25").replace(' ', "%20").replace('"', "%22");
        forms.push(utf8_percent_encode(&path, percent_encoding::CONTROLS).to_string().into_bytes());
        forms.push(text.escape_debug().to_string().into_bytes());
        forms.push(text.escape_default().to_string().into_bytes());
        let page = text.replace('&', "&amp;");
        forms.push(page.replace('"', "&quot;").into_bytes());
        forms.push(page.replace('"', "&#34;").into_bytes());
        let hash = Sha256::digest(text.as_bytes());
        let hex: String = hash[..HASH_BYTES].iter().map(|byte| format!("{byte:02x}")).collect();
        forms.push(hex.to_uppercase().into_bytes());
        forms.push(hex.into_bytes());
        for encoded in [STANDARD_NO_PAD.encode(hash), URL_SAFE_NO_PAD.encode(hash)] {
            forms.push(encoded.as_bytes()[..HASH_BYTES * 4 / 3].to_vec());
        }
    }
    in_order(forms)
}

fn in_order(mut forms: Vec<Vec<u8>>) -> Vec<Vec<u8>> {
    forms.sort_unstable();
    forms.dedup();
    forms
}

/// The digits that say nothing of what stands before and after.
fn certain(encoded: &str, before: usize, length: usize) -> Option<String> {
    let first = [0, 2, 3][before];
    let last = encoded.len() - usize::from(!length.is_multiple_of(3));
    let certain = encoded.get(first..last)?;
    (certain.len() >= SHORTEST_BASE64).then(|| certain.to_owned())
}
