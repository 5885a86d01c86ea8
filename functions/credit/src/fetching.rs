//! Messages that have the bank asked: `messages/fetch-due.schema.json`.

use crate::app::App;
use crate::domain::{Assessment, AssessmentId, Phase};
use crate::sent::{FETCH_DUE, FetchDue, SOURCE};
use azure_data::StorageFailure;
use messages::CloudEvent;
use std::time::Duration;

/// How often the bank is asked in one attempt: once, and three times again.
const MAX_TRIES: u32 = 4;
/// The pause before the second try; it doubles with each.
const FIRST_PAUSE: Duration = Duration::from_secs(5);
/// A bank that wants to be left alone for longer is not waited for.
const MAX_PAUSE: Duration = Duration::from_secs(120);

/// Has the bank asked for the attempt that an assessment is in.
pub(crate) async fn begin(app: &App, assessment: &Assessment) -> Result<(), StorageFailure> {
    let Phase::Fetching { attempt, .. } = assessment.phase else { return Ok(()) };
    send(app, assessment.id, FetchDue { attempt, tries: 0 }, Duration::ZERO).await
}

/// When the next try is made; none if this was the last, or the bank wants to be left alone for too long.
pub(crate) fn next_try(due: &FetchDue, asked_for: Option<Duration>) -> Option<Duration> {
    let pause = FIRST_PAUSE * 2_u32.pow(due.tries.min(MAX_TRIES));
    let pause = pause.max(asked_for.unwrap_or_default());
    (due.tries + 1 < MAX_TRIES && pause <= MAX_PAUSE).then_some(pause)
}

/// Has the bank asked once more, later.
pub(crate) async fn again(
    app: &App,
    id: AssessmentId,
    due: &FetchDue,
    pause: Duration,
) -> Result<(), StorageFailure> {
    let next = FetchDue { tries: due.tries + 1, ..*due };
    send(app, id, next, pause).await
}

async fn send(
    app: &App,
    id: AssessmentId,
    due: FetchDue,
    pause: Duration,
) -> Result<(), StorageFailure> {
    let event_id = format!("{id}.fetch.{}.{}", due.attempt, due.tries);
    let now = app.clock.now();
    let event = CloudEvent::new(SOURCE, FETCH_DUE, event_id, id.to_string(), now, due);
    app.fetch_sender.send_later(&event, pause).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_times_again_and_as_late_as_the_bank_asks() {
        let due = |tries| FetchDue { attempt: 1, tries };
        let s = Duration::from_secs;
        assert_eq!(next_try(&due(0), None), Some(s(5)));
        assert_eq!(next_try(&due(1), Some(s(60))), Some(s(60)));
        assert_eq!(next_try(&due(1), Some(s(121))), None);
        assert_eq!(next_try(&due(2), None), Some(s(20)));
        assert_eq!(next_try(&due(3), None), None);
    }
}
