//! What this process knows of each destination: scheme, host and port.

use crate::{
    breaker::{Breaker, Permit},
    budget::Purse,
    limits::Limits,
};
use reqwest::Url;
use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard},
    time::Duration,
};

/// Most destinations that are remembered: strangers' URLs name as many hosts as they like.
const MAX_DESTINATIONS: usize = 1000;

#[derive(Debug)]
pub(crate) struct Destinations {
    limits: Limits,
    known: Mutex<HashMap<String, Destination>>,
}

#[derive(Debug)]
struct Destination {
    breaker: Breaker,
    purse: Purse,
    last_used: Duration,
}

/// Scheme, host and port; for texts too, since it holds nothing that is secret.
pub(crate) fn origin(url: &Url) -> String {
    url.origin().ascii_serialization()
}

impl Destinations {
    pub(crate) fn new(limits: Limits) -> Self {
        Self { limits, known: Mutex::default() }
    }

    /// A call of `origin` begins.
    pub(crate) fn begin(&self, origin: &str, now: Duration) {
        self.with(origin, now, |destination| destination.purse.earn());
    }

    /// Leave for one try, or how long to wait before asking for it again.
    pub(crate) fn admit(&self, origin: &str, now: Duration) -> Result<Permit, Duration> {
        self.with(origin, now, |destination| destination.breaker.admit(now))
    }

    /// How the try went: `Err` with the time that the service asked for if it failed.
    pub(crate) fn report(
        &self,
        origin: &str,
        now: Duration,
        permit: Permit,
        went: Result<(), Option<Duration>>,
    ) {
        self.with(origin, now, |destination| match went {
            Ok(()) => destination.breaker.succeeded(permit),
            Err(retry_after) => destination.breaker.failed(permit, now, retry_after),
        });
    }

    /// Whether one more try is in the budget; then it is paid.
    pub(crate) fn pay_retry(&self, origin: &str, now: Duration) -> bool {
        self.with(origin, now, |destination| destination.purse.pay())
    }

    fn with<T>(&self, origin: &str, now: Duration, act: impl FnOnce(&mut Destination) -> T) -> T {
        let mut known = self.known();
        if !known.contains_key(origin) {
            forget_oldest(&mut known);
        }
        let fresh = || Destination {
            breaker: Breaker::new(self.limits.breaker),
            purse: Purse::full(self.limits.retry_budget),
            last_used: now,
        };
        let destination = known.entry(origin.to_owned()).or_insert_with(fresh);
        destination.last_used = now;
        act(destination)
    }

    fn known(&self) -> MutexGuard<'_, HashMap<String, Destination>> {
        self.known.lock().expect("no code panics while it holds the destinations")
    }
}

fn forget_oldest(known: &mut HashMap<String, Destination>) {
    if known.len() < MAX_DESTINATIONS {
        return;
    }
    let oldest = known.iter().min_by_key(|(_, destination)| destination.last_used);
    if let Some(origin) = oldest.map(|(origin, _)| origin.clone()) {
        known.remove(&origin);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn s(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn one_destination_in_trouble_is_not_another() {
        let destinations = Destinations::new(Limits::DEFAULT);
        for _ in 0..Limits::DEFAULT.breaker.failures_to_open {
            let permit = destinations.admit("https://a", s(0)).unwrap();
            destinations.report("https://a", s(0), permit, Err(None));
        }
        assert!(destinations.admit("https://a", s(1)).is_err());
        assert!(destinations.admit("https://b", s(1)).is_ok());
    }

    #[test]
    fn there_is_room_for_so_many_and_the_oldest_is_forgotten() {
        let destinations = Destinations::new(Limits::DEFAULT);
        for number in 0..2 * MAX_DESTINATIONS as u64 {
            destinations.begin(&format!("https://{number}"), s(number));
        }
        assert_eq!(destinations.known().len(), MAX_DESTINATIONS);
        assert!(destinations.known().contains_key("https://1999"));
        assert!(!destinations.known().contains_key("https://999"));
    }

    #[test]
    fn an_origin_holds_no_secrets() {
        let url: Url = "https://u:p@a.example:8443/secret?token=1#x".parse().unwrap();
        assert_eq!(origin(&url), "https://a.example:8443");
    }
}
