//! The forms in which .NET writes a moment, depending on its type and on the way it takes.

use jiff::Timestamp;

/// `DateTimeOffset.MaxValue`, which stands for "never"; jiff's own last moment is a little earlier.
const MAX_VALUE: &str = "9999-12-31T23:59:59+00:00";

/// A `DateTimeOffset` after a round through the default text form: whole seconds, offset zero. [`Timestamp::MAX`] is
/// .NET's own last moment.
pub(crate) fn offset_seconds(moment: Timestamp) -> String {
    if moment == Timestamp::MAX {
        return MAX_VALUE.to_owned();
    }
    moment.strftime("%Y-%m-%dT%H:%M:%S+00:00").to_string()
}

/// A `DateTime` after a round through the default text form: whole seconds, the zone lost.
pub(crate) fn zoneless_seconds(moment: Timestamp) -> String {
    moment.strftime("%Y-%m-%dT%H:%M:%S").to_string()
}

/// A UTC `DateTime` as Json.NET writes it.
pub(crate) fn utc_ticks(moment: Timestamp) -> String {
    with_ticks(moment, "Z")
}

/// A local `DateTime` as Json.NET writes it on a machine whose zone is UTC.
pub(crate) fn offset_ticks(moment: Timestamp) -> String {
    with_ticks(moment, "+00:00")
}

/// A `DateTime` of no kind as Json.NET writes it.
pub(crate) fn zoneless_ticks(moment: Timestamp) -> String {
    with_ticks(moment, "")
}

/// Fractions are ticks of 100 ns without trailing zeros.
fn with_ticks(moment: Timestamp, zone: &str) -> String {
    let seconds = zoneless_seconds(moment);
    let ticks = format!("{:07}", moment.subsec_nanosecond() / 100);
    match ticks.trim_end_matches('0') {
        "" => format!("{seconds}{zone}"),
        fraction => format!("{seconds}.{fraction}{zone}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_cut_and_ticks_lose_their_trailing_zeros() {
        let moment: Timestamp = "2026-01-02T03:04:05.678901299Z".parse().unwrap();
        assert_eq!(offset_seconds(moment), "2026-01-02T03:04:05+00:00");
        assert_eq!(offset_seconds(Timestamp::MAX), "9999-12-31T23:59:59+00:00");
        assert_eq!(zoneless_seconds(moment), "2026-01-02T03:04:05");
        assert_eq!(utc_ticks(moment), "2026-01-02T03:04:05.6789012Z");
        assert_eq!(
            offset_ticks("2026-01-02T03:04:05.7Z".parse().unwrap()),
            "2026-01-02T03:04:05.7+00:00"
        );
        assert_eq!(zoneless_ticks("2026-01-02T03:04:05Z".parse().unwrap()), "2026-01-02T03:04:05");
    }
}
