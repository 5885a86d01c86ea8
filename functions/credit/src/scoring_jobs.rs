//! Messages that have a score made: `messages/activity-stored.schema.json`.

use crate::app::App;
use crate::domain::{Assessment, Phase, Sealed};
use crate::sent::{ACTIVITY_STORED, SOURCE};
use crate::store::Activities;
use azure_data::StorageFailure;
use jiff::{SignedDuration, Timestamp};
use messages::CloudEvent;
use serde::Serialize;
use std::num::NonZeroU32;

/// A job that was not begun by then is not worth it: `sweep` gives it out again.
const JOB_GOOD_FOR: SignedDuration = SignedDuration::from_mins(15);

#[derive(Debug, Serialize)]
struct ActivityStored<'a> {
    attempt: u32,
    path: String,
    key: &'a Sealed,
    scorecard: &'a str,
    paths: NonZeroU32,
    deadline: Timestamp,
}

/// Has a score made of the sealed answer; the same job again gets the same result.
pub(crate) async fn send(app: &App, assessment: &Assessment) -> Result<(), StorageFailure> {
    let Phase::Scoring { attempt, key, .. } = &assessment.phase else { return Ok(()) };
    let (id, now) = (assessment.id, app.clock.now());
    let data = ActivityStored {
        attempt: *attempt,
        path: Activities::path(id, *attempt),
        key,
        scorecard: &assessment.scorecard,
        paths: app.paths,
        deadline: now.saturating_add(JOB_GOOD_FOR).unwrap_or(now),
    };
    let event_id = format!("{id}.score.{attempt}");
    let event = CloudEvent::new(SOURCE, ACTIVITY_STORED, event_id, id.to_string(), now, data);
    app.jobs.send(&event).await
}
