use std::time::Duration;

use thiserror::Error;

const SECONDS_PER_DAY: u64 = 86_400;
/// .NET counts in ticks of 100 ns: a fraction has at most seven digits.
const MAX_FRACTION_DIGITS: usize = 7;
/// Longest .NET `TimeSpan`, in whole days.
const MAX_DAYS: u64 = 10_675_199;

/// A text that is not a .NET `TimeSpan` in the form this crate takes.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "{0:?} is not a time span; write `hh:mm:ss`, `hh:mm:ss.fff` or `d.hh:mm:ss` with hours up to 23, \
     for example `00:00:10`"
)]
pub struct TimeSpanError(pub String);

/// Reads a .NET `TimeSpan` as `function.json` and `host.json` write it: `hh:mm:ss`, `hh:mm:ss.fff`
/// (up to seven digits), `d.hh:mm:ss`.
///
/// Hours over 23 are refused: .NET reads `24:00:00` as 24 days, which nobody means.
pub fn parse_time_span(text: &str) -> Result<Duration, TimeSpanError> {
    read(text).ok_or_else(|| TimeSpanError(text.to_owned()))
}

fn read(text: &str) -> Option<Duration> {
    let (day_and_hour, rest) = text.trim().split_once(':')?;
    let (minutes, seconds) = rest.split_once(':')?;
    let (days, hours) = day_and_hour.split_once('.').unwrap_or(("0", day_and_hour));
    let (seconds, fraction) = seconds.split_once('.').unwrap_or((seconds, "0"));
    let whole_seconds = number(days, 8, MAX_DAYS)? * SECONDS_PER_DAY
        + number(hours, 2, 23)? * 3600
        + number(minutes, 2, 59)? * 60
        + number(seconds, 2, 59)?;
    Some(Duration::new(whole_seconds, nanoseconds(fraction)?))
}

fn number(text: &str, max_digits: usize, max: u64) -> Option<u64> {
    let digits =
        !text.is_empty() && text.len() <= max_digits && text.bytes().all(|b| b.is_ascii_digit());
    let value: u64 = digits.then(|| text.parse().ok())??;
    (value <= max).then_some(value)
}

fn nanoseconds(fraction: &str) -> Option<u32> {
    number(fraction, MAX_FRACTION_DIGITS, u64::MAX)?;
    format!("{fraction:0<9}").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_forms_are_read() {
        assert_eq!(parse_time_span("00:00:10"), Ok(Duration::from_secs(10)));
        assert_eq!(parse_time_span("1:02:03"), Ok(Duration::from_secs(3723)));
        assert_eq!(parse_time_span("00:00:00.25"), Ok(Duration::from_millis(250)));
        assert_eq!(parse_time_span("00:00:00.0000001"), Ok(Duration::from_nanos(100)));
        assert_eq!(parse_time_span("2.00:00:01"), Ok(Duration::from_secs(172_801)));
    }

    #[test]
    fn other_texts_are_refused_and_named() {
        for text in [
            "",
            "10",
            "00:10",
            "24:00:00",
            "00:60:00",
            "00:00:60",
            "-00:00:01",
            "00:00:01.",
            "00:00:01.12345678",
            "a:b:c",
            "1:2:3:4",
        ] {
            assert_eq!(parse_time_span(text), Err(TimeSpanError(text.to_owned())), "{text}");
        }
    }
}
