//! `extensions.http.maxOutstandingRequests` and `maxConcurrentRequests` of `host.json`: past the first the answer is
//! 429, past the second a request waits. Without them nothing is throttled, as on every plan but Windows Consumption
//! (host `HttpOptionsSetup.cs`).

use std::sync::Arc;

use serde_json::Value;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::HostJson;

/// The limits of one app.
#[derive(Debug, Default)]
pub(crate) struct Throttle {
    outstanding: Option<Arc<Semaphore>>,
    concurrent: Option<Arc<Semaphore>>,
}

/// A request's places; given back when it is dropped.
#[derive(Debug, Default)]
pub(crate) struct Place {
    _outstanding: Option<OwnedSemaphorePermit>,
    _concurrent: Option<OwnedSemaphorePermit>,
}

impl Throttle {
    pub(crate) fn new(host_json: &HostJson) -> Self {
        let limit = |key: &str| {
            let count = host_json.get(&["extensions", "http", key]).and_then(count)?;
            Some(Arc::new(Semaphore::new(count)))
        };
        Self {
            outstanding: limit("maxOutstandingRequests"),
            concurrent: limit("maxConcurrentRequests"),
        }
    }

    /// A place for a request, perhaps after a wait; nothing when there are too many already.
    pub(crate) async fn admit(&self) -> Option<Place> {
        let outstanding = match &self.outstanding {
            Some(limit) => Some(Arc::clone(limit).try_acquire_owned().ok()?),
            None => None,
        };
        let concurrent = match &self.concurrent {
            Some(limit) => Some(Arc::clone(limit).acquire_owned().await.ok()?),
            None => None,
        };
        Some(Place { _outstanding: outstanding, _concurrent: concurrent })
    }
}

/// A positive number, also as a text; −1 is unbounded.
fn count(value: &Value) -> Option<usize> {
    let number = value.as_i64().or_else(|| value.as_str()?.parse().ok())?;
    usize::try_from(number).ok().filter(|count| (1..=Semaphore::MAX_PERMITS).contains(count))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn throttle(outstanding: usize, concurrent: usize) -> Throttle {
        let limit = |count| Some(Arc::new(Semaphore::new(count)));
        Throttle { outstanding: limit(outstanding), concurrent: limit(concurrent) }
    }

    #[tokio::test]
    async fn too_many_outstanding_requests_are_refused_and_those_over_the_concurrency_wait() {
        let throttle = throttle(2, 1);
        let first = throttle.admit().await.unwrap();
        let mut second = Box::pin(throttle.admit());
        assert!(futures::poll!(&mut second).is_pending());
        assert!(throttle.admit().await.is_none());
        drop(first);
        assert!(second.await.is_some());
    }

    #[tokio::test]
    async fn minus_one_and_nothing_are_unbounded() {
        assert_eq!(count(&Value::from(-1)), None);
        assert_eq!(count(&Value::from("5")), Some(5));
        assert!(Throttle::default().admit().await.is_some());
    }
}
