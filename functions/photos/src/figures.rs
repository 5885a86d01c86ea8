//! What telemetry counts and measures of photos: how they are decided, and how long moderators let them wait.

use crate::domain::{Case, PhotoState};
use custom_handler::Metric;
use jiff::Timestamp;

const DECIDED: Metric =
    Metric::counter("iommi.photos.decided", "{photo}", "photos that were decided");
const WAIT: Metric = Metric::histogram(
    "iommi.photos.moderation.wait",
    "s",
    "from when a case was opened, or opened again, to its decision",
);

/// Who decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Decider {
    Pipeline,
    Person,
}

/// A photo was decided; a review is what the pipeline decides when it is in doubt.
pub(crate) fn decided(state: PhotoState, by: Decider) {
    let by = match by {
        Decider::Pipeline => "pipeline",
        Decider::Person => "person",
    };
    DECIDED.add(1, &[("decision", state.as_str().into()), ("by", by.into())]);
}

/// A moderator decided this case, which was open until now.
pub(crate) fn waited(case: &Case, now: Timestamp) {
    WAIT.record(now.duration_since(case.open_since()).as_secs_f64().max(0.0), &[]);
}
