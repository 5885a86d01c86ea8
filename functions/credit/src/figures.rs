//! What is told of assessments in figures: the one end that each has, when it is stored.

use crate::domain::{Assessment, Outcome, Phase};
use custom_handler::Metric;

const ASSESSMENTS: Metric =
    Metric::counter("iommi.credit.assessments", "{assessment}", "assessments that came to an end");
const DURATION: Metric = Metric::histogram(
    "iommi.credit.assessment.duration",
    "s",
    "from the question to the end of its assessment, the bank included",
);

/// The assessment is stored as it is `after`.
pub(crate) fn changed(before: &Assessment, after: &Assessment) {
    let Phase::Ended { at, outcome } = &after.phase else { return };
    if !before.is_open() {
        return;
    }
    let outcome = [("outcome", word(outcome).into())];
    ASSESSMENTS.add(1, &outcome);
    let took = at.duration_since(after.created_at).as_secs_f64();
    DURATION.record(took.max(0.0), &outcome);
}

/// As it is stored.
fn word(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Scored { .. } => "scored",
        Outcome::NotScoreable { .. } => "not-scoreable",
        Outcome::Failed { .. } => "failed",
        Outcome::Withdrawn => "withdrawn",
    }
}
