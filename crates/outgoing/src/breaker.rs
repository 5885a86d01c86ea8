//! The circuit breaker: a service that fails again and again is left alone for a while, then asked once, and asked
//! by everybody again only when that went well. A state machine without a clock: times are handed in, measured from
//! any moment that does not change.

use crate::limits::BreakerLimits;
use std::time::Duration;

/// What this process thinks of the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// All is well, or has failed so many times in a row.
    Closed { failures: u32 },
    /// Nobody asks until then.
    Open { until: Duration, opened_for: Duration },
    /// One caller asks for all.
    HalfOpen { probe: u64, since: Duration, opened_for: Duration },
}

/// Leave to make one call; how it ended is reported with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Permit(u64);

#[derive(Debug)]
pub(crate) struct Breaker {
    limits: BreakerLimits,
    state: State,
    permits: u64,
    /// Permits given before this one belong to an earlier state: their reports come too late to count.
    current_from: u64,
}

impl Breaker {
    pub(crate) fn new(limits: BreakerLimits) -> Self {
        Self { limits, state: State::Closed { failures: 0 }, permits: 0, current_from: 0 }
    }

    /// Leave to call, or how long to wait before asking for it again.
    pub(crate) fn admit(&mut self, now: Duration) -> Result<Permit, Duration> {
        let opened_for = match self.state {
            State::Closed { .. } => return Ok(self.permit()),
            State::Open { until, .. } if now < until => return Err(until - now),
            State::HalfOpen { since, .. } if now < since + self.limits.probe_lapses_after => {
                return Err(since + self.limits.probe_lapses_after - now);
            }
            State::Open { opened_for, .. } | State::HalfOpen { opened_for, .. } => opened_for,
        };
        let permit = self.permit();
        self.enter(State::HalfOpen { probe: permit.0, since: now, opened_for }, permit.0);
        Ok(permit)
    }

    /// The service answered.
    pub(crate) fn succeeded(&mut self, permit: Permit) {
        if permit.0 >= self.current_from {
            match self.state {
                State::Closed { .. } => self.state = State::Closed { failures: 0 },
                State::Open { .. } => {}
                State::HalfOpen { .. } => {
                    self.enter(State::Closed { failures: 0 }, self.permits);
                }
            }
        }
    }

    /// The service did not answer; perhaps it said when it wants to be asked again.
    pub(crate) fn failed(&mut self, permit: Permit, now: Duration, retry_after: Option<Duration>) {
        if permit.0 < self.current_from {
            return;
        }
        match self.state {
            State::Closed { failures } if failures + 1 < self.limits.failures_to_open => {
                self.state = State::Closed { failures: failures + 1 };
            }
            State::Closed { .. } => self.open(now, self.limits.open_for, retry_after),
            State::Open { .. } => {}
            State::HalfOpen { opened_for, .. } => self.open(now, opened_for * 2, retry_after),
        }
    }

    fn open(&mut self, now: Duration, open_for: Duration, retry_after: Option<Duration>) {
        let opened_for = open_for.min(self.limits.longest_open_for);
        let asked_for = retry_after.unwrap_or_default().min(self.limits.longest_open_for);
        let until = now + opened_for.max(asked_for);
        self.enter(State::Open { until, opened_for }, self.permits);
    }

    fn enter(&mut self, state: State, current_from: u64) {
        self.state = state;
        self.current_from = current_from;
    }

