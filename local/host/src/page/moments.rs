//! Moments and durations of telemetry, which counts nanoseconds.

use jiff::Timestamp;

/// What a duration is in words: `0.4 ms`, `250 ms`, `12.5 s`.
pub(super) fn took(ms: f64) -> String {
    match ms {
        ms if ms < 10.0 => format!("{ms:.1} ms"),
        ms if ms < 10_000.0 => format!("{ms:.0} ms"),
        ms => format!("{:.1} s", ms / 1_000.0),
    }
}

/// Nanoseconds since 1970 as RFC 3339, to the microsecond.
pub(super) fn moment(ns: u64) -> String {
    // No u64 is out of the range.
    format!("{:.6}", Timestamp::from_nanosecond(ns.into()).unwrap_or_default())
}

/// The time of day in such a text, to the millisecond.
pub(super) fn clock(moment: &str) -> String {
    moment.get(11..23).unwrap_or_default().to_owned()
}

#[expect(clippy::cast_precision_loss, reason = "shown to people")]
pub(super) fn ms(ns: u64) -> f64 {
    ns as f64 / 1e6
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_the_unit_that_people_read() {
        let texts = [0.04, 9.9, 10.4, 9_999.0, 12_345.0].map(took);
        assert_eq!(texts, ["0.0 ms", "9.9 ms", "10 ms", "9999 ms", "12.3 s"]);
    }

    #[test]
    fn every_moment_is_shown() {
        let text = moment(1_764_529_445_123_456_789);
        assert_eq!(text, "2025-11-30T19:04:05.123456Z");
        assert_eq!(clock(&text), "19:04:05.123");
        assert!(moment(u64::MAX).starts_with("2554-"));
    }
}
