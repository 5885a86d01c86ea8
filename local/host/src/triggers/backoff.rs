//! Waits that grow, as the WebJobs SDK's `RandomizedExponentialBackoffStrategy` makes them.

use std::time::Duration;

/// A wait that begins at the minimum and roughly doubles what it adds, up to the maximum.
#[derive(Clone, Debug)]
pub(crate) struct Backoff {
    minimum: Duration,
    maximum: Duration,
    current: Duration,
    exponent: i32,
}

impl Backoff {
    pub(crate) fn new(minimum: Duration, maximum: Duration) -> Self {
        Self { minimum, maximum, current: Duration::ZERO, exponent: 0 }
    }

    /// The next wait. `random` is drawn from 0 to 1 and spreads what is added by a fifth to either side.
    pub(crate) fn next(&mut self, random: f64) -> Duration {
        if self.current >= self.maximum {
            return self.maximum;
        }
        let mut wait = self.minimum;
        if self.exponent > 0 {
            let spread = 0.8 + 0.4 * random.clamp(0.0, 1.0);
            let added = self.minimum.as_secs_f64() * 2f64.powi(self.exponent - 1) * spread;
            wait += Duration::try_from_secs_f64(added).unwrap_or(self.maximum);
        }
        self.exponent = self.exponent.saturating_add(1);
        self.current = wait.min(self.maximum);
        self.current
    }

    /// Begins again after a success.
    pub(crate) fn reset(&mut self) {
        self.current = self.minimum;
        self.exponent = 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn millis(backoff: &mut Backoff, count: usize) -> Vec<u128> {
        (0..count).map(|_| backoff.next(0.5).as_millis()).collect()
    }

    #[test]
    fn waits_grow_from_the_minimum_to_the_maximum() {
        let mut backoff = Backoff::new(Duration::from_millis(100), Duration::from_secs(1));
        assert_eq!(millis(&mut backoff, 7), [100, 200, 300, 500, 900, 1000, 1000]);
        backoff.reset();
        assert_eq!(millis(&mut backoff, 2), [200, 300]);
    }

    #[test]
    fn what_is_added_is_spread_by_a_fifth() {
        for (random, expected) in [(0.0, 180), (1.0, 220)] {
            let mut backoff = Backoff::new(Duration::from_millis(100), Duration::from_secs(60));
            backoff.next(random);
            assert_eq!(backoff.next(random).as_millis(), expected);
        }
    }
}
