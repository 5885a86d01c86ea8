//! An account SAS of our own: what the local host puts into the settings of a handler.

use jiff::Timestamp;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::string_to_sign;
use crate::storage::{account, dates, query::Query};

/// The version we sign by: one that Azurite knows too.
const VERSION: &str = "2024-11-04";
/// Everything a handler may want, but not to change the account.
const PERMISSIONS: &str = "rwdlacuptf";
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// The query string of an account SAS for blobs and queues, without its question mark: put behind
/// `http://127.0.0.1:10000/devstoreaccount1?` it is an endpoint for any SDK's client without a credential.
pub fn account_sas(expiry: Timestamp) -> String {
    let expiry = dates::iso(expiry);
    let fields = [
        ("sv", VERSION),
        ("ss", "bq"),
        ("srt", "sco"),
        ("sp", PERMISSIONS),
        ("se", &expiry),
        ("spr", "https,http"),
    ];
    let encoded =
        |(name, value): &(&str, &str)| format!("{name}={}", utf8_percent_encode(value, UNRESERVED));
    let unsigned = fields.iter().map(encoded).collect::<Vec<_>>().join("&");
    let text = string_to_sign::account(
        &Query::parse(&unsigned).expect("our own parameters are well-formed"),
    );
    let signature = account::sign(&account::key(), &text);
    format!("{unsigned}&{}", encoded(&("sig", &signature)))
}
