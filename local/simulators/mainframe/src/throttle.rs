//! So many messages a second.

use std::time::{Duration, Instant};

/// Permits that grow with time; what is not used in a second is lost.
#[derive(Debug)]
pub(crate) struct Throttle {
    permits: f64,
    at: Instant,
}

impl Throttle {
    pub(crate) fn new(now: Instant) -> Self {
        Self { permits: 0.0, at: now }
    }

    /// Takes up to `most` permits at `rate` a second, or says how long until there is one.
    pub(crate) fn take(
        &mut self,
        now: Instant,
        rate: Option<f64>,
        most: u8,
    ) -> Result<u8, Duration> {
        let Some(rate) = rate else { return Ok(most) };
        let grown = now.saturating_duration_since(self.at).as_secs_f64() * rate;
        self.permits = (self.permits + grown).min(rate.max(1.0));
        self.at = now;
        // A rounding error must not make a caller wait for nothing, again and again.
        if self.permits < 0.999_999 {
            return Err(Duration::from_secs_f64((1.0 - self.permits) / rate));
        }
        let taken = (1..=most).rev().find(|taken| f64::from(*taken) <= self.permits).unwrap_or(1);
        self.permits -= f64::from(taken);
        Ok(taken)
    }

    /// Gives back what was not used.
    pub(crate) fn give_back(&mut self, unused: u8) {
        self.permits += f64::from(unused);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_than_the_rate_is_taken_in_a_second() {
        let start = Instant::now();
        let mut throttle = Throttle::new(start);
        let mut taken = 0;
        for ms in 0..10_000 {
            let now = start + Duration::from_millis(ms);
            taken += u32::from(throttle.take(now, Some(7.0), 32).unwrap_or(0));
        }
        assert!((69..=70).contains(&taken), "{taken}");
    }

    #[test]
    fn it_says_how_long_to_wait_and_keeps_what_is_given_back() {
        let start = Instant::now();
        let mut throttle = Throttle::new(start);
        assert_eq!(throttle.take(start, Some(2.0), 32), Err(Duration::from_millis(500)));
        let later = start + Duration::from_secs(60);
        assert_eq!(throttle.take(later, Some(2.0), 32), Ok(2));
        throttle.give_back(1);
        assert_eq!(throttle.take(later, Some(2.0), 32), Ok(1));
        assert_eq!(throttle.take(later, None, 32), Ok(32));
    }
}
