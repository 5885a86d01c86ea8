//! Trying again what others changed at the same moment: one loop, one limit, one pause.

use super::operation::conflicted;
use super::{BatchError, CosmosFailure, WriteError};
use ring::rand::{SecureRandom, SystemRandom};
use std::time::Duration;

/// How often a change is tried altogether, the first time included. With the pauses between them that is about 1.5 s
/// on average and 3 s at most: more writers than can pass in that time are a hot document, which no loop mends.
pub const MAX_ATTEMPTS: u32 = 16;
/// The longest pause before the second attempt, in milliseconds; it doubles with each attempt.
const FIRST_PAUSE_MS: u64 = 8;
/// The longest pause of all, in milliseconds.
const LONGEST_PAUSE_MS: u64 = 256;

/// Others won every time: [`MAX_ATTEMPTS`] attempts, and each met a conflict. Nothing was written.
///
/// It says nothing of whether the change was needed. Answer it with "busy, try again", or fail the message so that it
/// comes again; there is no conversion into anything that looks like success.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what}: others changed the same thing in each of {MAX_ATTEMPTS} attempts")]
#[must_use]
pub struct Exhausted {
    what: String,
}

/// Why a change did not happen.
#[derive(Debug, thiserror::Error)]
pub enum ChangeError<E> {
    /// The decision was not to: the caller's own reason.
    #[error("{0}")]
    Refused(E),
    /// Others changed the same thing again and again.
    #[error(transparent)]
    Exhausted(#[from] Exhausted),
    /// Cosmos DB did not answer, or not with success. Whether the change happened is not known: the answer of a write
    /// may be lost. Reading again tells, and a decision that keeps what is already done makes repeating safe.
    #[error(transparent)]
    Failed(#[from] CosmosFailure),
}

impl<E> ChangeError<E> {
    /// With the caller's reason turned into another.
    pub fn map_refused<F>(self, map: impl FnOnce(E) -> F) -> ChangeError<F> {
        match self {
            Self::Refused(error) => ChangeError::Refused(map(error)),
            Self::Exhausted(exhausted) => ChangeError::Exhausted(exhausted),
            Self::Failed(failure) => ChangeError::Failed(failure),
        }
    }
}

/// How one attempt inside [`retry_conflicts`] ended without success. `?` makes it of a [`WriteError`] and of a
/// [`CosmosFailure`].
#[derive(Debug)]
pub enum Attempt<E> {
    /// Others were faster: try again.
    Conflict,
    /// The decision was not to: no further attempt.
    Refused(E),
    /// Cosmos DB did not answer, or not with success: no further attempt, the SDK made its own.
    Failed(CosmosFailure),
}

impl<E> From<CosmosFailure> for Attempt<E> {
    fn from(failure: CosmosFailure) -> Self {
        Self::Failed(failure)
    }
}

impl<E> From<WriteError> for Attempt<E> {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::Conflict => Self::Conflict,
            WriteError::Failed(failure) => Self::Failed(failure),
        }
    }
}

impl<E> From<BatchError> for Attempt<E> {
    fn from(error: BatchError) -> Self {
        match error {
            error if error.is_conflict() => Self::Conflict,
            BatchError::Failed(failure) => Self::Failed(failure),
            // Too large, or malformed: no further attempt makes it another batch.
            error => Self::Failed(CosmosFailure::unusable("a batch", error.to_string())),
        }
    }
}

/// Calls `attempt` until it does not end in a conflict, at most [`MAX_ATTEMPTS`] times, with a random pause between.
/// For changes of more than one document; [`Container::change`](super::Container::change) is this for one.
///
/// Each attempt must read again what it decides on. `what` names the change in the error, such as
/// `"taking the reservation of 0192…"`: ids only.
///
/// # Errors
/// As [`ChangeError`] says.
pub async fn retry_conflicts<T, E, F>(
    what: &str,
    attempt: impl FnMut() -> F,
) -> Result<T, ChangeError<E>>
where
    F: Future<Output = Result<T, Attempt<E>>>,
{
    retry_conflicts_pausing(what, pause, attempt).await
}

/// As [`retry_conflicts`], with the caller's own pause before each further attempt, which is given how many attempts
/// there were before the last one: for models, in which time passes without anybody waiting.
///
/// # Errors
/// As [`ChangeError`] says.
pub async fn retry_conflicts_pausing<T, E, F, P>(
    what: &str,
    pause: impl Fn(u32) -> P,
    mut attempt: impl FnMut() -> F,
) -> Result<T, ChangeError<E>>
where
    F: Future<Output = Result<T, Attempt<E>>>,
    P: Future<Output = ()>,
{
    let mut attempts = Attempts::new();
    loop {
        if let Some(result) = attempts.ended(attempt().await, || what.to_owned()) {
            return result;
        }
        pause(attempts.made - 1).await;
    }
}

/// The attempts of one change.
pub(super) struct Attempts {
    made: u32,
}

impl Attempts {
    pub(super) fn new() -> Self {
        Self { made: 0 }
    }

    /// What the change as a whole ends with after an attempt, or `None` for one attempt more, when it is time for it.
    pub(super) async fn after<T, E>(
        &mut self,
        attempt: Result<T, Attempt<E>>,
        what: impl FnOnce() -> String,
    ) -> Option<Result<T, ChangeError<E>>> {
        let ended = self.ended(attempt, what);
        if ended.is_none() {
            pause(self.made - 1).await;
        }
        ended
    }

    fn ended<T, E>(
        &mut self,
        attempt: Result<T, Attempt<E>>,
        what: impl FnOnce() -> String,
    ) -> Option<Result<T, ChangeError<E>>> {
        self.made += 1;
        match attempt {
            Ok(value) => Some(Ok(value)),
            Err(Attempt::Refused(error)) => Some(Err(ChangeError::Refused(error))),
            Err(Attempt::Failed(failure)) => Some(Err(failure.into())),
            Err(Attempt::Conflict) if self.made < MAX_ATTEMPTS => {
                conflicted();
                None
            }
            Err(Attempt::Conflict) => Some(Err(Exhausted { what: what() }.into())),
        }
    }
}

/// Waits for a random time, so that writers who met do not meet again, and longer from attempt to attempt, so that one
/// of many gets through. `tries` is how many attempts there were before the last one; the longest pause is 256 ms.
pub async fn pause(tries: u32) {
    let most_ms = (FIRST_PAUSE_MS << tries.min(5)).min(LONGEST_PAUSE_MS);
    let mut random = [0];
    // Without randomness everybody goes on at once, which is no worse than no pause at all.
    let _ = SystemRandom::new().fill(&mut random);
    tokio::time::sleep(Duration::from_millis(most_ms * u64::from(random[0]) / 256)).await;
}
