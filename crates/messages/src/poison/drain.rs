//! One run through one poison queue.

use super::again::Again;
use super::message::{Fate, Message};
use super::numbers::Numbers;
use crate::DeadLetterApp;
use azure_data::{QueueReader, StorageFailure, Taken};
use custom_handler::Invocation;
use futures::future::join_all;
use jiff::SignedDuration;
use std::time::Duration;
use tokio::time::Instant;

/// Messages of one queue that are worked at at the same time, each taken by itself: a message that ends the process takes
/// few others with it.
const AT_ONCE: u32 = 4;
/// How long a message is hidden that is worked at: longer than any work may take. If the process ends, so long; each of
/// those that were taken together is seen again at another time, so that they do not meet the one that ended it.
const HIDDEN_FOR: Duration = Duration::from_secs(300);
const HIDDEN_LONGER: Duration = Duration::from_secs(120);
/// How long a message rests that failed once, and longer after each further time up to this often. It is not seen again
/// in the same run.
const REST: Duration = Duration::from_secs(50);
const MAX_RESTS: u32 = 5;
/// A message that the queue will drop in this time is put there anew, for ever: the host puts it there for a week.
const RENEWED_BEFORE: SignedDuration = SignedDuration::from_hours(3 * 24);

/// A run through a queue.
pub(super) struct Drain<'a, A: 'static> {
    pub(super) app: &'static A,
    pub(super) reader: &'a QueueReader,
    pub(super) again: Option<&'a Again<A>>,
    pub(super) invocation: &'a Invocation,
    pub(super) until: Instant,
}

impl<A: DeadLetterApp> Drain<'_, A> {
    /// Until nothing can be seen any more, or the time is over.
    pub(super) async fn run(&self) -> Result<(), StorageFailure> {
        let numbers = Numbers::new(self.reader.name().as_str(), self.reader.length().await?);
        let workers = (0..AT_ONCE).map(|number| self.work(&numbers, HIDDEN_LONGER * number));
        let ended = join_all(workers).await;
        numbers.tell(self.reader.length().await?);
        ended.into_iter().collect()
    }

    async fn work(&self, numbers: &Numbers<'_>, longer: Duration) -> Result<(), StorageFailure> {
        while Instant::now() < self.until {
            let Some(taken) = self.reader.take(HIDDEN_FOR + longer).await? else { break };
            let now = self.app.dead_letters().now();
            let age = now.duration_since(taken.since);
            // Before it is worked at, since it may be what ends the process.
            numbers.saw(age);
            if taken.until.duration_since(now) < RENEWED_BEFORE {
                self.reader.renew(&taken, REST).await?;
                continue;
            }
            let message = Message { taken: &taken, age, queue: self.reader.name().as_str() };
            let fate = message.deal_with(self.app, self.again, self.invocation).await;
            numbers.became(fate);
            self.leave(&taken, fate).await;
        }
        Ok(())
    }

    /// What fails here only makes the message come again, later than it should or once more than it should.
    async fn leave(&self, taken: &Taken, fate: Fate) {
        let left = match fate {
            Fate::Done | Fate::Kept => self.reader.delete(taken).await,
            Fate::Failed => {
                let rest = REST * taken.times.clamp(1, MAX_RESTS);
                self.reader.put_back(taken, rest).await
            }
        };
        if let Err(error) = left {
            tracing::warn!(%error, message = taken.id, "a message comes again");
        }
    }
}
