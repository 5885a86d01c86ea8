//! Retry policies: how often a failed invocation is repeated, and after which wait.

use std::time::Duration;

use function_json::RetryPolicy;

use super::backoff::Backoff;
use crate::envelope::RetryContext;

/// The attempts of one trigger event. Without a policy there is one.
#[derive(Clone, Debug)]
pub(crate) struct Attempts {
    policy: Option<RetryPolicy>,
    backoff: Backoff,
    retries: u32,
    failure: Option<String>,
}

impl Attempts {
    pub(crate) fn new(policy: Option<&RetryPolicy>) -> Self {
        let backoff = match policy {
            Some(RetryPolicy::ExponentialBackoff { minimum, maximum, .. }) => {
                Backoff::new(*minimum, *maximum)
            }
            _ => Backoff::new(Duration::ZERO, Duration::ZERO),
        };
        Self { policy: policy.cloned(), backoff, retries: 0, failure: None }
    }

    /// What the attempt's metadata says: there is one with a policy, from the first attempt on.
    pub(crate) fn context(&self) -> Option<RetryContext> {
        let policy = self.policy.as_ref()?;
        Some(RetryContext {
            retry_count: self.retries,
            max_retry_count: policy.max_retry_count(),
            failure: self.failure.clone(),
        })
    }

    /// Notes a failure. Returns the wait before the next attempt, or nothing when it was the last: calls in all are
    /// retries + 1, and −1 is for ever.
    pub(crate) fn failed(&mut self, reason: &str, random: f64) -> Option<Duration> {
        let policy = self.policy.as_ref()?;
        let more = u32::try_from(policy.max_retry_count()).map_or(true, |most| self.retries < most);
        if !more {
            return None;
        }
        self.retries = self.retries.saturating_add(1);
        self.failure = Some(reason.to_owned());
        Some(match policy {
            RetryPolicy::FixedDelay { delay, .. } => *delay,
            RetryPolicy::ExponentialBackoff { .. } => self.backoff.next(random),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(policy: &RetryPolicy, count: usize) -> Vec<Option<u64>> {
        let mut attempts = Attempts::new(Some(policy));
        (0..count).map(|_| attempts.failed("boom", 0.5).map(|wait| wait.as_secs())).collect()
    }

    #[test]
    fn a_fixed_policy_waits_the_same_and_then_ends() {
        let policy = RetryPolicy::FixedDelay { max_retry_count: 2, delay: Duration::from_secs(10) };
        assert_eq!(seconds(&policy, 3), [Some(10), Some(10), None]);
    }

    #[test]
    fn an_exponential_policy_waits_longer_up_to_its_maximum() {
        let (minimum, maximum) = (Duration::from_secs(2), Duration::from_secs(15));
        let policy = RetryPolicy::ExponentialBackoff { max_retry_count: 5, minimum, maximum };
        assert_eq!(seconds(&policy, 6), [Some(2), Some(4), Some(6), Some(10), Some(15), None]);
    }

    #[test]
    fn minus_one_is_for_ever() {
        let policy = RetryPolicy::FixedDelay { max_retry_count: -1, delay: Duration::from_secs(1) };
        assert!(seconds(&policy, 1000).iter().all(|wait| *wait == Some(1)));
    }

    #[test]
    fn without_a_policy_there_is_one_attempt_and_no_context() {
        let mut attempts = Attempts::new(None);
        assert_eq!(attempts.context(), None);
        assert_eq!(attempts.failed("boom", 0.5), None);
    }

    #[test]
    fn the_context_is_there_from_the_first_attempt_and_counts() {
        let policy = RetryPolicy::FixedDelay { max_retry_count: 2, delay: Duration::ZERO };
        let mut attempts = Attempts::new(Some(&policy));
        let context = |retry_count, failure: Option<&str>| {
            Some(RetryContext {
                retry_count,
                max_retry_count: 2,
                failure: failure.map(str::to_owned),
            })
        };
        assert_eq!(attempts.context(), context(0, None));
        attempts.failed("boom", 0.5);
        assert_eq!(attempts.context(), context(1, Some("boom")));
    }
}
