//! `extensions.http.hsts`: what the host tells browsers of its own, since its proxy drops what a handler says (host
//! `HostHstsOptionsSetup.cs`, ASP.NET Core `HstsMiddleware.cs`).

use std::time::Duration;

use http::HeaderValue;

use super::{HostJsonError, Reader};

/// `maxAge` when it is not given: 30 days.
const MAX_AGE: Duration = Duration::from_secs(30 * 86_400);

/// The value of `Strict-Transport-Security`, if the host sends one.
pub(super) fn read(reader: &Reader<'_>) -> Result<Option<HeaderValue>, HostJsonError> {
    let flag = |name| reader.flag(&["extensions", "http", "hsts", name], false);
    let key = ["extensions", "http", "hsts", "maxAge"];
    let max_age = reader.time_span(&key)?.unwrap_or(MAX_AGE);
    let mut value = format!("max-age={}", max_age.as_secs());
    if flag("includeSubDomains")? {
        value.push_str("; includeSubDomains");
    }
    if flag("preload")? {
        value.push_str("; preload");
    }
    let value = HeaderValue::try_from(value).map_err(|error| reader.error(&key, error.to_string()));
    Ok(if flag("isEnabled")? { Some(value?) } else { None })
}
