//! Storing a new profile: hidden first, then its addresses, then visible. A crash between any two steps
//! leaves nothing that would not vanish or could not be taken over.
//!
//! Several may be at work on one registration: a request that was repeated. A write that was refused only says that the
//! document is another one by now: each then looks what became of it. Whoever finds that somebody else is at work waits.

use super::addresses::{NotReserved, Taken};
use super::collection::Collection;
use super::documents::{Living, ProfileDocument};
use super::fences::fence_of;
use super::profiles::Profiles;
use crate::domain::Profile;
use azure_data::{CosmosFailure, Etag, Item, WriteError};
use jiff::Timestamp;
use values::Clock;

/// How often a registration is looked at that somebody else is working on: with the pauses between, some ten seconds,
/// which is twice as long as a claim is respected.
const MAX_LOOKS: u32 = 80;

/// Why a registration was not stored.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RegisterError {
    #[error("an address is in use by another profile")]
    Taken(Taken),
    /// Somebody who wanted an address of it fenced this registration off: it needs another id.
    #[error("the registration was given up in favour of another one")]
    GivenUp,
    /// Somebody else is at work on the same registration and does not come to an end.
    #[error("the same registration is being worked on")]
    Busy,
    /// It was registered, and erased since.
    #[error("the profile was erased")]
    Erased,
    #[error(transparent)]
    Failed(#[from] CosmosFailure),
}

/// When a registration came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Registered {
    Now,
    /// The same registration was finished before, or by somebody else meanwhile.
    Before,
}

/// What became of a registration so far.
enum Progress {
    Registered,
    /// Hidden, and this version of the document is ours.
    Hidden(Etag),
    /// Somebody else changed it, or it is not there.
    Moved,
}

/// One worker's knowledge of a registration.
struct Work<'a> {
    profile: &'a Profile,
    /// Whether the document was not there when it was last looked at.
    is_missing: bool,
    /// What this worker wrote as `claimedAt`: by that it knows a write of its own whose answer was lost. Of two who
    /// write in the same millisecond each takes the other's for its own; then they share a version, of which only one
    /// makes the visible profile.
    wrote: Vec<Timestamp>,
}

impl<C: Collection> Profiles<C> {
    /// Stores a new profile. Doing it again with the same profile finishes what was interrupted, and does
    /// nothing if it was finished.
    pub(crate) async fn register(
        &self,
        profile: &Profile,
        clock: &Clock,
    ) -> Result<Registered, RegisterError> {
        let mut work = Work { profile, is_missing: true, wrote: Vec::new() };
        for look in 0..MAX_LOOKS {
            let shown = match self.hide(&mut work, clock.now()).await? {
                Progress::Hidden(etag) => self.show(profile, &etag, clock.now()).await?,
                Progress::Registered => return Ok(Registered::Before),
                Progress::Moved => Progress::Moved,
            };
            match shown {
                Progress::Registered => return Ok(Registered::Now),
                Progress::Hidden(_) | Progress::Moved => self.container.pause(look).await,
            }
        }
        Err(RegisterError::Busy)
    }

    /// The hidden document with its claims.
    async fn hide(&self, work: &mut Work<'_>, now: Timestamp) -> Result<Progress, RegisterError> {
        let id = work.profile.id.to_string();
        let hidden = ProfileDocument::Registering(Living::registering(work.profile, now));
        if work.is_missing {
            work.wrote.push(now);
            match self.container.create(&id, &hidden).await {
                Ok(etag) => return Ok(Progress::Hidden(etag)),
                Err(WriteError::Conflict) => work.is_missing = false,
                Err(WriteError::Failed(failure)) => return Err(failure.into()),
            }
        }
        let Some(Item { value, etag }) = self.document(work.profile.id).await? else {
            work.is_missing = true;
            return Ok(Progress::Moved);
        };
        match value {
            ProfileDocument::Active(_) => Ok(Progress::Registered),
            ProfileDocument::Erased(_) => Err(RegisterError::Erased),
            // A fence does not last, and this copy may be an old one: only a write shows that it still stands.
            ProfileDocument::Fenced(_) => {
                match self.container.replace(&id, &fence_of(work.profile.id), &etag).await {
                    Ok(_) => Err(RegisterError::GivenUp),
                    Err(WriteError::Conflict) => Ok(Progress::Moved),
                    Err(WriteError::Failed(failure)) => Err(failure.into()),
                }
            }
            ProfileDocument::Registering(there) if work.wrote.contains(&there.claimed_at) => {
                Ok(Progress::Hidden(etag))
            }
            ProfileDocument::Registering(there) if there.is_young(now) => Ok(Progress::Moved),
            // Interrupted. Written again, so that whoever began it cannot finish beside us.
            ProfileDocument::Registering(_) => {
                work.wrote.push(now);
                match self.container.replace(&id, &hidden, &etag).await {
                    Ok(etag) => Ok(Progress::Hidden(etag)),
                    Err(WriteError::Conflict) => Ok(Progress::Moved),
                    Err(WriteError::Failed(failure)) => Err(failure.into()),
                }
            }
        }
    }

    /// Reserves the addresses and makes the profile visible, if the hidden document is still this one.
    async fn show(
        &self,
        profile: &Profile,
        etag: &Etag,
        now: Timestamp,
    ) -> Result<Progress, RegisterError> {
        let id = profile.id.to_string();
        match self.addresses.reserve(&profile.claims(), profile.id, now).await {
            Ok(_) => {}
            Err(NotReserved::Failed(failure)) => return Err(failure.into()),
            Err(NotReserved::Taken(taken, held)) => {
                return match self.container.delete(&id, etag).await {
                    // Now nobody claims them.
                    Ok(()) => {
                        self.addresses.let_go(held).await;
                        Err(RegisterError::Taken(taken))
                    }
                    Err(WriteError::Conflict) => Ok(Progress::Moved),
                    // Its time to live removes it.
                    Err(WriteError::Failed(_)) => Err(RegisterError::Taken(taken)),
                };
            }
        }
        let active = ProfileDocument::Active(Living::settled(profile, now));
        match self.container.replace(&id, &active, etag).await {
            Ok(_) => Ok(Progress::Registered),
            Err(WriteError::Conflict) => Ok(Progress::Moved),
            Err(WriteError::Failed(failure)) => match self.document(profile.id).await? {
                Some(Item { value: ProfileDocument::Active(_), .. }) => Ok(Progress::Registered),
                _ => Err(failure.into()),
            },
        }
    }
}
