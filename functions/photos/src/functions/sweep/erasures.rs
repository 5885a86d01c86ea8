//! Erasures that were interrupted, whose message was lost, or that have to be looked at once more.

use crate::app::App;
use crate::erasing::erase_photos_of;
use std::num::NonZeroU32;
use std::time::Duration;
use tokio::time::Instant;

/// Erasures that one sweep goes on with, and how long with each.
const BATCH: NonZeroU32 = NonZeroU32::new(10).expect("10 is not zero");
const MAX_EACH: Duration = Duration::from_secs(5);

/// How many there were.
pub(super) async fn go_on(app: &App) -> usize {
    let due = match app.erasures.due(app.clock.now(), BATCH).await {
        Ok(due) => due,
        Err(error) => {
            tracing::warn!(%error, "erasures stay due");
            return 0;
        }
    };
    let found = due.len();
    for (profile, erased_at) in due {
        let until = Instant::now() + MAX_EACH;
        if let Err(error) = erase_photos_of(app, profile, erased_at, until).await {
            tracing::error!(?error, %profile, "an erasure stays due");
        }
    }
    found
}
