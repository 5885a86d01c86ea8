//! A registration with an idempotency key, as `functions/register` does it over the records of `public_api`.

use super::documents::Container;
use crate::domain::{Profile, ProfileId};
use crate::store::{Collection, Profiles, RegisterError};
use azure_data::{Etag, Item, WriteError};
use serde::{Deserialize, Serialize};
use values::Clock;

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Record {
    profile: ProfileId,
}

/// What the client hears.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answered {
    Registered(ProfileId),
    /// 409 or 503: nothing that binds anybody.
    Otherwise,
}

/// Registers under the first of the ids `fresh`, or the one that is recorded; under the next one if that is fenced off.
pub(super) async fn register_with_key(
    keys: &Container,
    profiles: &Profiles<Container>,
    clock: &Clock,
    key: &str,
    fresh: Vec<ProfileId>,
    profile: impl Fn(ProfileId) -> Profile,
) -> Answered {
    let mut before = None;
    for id in fresh {
        let Some((record, etag)) = recorded(keys, key, &Record { profile: id }, before).await
        else {
            return Answered::Otherwise;
        };
        match profiles.register(&profile(record.profile), clock).await {
            Ok(_) => return Answered::Registered(record.profile),
            Err(RegisterError::GivenUp) => before = Some(etag),
            Err(_) => return Answered::Otherwise,
        }
    }
    Answered::Otherwise
}

/// The record that counts: the one that is there, if it is not the one `before`.
async fn recorded(
    keys: &Container,
    key: &str,
    fresh: &Record,
    before: Option<Etag>,
) -> Option<(Record, Etag)> {
    let written = match before {
        None => keys.create(key, fresh).await,
        Some(before) => keys.replace(key, fresh, &before).await,
    };
    match written {
        Ok(etag) => Some((fresh.clone(), etag)),
        Err(WriteError::Conflict) => {
            let Item { value, etag } = keys.read(key).await.ok()??;
            Some((value, etag))
        }
        Err(WriteError::Failed(_)) => None,
    }
}
