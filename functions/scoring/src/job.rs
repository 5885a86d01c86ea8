//! What is asked of this app: a message of the queue `scoring-jobs`, whose schema is `credit`'s.

use custom_handler::{Failure, Invocation, QueueMessage};
use jiff::Timestamp;
use messages::{EventReader, EventType};
use sealing::WrappedKey;
use serde::Deserialize;
use std::num::NonZeroU32;

/// The queue.
pub(crate) const JOBS: &str = "scoring-jobs";
const ACTIVITY_STORED: EventType = EventType::new("com.iommi.credit.activity-stored.v1");
/// What is read from it.
pub(crate) const TYPES: &[EventType] = &[ACTIVITY_STORED];

/// A job: an activity that lies sealed, and until when somebody waits for its score.
#[derive(Debug, Clone)]
pub(crate) struct Job {
    /// The assessment's id; also what the activity was sealed for.
    pub(crate) assessment: String,
    pub(crate) order: Order,
}

/// The message's data. What it says is never kept: the key in it must be gone when `credit` destroys it.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Order {
    /// Which fetch of the bank's answer it is.
    pub(crate) attempt: u32,
    /// The blob.
    pub(crate) path: String,
    /// What opens it.
    pub(crate) key: WrappedKey,
    /// The card's version.
    pub(crate) scorecard: String,
    /// How many years are simulated.
    pub(crate) paths: NonZeroU32,
    /// After this moment nobody needs the score any more.
    pub(crate) deadline: Timestamp,
}

impl Job {
    /// # Errors
    /// [`Failure::GiveUp`] if it is no job; the reason names the place and never the value there.
    pub(crate) fn read(
        reader: EventReader,
        message: &QueueMessage,
        invocation: &mut Invocation,
    ) -> Result<Self, Failure> {
        let received = reader.read::<Order>(message, invocation)?;
        let assessment = received.subject()?.to_owned();
        Ok(Self { assessment, order: received.data })
    }
}
