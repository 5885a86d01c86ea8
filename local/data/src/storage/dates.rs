//! The two ways the storage services write a time: RFC 1123 in headers and lists, ISO 8601 in signatures and keys.

use jiff::{
    Timestamp,
    civil::{Date, DateTime, Time},
    fmt::rfc2822,
    tz::TimeZone,
};

/// How Azure writes the time of what never expires.
pub(super) const NEVER: &str = "Fri, 31 Dec 9999 23:59:59 GMT";

/// `Sat, 21 Nov 2026 08:09:55 GMT`; the fraction of the second is lost.
pub(super) fn http(time: Timestamp) -> String {
    // It fails for years before 0 and after 9999, which a `Timestamp` of this century's clock is not.
    rfc2822::DateTimePrinter::new()
        .timestamp_to_rfc9110_string(&time)
        .unwrap_or_else(|_| NEVER.to_owned())
}

/// Reads what `http` writes.
pub(super) fn parse_http(text: &str) -> Option<Timestamp> {
    rfc2822::DateTimeParser::new().parse_timestamp(text).ok()
}

/// `2026-11-21T08:09:55Z`, as user delegation keys have it.
pub(super) fn iso(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// `2026-11-21T08:09:55.1234567Z`: seven digits, .NET's ticks.
pub(super) fn iso_ticks(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%S.%7fZ").to_string()
}

/// Reads the ISO 8601 forms that a shared access signature may use: a date, or a date and a time to the minute,
/// second or fraction, in UTC. Source: "Specify the signature validity interval", Microsoft's REST reference.
pub(super) fn parse_iso(text: &str) -> Option<Timestamp> {
    let civil = match text.strip_suffix('Z') {
        Some(time) => time.parse::<DateTime>().ok()?,
        None if text.len() == "2026-11-21".len() => {
            text.parse::<Date>().ok()?.to_datetime(Time::midnight())
        }
        None => return None,
    };
    civil.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read_back() {
        let time: Timestamp = "2026-11-21T08:09:55.123456789Z".parse().unwrap();
        assert_eq!(http(time), "Sat, 21 Nov 2026 08:09:55 GMT");
        assert_eq!(parse_http(&http(time)), parse_iso("2026-11-21T08:09:55Z"));
        assert_eq!(iso(time), "2026-11-21T08:09:55Z");
        assert_eq!(iso_ticks(time), "2026-11-21T08:09:55.1234567Z");
    }

    #[test]
    fn every_form_of_a_signature_s_time_is_read() {
        let full = "2026-11-21T08:09:00Z".parse().ok();
        assert_eq!(parse_iso("2026-11-21T08:09Z"), full);
        assert_eq!(parse_iso("2026-11-21T08:09:00.0000000Z"), full);
        assert_eq!(parse_iso("2026-11-21"), "2026-11-21T00:00:00Z".parse().ok());
        assert_eq!(parse_iso("2026-11-21T08:09:00"), None);
        assert_eq!(parse_iso("tomorrow"), None);
    }
}
