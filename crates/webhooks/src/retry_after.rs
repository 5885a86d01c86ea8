//! The header `Retry-After`.

use std::time::Duration;

use jiff::{Timestamp, fmt::rfc2822};

/// What the header `Retry-After` of an answer asks for: seconds, or a date (RFC 9110, 10.2.3). Nonsense asks for nothing, and a
/// date that is past for no wait.
#[must_use]
pub fn retry_after(value: &str, now: Timestamp) -> Option<Duration> {
    let value = value.trim();
    if value.bytes().all(|byte| byte.is_ascii_digit()) {
        // More than fits is longer than anybody waits.
        let most = u64::from(u32::MAX);
        return (!value.is_empty())
            .then(|| Duration::from_secs(value.parse().unwrap_or(most).min(most)));
    }
    let date = rfc2822::DateTimeParser::new().parse_timestamp(value).ok()?;
    Some(Duration::try_from(date.duration_since(now)).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;

    #[test]
    fn seconds_and_dates_are_read_and_nonsense_is_not() {
        let now: Timestamp = "2026-11-21T10:00:00Z".parse().unwrap();
        let asked = |value: &str| retry_after(value, now).map(|wait| wait.as_secs());
        assert_eq!(asked("120"), Some(120));
        assert_eq!(asked(" 0 "), Some(0));
        assert_eq!(asked("99999999999999999999999"), Some(u32::MAX.into()));
        assert_eq!(asked("Sat, 21 Nov 2026 10:00:30 GMT"), Some(30));
        assert_eq!(asked("Sat, 21 Nov 2026 09:00:00 GMT"), Some(0));
        for nonsense in ["", " ", "-1", "1.5", "soon", "+7"] {
            assert_eq!(asked(nonsense), None, "{nonsense:?}");
        }
    }
}
