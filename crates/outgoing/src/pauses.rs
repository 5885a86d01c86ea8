//! How long to wait before the next try.

use crate::limits::Limits;
use jiff::{Timestamp, fmt::rfc2822};
use reqwest::header::{HeaderMap, RETRY_AFTER};
use std::time::Duration;

/// The pause after so many `failures` in a row (1 and up): random between half and all of a time that doubles, so
/// that many waiting callers do not come back together, and never less than the service asked for.
pub(crate) fn after(
    failures: u32,
    retry_after: Option<Duration>,
    limits: &Limits,
    random: f64,
) -> Duration {
    let doublings = failures.saturating_sub(1).min(16);
    let doubled = limits.first_pause.saturating_mul(2_u32.saturating_pow(doublings));
    let most = doubled.min(limits.longest_pause);
    let pause = most.mul_f64(0.5 + random.clamp(0.0, 1.0) / 2.0);
    pause.max(retry_after.unwrap_or_default())
}

/// What `Retry-After` says: seconds, or a date (RFC 9110, 10.2.3). Nonsense says nothing.
pub(crate) fn asked_for(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse::<u32>() {
        return Some(Duration::from_secs(seconds.into()));
    }
    let date = rfc2822::DateTimeParser::new().parse_timestamp(text).ok()?;
    // A date that is past means now.
    Some(Duration::try_from(date.duration_since(now)).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Limits = Limits::DEFAULT;

    #[test]
    fn pauses_double_up_to_the_longest_and_vary_by_half() {
        let ms = |failures, random| after(failures, None, &LIMITS, random).as_millis();
        assert_eq!([1, 2, 3, 4, 5, 9].map(|n| ms(n, 1.0)), [500, 1000, 2000, 4000, 8000, 8000]);
        assert_eq!([1, 2, 3, 4, 5, 9].map(|n| ms(n, 0.0)), [250, 500, 1000, 2000, 4000, 4000]);
    }

    #[test]
    fn the_service_is_never_asked_earlier_than_it_wants() {
        let asked = Some(Duration::from_secs(20));
        assert_eq!(after(1, asked, &LIMITS, 1.0).as_secs(), 20);
        assert_eq!(after(6, Some(Duration::from_secs(1)), &LIMITS, 1.0).as_secs(), 8);
    }

    #[test]
    fn retry_after_is_read_as_seconds_and_as_a_date() {
        let now: Timestamp = "2026-11-21T10:00:00Z".parse().unwrap();
        let asked = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(RETRY_AFTER, text.parse().unwrap());
            asked_for(&headers, now).map(|duration| duration.as_secs())
        };
        assert_eq!(asked("7"), Some(7));
        assert_eq!(asked("Sat, 21 Nov 2026 10:00:30 GMT"), Some(30));
        assert_eq!(asked("Sat, 21 Nov 2026 09:00:00 GMT"), Some(0));
        assert_eq!(asked("soon"), None);
        assert_eq!(asked("-5"), None);
        assert_eq!(asked_for(&HeaderMap::new(), now), None);
    }
}
