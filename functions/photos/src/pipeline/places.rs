//! Places for photos in memory, and each profile's share of them.

use super::outcome::RunError;
use crate::domain::ProfileId;
use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::timeout;

/// Photos that are in memory at the same time: each is up to 12 MiB of upload and what is made of it.
const MAX_IN_HAND: usize = 3;
/// How long a run waits until others are through.
const MAX_WAIT: Duration = Duration::from_secs(30);

/// A profile has one place at a time, so that however many photos it uploads, others have theirs.
#[derive(Debug)]
pub(crate) struct Places {
    free: Semaphore,
    profiles: Mutex<HashSet<ProfileId>>,
}

/// A place, until it is dropped.
#[derive(Debug)]
pub(super) struct Place<'a> {
    profile: ProfileId,
    places: &'a Places,
    _hand: Option<SemaphorePermit<'a>>,
}

impl Places {
    pub(crate) fn new() -> Self {
        Self { free: Semaphore::new(MAX_IN_HAND), profiles: Mutex::default() }
    }

    /// A place for a photo of this profile. Who waits holds neither memory nor a photo.
    pub(super) async fn take(&self, profile: ProfileId) -> Result<Place<'_>, RunError> {
        let first = self.profiles.lock().unwrap_or_else(PoisonError::into_inner).insert(profile);
        if !first {
            return Err(RunError::Shared);
        }
        // From here on dropping it gives the share back.
        let mut place = Place { profile, places: self, _hand: None };
        match timeout(MAX_WAIT, self.free.acquire()).await {
            Ok(Ok(hand)) => place._hand = Some(hand),
            _ => return Err(RunError::Crowded(MAX_WAIT.as_secs())),
        }
        Ok(place)
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let profiles = self.places.profiles.lock();
        profiles.unwrap_or_else(PoisonError::into_inner).remove(&self.profile);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn profile(number: u128) -> ProfileId {
        Uuid::from_u128(number).into()
    }

    #[tokio::test(start_paused = true)]
    async fn a_profile_has_one_place_and_others_have_theirs() {
        let places = Places::new();
        let first = places.take(profile(1)).await.unwrap();
        for _ in 0..30 {
            assert!(matches!(places.take(profile(1)).await, Err(RunError::Shared)));
        }
        let others = [places.take(profile(2)).await, places.take(profile(3)).await];
        assert!(others.iter().all(Result::is_ok));
        assert!(matches!(places.take(profile(4)).await, Err(RunError::Crowded(_))));
        drop(first);
        places.take(profile(4)).await.expect("who waited in vain has its share still");
        places.take(profile(1)).await.expect("the place came back");
    }
}
