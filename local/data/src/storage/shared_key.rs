//! `Authorization: SharedKey account:signature`, and its older relative `SharedKeyLite`.
//!
//! Source: "Authorize with Shared Key", Microsoft's REST reference; the order of headers as the SDKs for
//! JavaScript and Python have it, who follow the service.

use std::cmp::Ordering;

use jiff::{SignedDuration, Timestamp};

use super::{
    account,
    call::Call,
    code, dates,
    failure::{Failure, unauthenticated},
};
use crate::ACCOUNT;

/// How far a request's date may be from the service's clock, or from the machine's: when the service travels in time,
/// a client that signs does not always come along.
const MAX_SKEW: SignedDuration = SignedDuration::from_mins(15);
/// The service orders header names as a dictionary does: hyphens count last, then by this order.
const ORDER: &str = "!#$%&*.^_`|~+0123456789abcdefghijklmnopqrstuvwxyz";

/// Checks a shared key. `credentials` is what follows the scheme.
pub(super) fn check(call: &Call, lite: bool, credentials: &str) -> Result<(), Failure> {
    let Some((account, signature)) = credentials.split_once(':') else {
        return Err(code::INVALID_AUTHENTICATION_INFO.into());
    };
    if account != ACCOUNT {
        return Err(unauthenticated(format!("the account is {ACCOUNT}, not {account}")));
    }
    check_date(call)?;
    let text = if lite { lite_string_to_sign(call) } else { string_to_sign(call) };
    if account::is_signed(&account::key(), &text, signature) {
        return Ok(());
    }
    Err(unauthenticated(format!(
        "The MAC signature found in the HTTP request '{signature}' is not the same as any computed signature. Server \
         used following string to sign: '{}'.",
        text.replace('\n', "\\n")
    )))
}

fn check_date(call: &Call) -> Result<(), Failure> {
    let date = call.date("x-ms-date")?.or(call.date("date")?);
    let Some(date) = date else {
        return Err(unauthenticated("a signed request has an x-ms-date header"));
    };
    let is_near = |now: Timestamp| now.duration_since(date).abs() <= MAX_SKEW;
    if !is_near(call.now) && !is_near(Timestamp::now()) {
        return Err(unauthenticated(format!(
            "Request date header too old: '{}'; the service's clock says '{}'",
            dates::http(date),
            dates::http(call.now)
        )));
    }
    Ok(())
}

fn string_to_sign(call: &Call) -> String {
    let header = |name: &str| call.header(name).unwrap_or_default();
    let content_length = match header("content-length") {
        "0" => "",
        length => length,
    };
    let date = if call.headers.contains_key("x-ms-date") { "" } else { header("date") };
    let lines = [
        call.method.as_str(),
        header("content-encoding"),
        header("content-language"),
        content_length,
        header("content-md5"),
        header("content-type"),
        date,
        header("if-modified-since"),
        header("if-match"),
        header("if-none-match"),
        header("if-unmodified-since"),
        header("range"),
    ];
    format!(
        "{}\n{}/{ACCOUNT}{}{}",
        lines.join("\n"),
        canonical_headers(call),
        call.raw_path,
        call.query.canonical()
    )
}

fn lite_string_to_sign(call: &Call) -> String {
    let header = |name: &str| call.header(name).unwrap_or_default();
    let date = if call.headers.contains_key("x-ms-date") { "" } else { header("date") };
    let lines = [call.method.as_str(), header("content-md5"), header("content-type"), date];
    let comp = call.query.get("comp").map(|comp| format!("?comp={comp}")).unwrap_or_default();
    format!("{}\n{}/{ACCOUNT}{}{comp}", lines.join("\n"), canonical_headers(call), call.raw_path)
}

fn canonical_headers(call: &Call) -> String {
    let mut names: Vec<&str> = call.headers.keys().map(http::HeaderName::as_str).collect();
    names.retain(|name| name.starts_with("x-ms-"));
    names.sort_by(|a, b| compare(a, b));
    let line = |name: &&str| {
        let values = call
            .headers
            .get_all(*name)
            .iter()
            .map(|value| String::from_utf8_lossy(value.as_bytes()));
        let value = values.map(|value| value.trim().to_owned()).collect::<Vec<_>>().join(",");
        format!("{name}:{value}\n")
    };
    names.iter().map(line).collect()
}

