//! When a mail's turn comes. All instances share one bucket of tokens; those who wait in one process take theirs together.

use crate::domain::MailPace;
use crate::store::PaceStore;
use azure_data::{ChangeError, Cosmos};
use custom_handler::{Setting, Settings, SettingsError};
use jiff::Timestamp;
use std::convert::Infallible;
use std::num::NonZeroU32;
use std::sync::{Mutex, PoisonError};
use tokio::sync::oneshot;
use values::Clock;

const MAILS_PER_HOUR: Setting = Setting::new(
    "MAILS_PER_HOUR",
    "how many mails the mail service takes in an hour; what is more waits for its turn",
    "100",
);
const DEFAULT_PER_HOUR: NonZeroU32 = NonZeroU32::new(100).expect("not zero");

pub(crate) struct Pacing {
    pace: MailPace,
    store: PaceStore,
    clock: Clock,
    waiting: Mutex<Vec<oneshot::Sender<Timestamp>>>,
    /// Held by whoever takes tokens for all who wait.
    turn: tokio::sync::Mutex<()>,
}

/// There is no slot to be had now.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NoSlot {
    #[error("taking a slot for a mail: {0}")]
    Store(#[from] ChangeError<Infallible>),
    #[error("whoever took a slot for this mail was stopped")]
    Left,
}

impl std::fmt::Debug for Pacing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pacing").field("pace", &self.pace).finish_non_exhaustive()
    }
}

impl Pacing {
    /// Reads `MAILS_PER_HOUR`; contacts nobody.
    pub(crate) fn pace(settings: &Settings) -> Result<MailPace, SettingsError> {
        settings.value_or(&MAILS_PER_HOUR, DEFAULT_PER_HOUR).map(MailPace::per_hour)
    }

    pub(crate) fn new(pace: MailPace, cosmos: &Cosmos, clock: Clock) -> Self {
        let (waiting, turn) = (Mutex::default(), tokio::sync::Mutex::default());
        Self { pace, store: PaceStore::new(cosmos), clock, waiting, turn }
    }

    /// A slot for one mail: now, or later. It is this mail's alone.
    pub(crate) async fn slot(&self) -> Result<Timestamp, NoSlot> {
        let (tell, told) = oneshot::channel();
        self.waiting().push(tell);
        {
            let _turn = self.turn.lock().await;
            // Whoever had the turn before may have served this one too.
            let waiting = std::mem::take(&mut *self.waiting());
            if !waiting.is_empty() {
                let slots = self.store.take(self.pace, waiting.len(), self.clock.now()).await?;
                for (tell, slot) in waiting.into_iter().zip(slots) {
                    // Who does not wait any more leaves its slot unused.
                    let _ = tell.send(slot);
                }
            }
        }
        told.await.map_err(|_| NoSlot::Left)
    }

    fn waiting(&self) -> std::sync::MutexGuard<'_, Vec<oneshot::Sender<Timestamp>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