    fn permit(&mut self) -> Permit {
        self.permits += 1;
        Permit(self.permits - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const LIMITS: BreakerLimits = BreakerLimits {
        failures_to_open: 3,
        open_for: Duration::from_secs(10),
        longest_open_for: Duration::from_secs(35),
        probe_lapses_after: Duration::from_secs(5),
    };

    fn s(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    fn opened_at(now: Duration) -> Breaker {
        let mut breaker = Breaker::new(LIMITS);
        for _ in 0..LIMITS.failures_to_open {
            let permit = breaker.admit(now).unwrap();
            breaker.failed(permit, now, None);
        }
        breaker
    }

    #[test]
    fn failures_in_a_row_open_it_and_a_success_in_between_does_not() {
        let mut breaker = Breaker::new(LIMITS);
        for failed in [true, true, false, true, true] {
            let permit = breaker.admit(s(1)).unwrap();
            if failed {
                breaker.failed(permit, s(1), None);
            } else {
                breaker.succeeded(permit);
            }
        }
        assert!(breaker.admit(s(1)).is_ok());
        assert_eq!(opened_at(s(1)).admit(s(2)), Err(s(9)));
    }

    #[test]
    fn after_a_while_one_asks_for_all_and_its_success_lets_everybody_in() {
        let mut breaker = opened_at(s(0));
        let probe = breaker.admit(s(10)).unwrap();
        assert_eq!(breaker.admit(s(11)), Err(s(4)));
        breaker.succeeded(probe);
        assert!(breaker.admit(s(11)).is_ok());
        assert!(breaker.admit(s(11)).is_ok());
    }

    #[test]
    fn a_failed_probe_doubles_the_time_up_to_the_longest() {
        let mut breaker = opened_at(s(0));
        let mut now = s(0);
        for open_for in [10, 20, 35, 35] {
            assert_eq!(breaker.admit(now), Err(s(open_for)));
            now += s(open_for);
            let probe = breaker.admit(now).unwrap();
            breaker.failed(probe, now, None);
        }
    }

    #[test]
    fn a_service_that_says_when_is_left_alone_until_then_but_not_for_ever() {
        for (asked_for, expected) in [(2, 10), (30, 30), (4000, 35)] {
            let mut breaker = Breaker::new(LIMITS);
            for _ in 0..LIMITS.failures_to_open {
                let permit = breaker.admit(s(0)).unwrap();
                breaker.failed(permit, s(0), Some(s(asked_for)));
            }
            assert_eq!(breaker.admit(s(0)), Err(s(expected)));
        }
    }

    #[test]
    fn a_probe_that_never_reports_lapses_and_its_late_report_counts_for_nothing() {
        let mut breaker = opened_at(s(0));
        let lost = breaker.admit(s(10)).unwrap();
        let second = breaker.admit(s(15)).unwrap();
        breaker.succeeded(lost);
        assert_eq!(breaker.admit(s(15)), Err(s(5)), "the second probe is still out");
        breaker.succeeded(second);
        assert!(breaker.admit(s(15)).is_ok());
    }

    #[test]
    fn a_call_begun_before_it_opened_neither_closes_nor_prolongs_it() {
        let mut breaker = Breaker::new(LIMITS);
        let early = breaker.admit(s(0)).unwrap();
        let late = breaker.admit(s(0)).unwrap();
        for _ in 0..LIMITS.failures_to_open {
            let permit = breaker.admit(s(0)).unwrap();
            breaker.failed(permit, s(0), None);
        }
        breaker.succeeded(early);
        breaker.failed(late, s(5), None);
        assert_eq!(breaker.admit(s(6)), Err(s(4)));
    }

    #[derive(Debug, Clone)]
    enum Step {
        Wait(u64),
        Admit,
        Succeed(prop::sample::Index),
        Fail(prop::sample::Index, Option<u64>),
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            (0..20_u64).prop_map(Step::Wait),
            Just(Step::Admit),
            any::<prop::sample::Index>().prop_map(Step::Succeed),
            (any::<prop::sample::Index>(), prop::option::of(0..100_u64))
                .prop_map(|(which, after)| Step::Fail(which, after)),
        ]
    }

    proptest! {
        #[test]
        fn whatever_happens_it_lets_somebody_in_within_the_longest_time_and_one_probe_at_once(
            steps in prop::collection::vec(step(), 0..200),
        ) {
            let mut breaker = Breaker::new(LIMITS);
            let mut now = s(0);
            let mut out = Vec::new();
            for step in steps {
                match step {
                    Step::Wait(seconds) => now += s(seconds),
                    Step::Admit => {
                        let was_closed = matches!(breaker.state, State::Closed { .. });
                        match breaker.admit(now) {
                            Ok(permit) => {
                                out.push(permit);
                                if !was_closed {
                                    prop_assert!(breaker.admit(now).is_err(), "a second probe");
                                }
                            }
                            Err(wait) => {
                                prop_assert!(!was_closed);
                                prop_assert!(wait > s(0) && wait <= LIMITS.longest_open_for);
                                let mut later = Breaker { limits: LIMITS, ..breaker };
                                prop_assert!(later.admit(now + wait).is_ok(), "{wait:?} was a lie");
                            }
                        }
                    }
                    Step::Succeed(which) if !out.is_empty() => {
                        breaker.succeeded(out.swap_remove(which.index(out.len())));
                    }
                    Step::Fail(which, after) if !out.is_empty() => {
                        breaker.failed(out.swap_remove(which.index(out.len())), now, after.map(s));
                    }
                    Step::Succeed(_) | Step::Fail(..) => {}
                }
            }
        }
    }
}
