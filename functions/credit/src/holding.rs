//! Requests that are held open until their assessment has ended.

use crate::app::App;
use crate::domain::Assessment;
use azure_data::CosmosFailure;
use std::time::Duration;
use tokio::time::{Instant, sleep, timeout};

/// The longest that a request is held. API Management and the front door give up after 60 seconds, and an invocation that
/// lasts as long as `functionTimeout` takes the whole handler with it.
pub(crate) const HOLD_LIMIT: Duration = Duration::from_secs(50);
/// How often a held request looks once its assessment could have ended.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// Waits until the assessment has ended, but no longer than `wait` and [`HOLD_LIMIT`]; how it is then.
pub(crate) async fn until_ended(
    app: &App,
    assessment: Assessment,
    wait: Duration,
) -> Result<Assessment, CosmosFailure> {
    let began = Instant::now();
    let wait = wait.min(HOLD_LIMIT);
    let mut newest = assessment;
    let Some(waiting) = app.held.join(newest.id) else { return Ok(newest) };
    while newest.is_open() {
        let left = wait.saturating_sub(began.elapsed());
        if left.is_zero() {
            break;
        }
        let ended = waiting.ended();
        let next_look = first_look(app, &newest).max(LOOK_EVERY).min(left);
        // Whichever comes first; both mean: look.
        let _ = timeout(next_look, ended).await;
        match app.assessments.read(newest.id).await {
            Ok(Some(found)) => newest = found,
            // An old read: it was there.
            Ok(None) => {}
            Err(failure) if began.elapsed() + LOOK_EVERY >= wait => return Err(failure),
            Err(_) => sleep(LOOK_EVERY).await,
        }
    }
    Ok(newest)
}

/// How long until it is worth looking for the first time.
fn first_look(app: &App, assessment: &Assessment) -> Duration {
    let Some(progress) = assessment.progress() else { return Duration::ZERO };
    Duration::try_from(progress.expected_at.duration_since(app.clock.now())).unwrap_or_default()
}