/// Compares two header names, which are in lower case, as the service does.
fn compare(a: &str, b: &str) -> Ordering {
    let weights = |name: &str| name.chars().filter_map(|c| ORDER.find(c)).collect::<Vec<_>>();
    let hyphens = |name: &str| name.match_indices('-').map(|(at, _)| at).collect::<Vec<_>>();
    weights(a).cmp(&weights(b)).then_with(|| {
        // The same but for their hyphens: fewer come first, then later ones.
        let (a, b) = (hyphens(a), hyphens(b));
        a.iter().zip(&b).find(|(a, b)| a != b).map_or(a.len().cmp(&b.len()), |(a, b)| b.cmp(a))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::storage::call::tests::call;

    const DATE: (&str, &str) = ("x-ms-date", "Sat, 21 Nov 2026 08:00:00 GMT");

    #[test]
    fn the_string_to_sign_is_the_documented_one() {
        let headers = [
            DATE,
            ("x-ms-version", "2026-04-06"),
            ("x-ms-blob-type", "BlockBlob"),
            ("content-length", "3"),
            ("content-type", "text/plain"),
            ("if-none-match", "*"),
        ];
        let call = call("PUT", "/devstoreaccount1/photos/a%20b?timeout=30", &headers);
        assert_eq!(
            string_to_sign(&call),
            "PUT\n\n\n3\n\ntext/plain\n\n\n\n*\n\n\nx-ms-blob-type:BlockBlob\nx-ms-date:Sat, 21 Nov 2026 08:00:00 GMT\n\
             x-ms-version:2026-04-06\n/devstoreaccount1/devstoreaccount1/photos/a%20b\ntimeout:30"
        );
    }

    #[test]
    fn a_right_signature_passes_and_a_wrong_one_tells_what_was_signed() {
        let call = call("GET", "/devstoreaccount1?comp=list", &[DATE]);
        let right = account::sign(&account::key(), &string_to_sign(&call));
        assert!(check(&call, false, &format!("devstoreaccount1:{right}")).is_ok());
        let lite = account::sign(&account::key(), &lite_string_to_sign(&call));
        assert!(check(&call, true, &format!("devstoreaccount1:{lite}")).is_ok());
        let failure = check(&call, true, &format!("devstoreaccount1:{right}")).unwrap_err();
        assert_eq!(failure.code(), code::AUTHENTICATION_FAILED);
        assert_eq!(
            check(&call, false, "nonsense").unwrap_err().code(),
            code::INVALID_AUTHENTICATION_INFO
        );
    }

    #[test]
    fn a_date_more_than_a_quarter_of_an_hour_off_is_refused() {
        let check = |date: &str| {
            let call = call("GET", "/devstoreaccount1?comp=list", &[("x-ms-date", date)]);
            check_date(&call).is_ok()
        };
        assert!(check("Sat, 21 Nov 2026 08:15:00 GMT"));
        assert!(!check("Sat, 21 Nov 2026 08:15:01 GMT"));
        assert!(!check("Sat, 21 Nov 2026 07:44:59 GMT"));
        assert!(!check("yesterday"));
    }

    #[test]
    fn header_names_are_ordered_as_in_a_dictionary() {
        let mut names = [
            "x-ms-meta-aab",
            "x-ms-meta-aa",
            "x-ms-meta-a1",
            "x-ms-meta-a-b",
            "x-ms-meta-a_b",
            "x-ms-date",
        ];
        names.sort_by(|a, b| compare(a, b));
        let expected = [
            "x-ms-date",
            "x-ms-meta-a_b",
            "x-ms-meta-a1",
            "x-ms-meta-aa",
            "x-ms-meta-aab",
            "x-ms-meta-a-b",
        ];
        assert_eq!(names, expected);
    }
}
