//! Requests that are signed with the access key. Source: the documentation "Sign an HTTP request" of Azure Communication
//! Services.

use base64::{Engine, engine::general_purpose::STANDARD};
use jiff::{SignedDuration, Timestamp, fmt::rfc2822::DateTimeParser};
use ring::{
    digest::{SHA256, digest},
    hmac::{self, HMAC_SHA256},
};
use simulator_shell::Request;

use super::AccessKey;

/// How far the request's time may be from ours.
const TOLERANCE: SignedDuration = SignedDuration::from_mins(5);
const DATE: &str = "x-ms-date";
const CONTENT: &str = "x-ms-content-sha256";
/// What must be signed.
const REQUIRED: [&str; 3] = [DATE, "host", CONTENT];

pub(super) fn check(
    request: &Request,
    parameters: &str,
    key: &AccessKey,
    now: Timestamp,
) -> Result<(), String> {
    let parameter = |name: &str| {
        let mut pairs = parameters.split('&').filter_map(|pair| pair.split_once('='));
        pairs.find(|(other, _)| *other == name).map(|(_, value)| value.trim())
    };
    let signed = parameter("SignedHeaders").ok_or("SignedHeaders is missing")?;
    let signature = parameter("Signature").ok_or("Signature is missing")?;
    let names: Vec<&str> = signed.split(';').collect();
    if let Some(missing) = REQUIRED.iter().find(|name| !names.contains(name)) {
        return Err(format!("{missing} is not signed"));
    }
    let values: Option<Vec<&str>> = names.iter().map(|name| request.header(name)).collect();
    let values = values.ok_or("a header that is signed is not there")?;
    check_date(request.header(DATE).unwrap_or_default(), now)?;
    let content = STANDARD.encode(digest(&SHA256, &request.body));
    if request.header(CONTENT) != Some(content.as_str()) {
        return Err(format!("{CONTENT} is not the SHA-256 of the body in base64"));
    }
    let path = request.uri.path_and_query().map_or("/", |path| path.as_str());
    let text = format!("{}\n{path}\n{}", request.method, values.join(";"));
    let tag = STANDARD.decode(signature).map_err(|_| "Signature is no base64")?;
    // Compares in constant time.
    hmac::verify(&hmac::Key::new(HMAC_SHA256, &key.0), text.as_bytes(), &tag)
        .map_err(|_| "Signature is not that of the access key".to_owned())
}

fn check_date(date: &str, now: Timestamp) -> Result<(), String> {
    let at = DateTimeParser::new().parse_timestamp(date);
    let at = at.map_err(|_| format!("{DATE} is a date such as Mon, 30 Nov 2026 09:12:00 GMT"))?;
    if at.duration_since(now).abs() > TOLERANCE {
        return Err(format!("{DATE} is more than five minutes from now"));
    }
    Ok(())
}
