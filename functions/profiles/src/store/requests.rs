//! Which registrations were asked for with an idempotency key. A record holds a fingerprint and ids, no
//! personal data, and lives for 24 hours (the container's time to live).

use super::claims::sha256_hex;
use crate::domain::{AccountId, ProfileId};
use iommi_app::Etag;
use iommi_app::{Container, Cosmos, CosmosFailure, Kept, Refusal};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// How often a record is looked up again because it appears or vanishes at the same moment.
const MAX_TRIES: usize = 5;

#[derive(Debug)]
pub(crate) struct Requests(Container);

/// What makes a repeated registration the same one: everything that its answer depends on besides its body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Registration {
    pub(crate) profile_id: ProfileId,
    pub(crate) account_id: AccountId,
    pub(crate) started_at: Timestamp,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Record {
    id: String,
    fingerprint: String,
    #[serde(flatten)]
    registration: Registration,
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum IdempotencyError {
    #[error("the idempotency key was used for another request")]
    OtherRequest,
    /// Somebody else works on the same request and moves the record.
    #[error("the same request is being worked on")]
    Busy,
    #[error(transparent)]
    Failed(#[from] CosmosFailure),
}

impl Requests {
    pub(crate) fn new(cosmos: &Arc<Cosmos>) -> Self {
        Self(cosmos.container("requests"))
    }

    /// The registration that goes with `key`: the one of an earlier request with the same `body`, or `fresh`.
    pub(crate) async fn begin(
        &self,
        key: &str,
        body: &str,
        fresh: Registration,
    ) -> Result<(Registration, Etag), IdempotencyError> {
        let record = Record::new(key, body, fresh);
        for _ in 0..MAX_TRIES {
            match self.0.create(&record.id, &record.id, &record).await {
                Ok(etag) => return Ok((record.registration, etag)),
                Err(Refusal::Changed) => {}
                Err(Refusal::Failed(failure)) => return Err(failure.into()),
            }
            let earlier: Option<Kept<Record>> = self.0.read(&record.id, &record.id).await?;
            match earlier {
                Some(earlier) if earlier.value.fingerprint == record.fingerprint => {
                    return Ok((earlier.value.registration, earlier.etag));
                }
                Some(_) => return Err(IdempotencyError::OtherRequest),
                None => {}
            }
        }
        Err(IdempotencyError::Busy)
    }

    /// Starts over with other ids, because the first ones were given up.
    pub(crate) async fn restart(
        &self,
        key: &str,
        body: &str,
        fresh: Registration,
        etag: &Etag,
    ) -> Result<Registration, IdempotencyError> {
        let record = Record::new(key, body, fresh);
        match self.0.replace(&record.id, &record.id, &record, etag).await {
            Ok(_) => Ok(record.registration),
            Err(Refusal::Changed) => Err(IdempotencyError::Busy),
            Err(Refusal::Failed(failure)) => Err(failure.into()),
        }
    }
}

impl Record {
    fn new(key: &str, body: &str, registration: Registration) -> Self {
        let id = format!("register-{}", sha256_hex(key.as_bytes()));
        Self { id, fingerprint: sha256_hex(body.as_bytes()), registration }
    }
}
