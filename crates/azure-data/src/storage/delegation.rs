//! User delegation keys: what upload URLs are signed with, so that nobody needs the account's key.

use super::{
    DEADLINE, StorageFailure, client_options, operation::Operation, settings::without_query,
};
use crate::credential::{self, LoopbackBearer};
use azure_core::{
    http::{RequestContent, Url, XmlFormat},
    time::{Duration, OffsetDateTime},
};
use azure_storage_blob::{BlobServiceClient, BlobServiceClientOptions, models::KeyInfo};
use azure_storage_common::models::UserDelegationKey;
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;
use tokio::sync::{Mutex, OnceCell};

/// How long a key is asked for; Azure gives at most seven days. What is signed with it ends with it.
const KEY_LIFE: SignedDuration = SignedDuration::from_hours(25);
/// The longest life of what is signed.
pub(super) const MAX_SIGNED_LIFE: SignedDuration = SignedDuration::from_hours(24);
/// How far our clock may be ahead of Azure's.
const CLOCK_SKEW: SignedDuration = SignedDuration::from_mins(15);

/// The current key, asked for when first needed and again when it would end too soon.
#[derive(Default)]
pub(super) struct DelegationKeys {
    client: OnceCell<BlobServiceClient>,
    current: Mutex<Option<(Timestamp, Arc<UserDelegationKey>)>>,
}

impl DelegationKeys {
    /// A key that is good until `until`, at least.
    pub(super) async fn key_until(
        &self,
        service: &Url,
        until: Timestamp,
    ) -> Result<Arc<UserDelegationKey>, StorageFailure> {
        let now = Timestamp::now();
        if until.duration_since(now) > MAX_SIGNED_LIFE {
            let cause = format!("{until} is more than {MAX_SIGNED_LIFE:#} away");
            return Err(StorageFailure::unusable(WHAT, cause));
        }
        // Held while asking, so that many who need a key ask once.
        let mut current = self.current.lock().await;
        if let Some((expiry, key)) = current.as_ref()
            && *expiry >= until
        {
            return Ok(Arc::clone(key));
        }
        let expiry = now + KEY_LIFE;
        let key = Arc::new(self.ask(service, now - CLOCK_SKEW, expiry).await?);
        *current = Some((expiry, Arc::clone(&key)));
        Ok(key)
    }

    async fn ask(
        &self,
        service: &Url,
        start: Timestamp,
        expiry: Timestamp,
    ) -> Result<UserDelegationKey, StorageFailure> {
        let client = self.client.get_or_try_init(|| async { connect(service) }).await?;
        let ask = || async {
            let info = KeyInfo {
                start: Some(sdk_time(start)),
                expiry: Some(sdk_time(expiry)),
                ..Default::default()
            };
            let info: RequestContent<KeyInfo, XmlFormat> = info.try_into()?;
            client.get_user_delegation_key(info, None).await?.into_model()
        };
        let get = Operation::blob("get_user_delegation_key", "");
        get.run(DEADLINE, || WHAT.to_owned(), ask).await
    }
}

const WHAT: &str = "getting a user delegation key";

/// A client of its own: locally this one call must come without the signature that all others carry, and with a
/// token instead.
fn connect(service: &Url) -> Result<BlobServiceClient, StorageFailure> {
    let credential = credential::storage_credential_for(service)
        .map_err(|cause| StorageFailure::unusable(WHAT, cause))?;
    let mut client_options = client_options();
    let mut url = service.clone();
    if credential::is_loopback(service) {
        client_options.per_call_policies.push(Arc::new(LoopbackBearer));
        url = without_query(service);
    }
    let options = BlobServiceClientOptions { client_options, ..Default::default() };
    BlobServiceClient::new(url, credential, Some(options))
        .map_err(|error| StorageFailure::new(WHAT.to_owned(), &error))
}

/// The SDK's time, to the second.
pub(super) fn sdk_time(time: Timestamp) -> OffsetDateTime {
    OffsetDateTime::UNIX_EPOCH + Duration::seconds(time.as_second())
}
