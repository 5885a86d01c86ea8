//! Requests that may be repeated: what a client asked for with an `Idempotency-Key`, and what was made of it.
//!
//! A record holds a fingerprint of the body and whatever the answer depends on besides the body, such as the ids that
//! were made up and the time; never personal data. It lives as long as its container's time to live says. One container
//! may hold the records of several kinds of request.

mod record;

pub use kinds::{ALL as PROBLEMS, IDEMPOTENCY_KEY_REUSED};
pub use record::fingerprint;

use crate::{Caller, problems};
use azure_data::{Container, CosmosFailure, Etag, Item, WriteError};
use custom_handler::{IdempotencyKey, Problem};
use record::Record;
use serde::{Serialize, de::DeserializeOwned};
use std::marker::PhantomData;

mod kinds {
    custom_handler::problem_kinds! {
        /// The key came with another request before.
        pub const IDEMPOTENCY_KEY_REUSED = UnprocessableContent, "idempotency-key-reused", "The idempotency key was used for another request";
    }
}

/// How often a record is looked up again because it appears or vanishes at the same moment.
const MAX_ATTEMPTS: usize = 5;

/// The records of one kind of request, in the container of the app that serves it.
///
/// ```
/// use azure_data::Container;
/// use custom_handler::{IdempotencyKey, Problem};
/// use public_api::{Caller, idempotency::{IdempotentRequests, not_repeatable}};
/// use serde::{Deserialize, Serialize};
///
/// /// All that the answer to an order depends on besides its body.
/// #[derive(Clone, Serialize, Deserialize)]
/// struct Placed { order_id: String }
///
/// struct App { orders: IdempotentRequests<Placed> }
///
/// fn app(requests: Container) -> App {
///     App { orders: IdempotentRequests::new(requests, "order") }
/// }
///
/// async fn place(app: &App, caller: &Caller, key: &IdempotencyKey, body: &str) -> Result<String, Problem> {
///     let fresh = Placed { order_id: "7".into() };
///     let begun = app.orders.begin(caller, key, body, fresh).await.map_err(not_repeatable)?;
///     Ok(begun.record.order_id)
/// }
/// ```
#[derive(Debug)]
pub struct IdempotentRequests<R> {
    container: Container,
    kind: &'static str,
    records: PhantomData<fn() -> R>,
}

/// A request that was begun, now or before.
#[derive(Debug, Clone)]
pub struct Begun<R> {
    /// What the answer depends on: of the first request with this key and body.
    pub record: R,
    /// Whether somebody began it before.
    pub repeated: bool,
    /// Names this record, for [`IdempotentRequests::restart`].
    pub etag: Etag,
}

/// Why a request with a key is not served.
#[derive(Debug, thiserror::Error)]
pub enum IdempotencyError {
    /// The key came with another body before.
    #[error("the idempotency key was used for another request")]
    OtherRequest,
    /// Somebody else works on the same request and moves the record.
    #[error("the same request is being worked on")]
    Busy,
    /// Cosmos DB did not answer.
    #[error(transparent)]
    Failed(#[from] CosmosFailure),
}

/// 422 `idempotency-key-reused`, 409 `busy` or 503 `unavailable`.
#[must_use]
pub fn not_repeatable(error: IdempotencyError) -> Problem {
    match error {
        IdempotencyError::OtherRequest => Problem::of(&IDEMPOTENCY_KEY_REUSED)
            .detail("this key came with another body before; use a new key for a new request")
            .header_error("Idempotency-Key", "was used for another request; use a new one"),
        IdempotencyError::Busy => problems::busy(),
        IdempotencyError::Failed(failure) => problems::unavailable(failure),
    }
}

impl<R: Clone + Serialize + DeserializeOwned + Send + Sync> IdempotentRequests<R> {
    /// `kind` names the kind of request for ever, such as `register`. The container is partitioned by `/id`.
    #[must_use]
    pub fn new(container: Container, kind: &'static str) -> Self {
        Self { container, kind, records: PhantomData }
    }

    /// The record that goes with `key`: of an earlier request of this caller with the same `body`, or `fresh`.
    ///
    /// `body` is compared by its fingerprint: give it in a form that is the same for requests that mean the same.
    ///
    /// # Errors
    /// The key came with another body, the record moves too fast, or Cosmos DB cannot be asked.
    pub async fn begin(
        &self,
        caller: &Caller,
        key: &IdempotencyKey,
        body: &str,
        fresh: R,
    ) -> Result<Begun<R>, IdempotencyError> {
        let record = Record::new(self.kind, caller, key, body, fresh);
        for _ in 0..MAX_ATTEMPTS {
            match self.container.create(&record.id, &record.id, &record).await {
                Ok(etag) => return Ok(Begun { record: record.content, repeated: false, etag }),
                Err(WriteError::Conflict) => {}
                Err(WriteError::Failed(failure)) => return Err(failure.into()),
            }
            let earlier: Option<Item<Record<R>>> =
                self.container.read(&record.id, &record.id).await?;
            match earlier {
                Some(earlier) if earlier.value.fingerprint == record.fingerprint => {
                    let (record, etag) = (earlier.value.content, earlier.etag);
                    return Ok(Begun { record, repeated: true, etag });
                }
                Some(_) => return Err(IdempotencyError::OtherRequest),
                // It went between the two: its time to live was over.
                None => {}
            }
        }
        Err(IdempotencyError::Busy)
    }

    /// Starts over with another record, because what the first one began was given up. `etag` names the first. If that
    /// is another one by now, which somebody else wrote who started over, or this very call, whose answer was lost,
    /// then it is the one that counts.
    ///
    /// # Errors
    /// The record goes at this moment, or Cosmos DB cannot be asked.
    pub async fn restart(
        &self,
        caller: &Caller,
        key: &IdempotencyKey,
        body: &str,
        fresh: R,
        etag: &Etag,
    ) -> Result<Begun<R>, IdempotencyError> {
        let record = Record::new(self.kind, caller, key, body, fresh);
        match self.container.replace(&record.id, &record.id, &record, etag).await {
            Ok(etag) => return Ok(Begun { record: record.content, repeated: true, etag }),
            Err(WriteError::Conflict) => {}
            Err(WriteError::Failed(failure)) => return Err(failure.into()),
        }
        let there: Option<Item<Record<R>>> = self.container.read(&record.id, &record.id).await?;
        let there = there.ok_or(IdempotencyError::Busy)?;
        if there.value.fingerprint != record.fingerprint {
            return Err(IdempotencyError::OtherRequest);
        }
        Ok(Begun { record: there.value.content, repeated: true, etag: there.etag })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_request_under_the_key_is_told_from_a_busy_one() {
        assert_eq!(
            not_repeatable(IdempotencyError::OtherRequest).to_string(),
            "422 idempotency-key-reused: this key came with another body before; use a new key for a new request"
        );
        assert_eq!(not_repeatable(IdempotencyError::Busy).slug(), "busy");
    }
}
