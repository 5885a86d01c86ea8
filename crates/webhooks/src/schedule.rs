//! When to try again.

use std::time::Duration;

/// How long to wait before each attempt, from the one before it: the specification's schedule. All of them take
/// 75 hours, 35 minutes and 5 seconds.
pub const SCHEDULE: [Duration; 10] = [
    Duration::ZERO,
    Duration::from_secs(5),
    Duration::from_mins(5),
    Duration::from_mins(30),
    Duration::from_hours(2),
    Duration::from_hours(5),
    Duration::from_hours(10),
    Duration::from_hours(14),
    Duration::from_hours(20),
    Duration::from_hours(24),
];

/// How often a message is sent at most.
pub const MAX_ATTEMPTS: u32 = 10;

/// By which part a wait is longer or shorter than the schedule's, so that what failed together does not come back together.
pub const JITTER: f64 = 0.2;

/// The longest that a receiver can ask for with `Retry-After`, in waits of the schedule.
const MAX_RETRY_AFTER: u32 = 2;

/// How long to wait after so many attempts; `None` when they were the last.
///
/// `draw` is a random number from 0 to 1: 0 makes the wait 20 % shorter, 1 makes it 20 % longer, 0.5 leaves it as it is.
/// What the receiver asked for in `Retry-After` counts instead, neither less than the schedule's wait nor more than twice
/// as long: nobody is sent to more often, or held back for weeks, by a header.
#[must_use]
pub fn wait_after(attempts: u32, draw: f64, retry_after: Option<Duration>) -> Option<Duration> {
    let base = *SCHEDULE.get(usize::try_from(attempts).ok()?)?;
    Some(match retry_after {
        Some(asked) => asked.clamp(base, base * MAX_RETRY_AFTER),
        None => base.mul_f64(1.0 - JITTER + 2.0 * JITTER * fraction(draw)),
    })
}

fn fraction(draw: f64) -> f64 {
    if draw.is_nan() { 0.5 } else { draw.clamp(0.0, 1.0) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;

    #[test]
    fn ten_attempts_take_75_hours_35_minutes_and_5_seconds() {
        let total: Duration = SCHEDULE.iter().sum();
        assert_eq!(total.as_secs(), 75 * 3600 + 35 * 60 + 5);
        assert_eq!(SCHEDULE.len(), MAX_ATTEMPTS as usize);
        assert_eq!(wait_after(0, 0.5, None), Some(Duration::ZERO));
        assert_eq!(wait_after(9, 0.5, None), Some(Duration::from_hours(24)));
        assert_eq!(wait_after(MAX_ATTEMPTS, 0.5, None), None);
        assert_eq!(wait_after(u32::MAX, 0.5, None), None);
    }

    #[test]
    fn a_wait_varies_by_a_fifth_and_no_draw_breaks_out() {
        let ms = |draw: f64| wait_after(1, draw, None).unwrap().as_millis();
        assert_eq!([0.0, 0.5, 1.0].map(ms), [4000, 5000, 6000]);
        assert_eq!([-7.0, f64::NAN, f64::INFINITY].map(ms), [4000, 5000, 6000]);
    }

    #[test]
    fn retry_after_counts_from_the_schedules_wait_to_twice_of_it() {
        let asked = |seconds| {
            let asked = Some(Duration::from_secs(seconds));
            [0.0, 1.0].map(|draw| wait_after(2, draw, asked).unwrap().as_secs())
        };
        assert_eq!([0, 299, 301, 9_999].map(asked), [[300; 2], [300; 2], [301; 2], [600; 2]]);
        assert_eq!(wait_after(MAX_ATTEMPTS, 0.5, Some(Duration::from_secs(1))), None);
    }
}
