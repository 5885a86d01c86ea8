//! Storing a new profile: hidden first, then its addresses, then visible. A crash between any two steps
//! leaves nothing that would not vanish or could not be taken over.

use super::addresses::{NotReserved, Taken};
use super::documents::{Living, ProfileDocument};
use super::profiles::Profiles;
use crate::domain::Profile;
use azure_data::{CosmosFailure, Etag, Item, WriteError};
use jiff::Timestamp;

/// Why a registration was not stored.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RegisterError {
    #[error("an address is in use by another profile")]
    Taken(Taken),
    /// Somebody who wanted an address of it gave this registration up: it needs another id.
    #[error("the registration was given up in favour of another one")]
    GivenUp,
    #[error(transparent)]
    Failed(#[from] CosmosFailure),
}

impl From<NotReserved> for RegisterError {
    fn from(error: NotReserved) -> Self {
        match error {
            NotReserved::Taken(taken) => Self::Taken(taken),
            NotReserved::Failed(failure) => Self::Failed(failure),
        }
    }
}

impl Profiles {
    /// Stores a new profile. Doing it again with the same profile finishes what was interrupted, and does
    /// nothing if it was finished.
    pub(crate) async fn register(
        &self,
        profile: &Profile,
        now: Timestamp,
    ) -> Result<(), RegisterError> {
        let id = profile.id.to_string();
        let Some(etag) = self.start(profile, now).await? else { return Ok(()) };
        let reserved = match self.addresses.reserve(&profile.claims(), profile.id, now).await {
            Ok(reserved) => reserved,
            Err(error) => {
                // Kept only if this fails too; then its time to live removes it.
                let _ = self.container.delete(&id, &id, &etag).await;
                return Err(error.into());
            }
        };
        let active = ProfileDocument::Active(Living::settled(profile, now));
        match self.container.replace(&id, &id, &active, &etag).await {
            Ok(_) => Ok(()),
            Err(WriteError::Conflict) => {
                // Somebody else may have finished this very registration: a repeated request, at once.
                if self.read(profile.id).await?.is_some() {
                    return Ok(());
                }
                self.addresses.let_go(reserved).await;
                Err(RegisterError::GivenUp)
            }
            Err(WriteError::Failed(failure)) => Err(failure.into()),
        }
    }

    /// The hidden document with its claims; `None` if the profile is registered already.
    async fn start(
        &self,
        profile: &Profile,
        now: Timestamp,
    ) -> Result<Option<Etag>, RegisterError> {
        let id = profile.id.to_string();
        let hidden = ProfileDocument::Registering(Living::registering(profile, now));
        match self.container.create(&id, &id, &hidden).await {
            Ok(etag) => return Ok(Some(etag)),
            Err(WriteError::Conflict) => {}
            Err(WriteError::Failed(failure)) => return Err(failure.into()),
        }
        let Some(Item { value, etag }) = self.document(profile.id).await? else {
            return Err(RegisterError::GivenUp);
        };
        match value {
            ProfileDocument::Active(_) | ProfileDocument::Erased(_) => Ok(None),
            ProfileDocument::Fenced(_) => Err(RegisterError::GivenUp),
            // Written again, so that the claims are young again and the interrupted one cannot finish too.
            ProfileDocument::Registering(_) => {
                match self.container.replace(&id, &id, &hidden, &etag).await {
                    Ok(etag) => Ok(Some(etag)),
                    Err(WriteError::Conflict) if self.read(profile.id).await?.is_some() => Ok(None),
                    Err(WriteError::Conflict) => Err(RegisterError::GivenUp),
                    Err(WriteError::Failed(failure)) => Err(failure.into()),
                }
            }
        }
    }
}
