//! URLs as strangers write them. The parser of the web (WHATWG) is kinder than we are: it takes `0x7f.1` for
//! `127.0.0.1`, backslashes for slashes, and throws tabs away.

use super::{GuardError, address};
use reqwest::Url;
use std::net::IpAddr;

/// Longest URL that is read.
const MAX_URL_BYTES: usize = 2048;

/// An absolute URL, written plainly.
pub(super) fn parse(text: &str) -> Result<Url, GuardError> {
    check_characters(text)?;
    let (scheme, rest) = text.split_once("://").ok_or(GuardError::NoUrl)?;
    if !scheme.eq_ignore_ascii_case("https") && !scheme.eq_ignore_ascii_case("http") {
        return Err(GuardError::NotHttps);
    }
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.contains('@') {
        return Err(GuardError::UserInfo);
    }
    let url = Url::parse(text).map_err(|_| odd_or_none(authority))?;
    let host = url.host_str().ok_or(GuardError::NoUrl)?;
    if let Some(IpAddr::V4(address)) = address(host)
        && without_port(authority) != address.to_string()
    {
        return Err(GuardError::OddAddress);
    }
    Ok(url)
}

/// Where `location` leads from `base` (RFC 9110, 10.2.2).
pub(super) fn join(base: &Url, location: &str) -> Result<Url, GuardError> {
    check_characters(location)?;
    if location.starts_with("//") {
        return parse(&format!("{}:{location}", base.scheme()));
    }
    let before_path = location.split(['/', '?', '#']).next().unwrap_or_default();
    if before_path.contains(':') {
        return parse(location);
    }
    base.join(location).map_err(|_| GuardError::NoUrl)
}

fn check_characters(text: &str) -> Result<(), GuardError> {
    let odd = |c: char| c.is_whitespace() || c.is_control() || c == '\\';
    if text.len() > MAX_URL_BYTES || text.contains(odd) { Err(GuardError::NoUrl) } else { Ok(()) }
}

/// A host of numbers that is no address, such as `256.0.0.1`, is more likely odd than a name.
fn odd_or_none(authority: &str) -> GuardError {
    let numbers =
        without_port(authority).chars().all(|c| c.is_ascii_hexdigit() || ".xX".contains(c));
    if numbers && !authority.is_empty() { GuardError::OddAddress } else { GuardError::NoUrl }
}

fn without_port(authority: &str) -> &str {
    match authority.rsplit_once(':') {
        Some((host, port)) if port.chars().all(|c| c.is_ascii_digit()) => host,
        _ => authority,
    }
}
