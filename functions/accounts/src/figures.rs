//! What telemetry counts of the accounts: what is decided about money that somebody asks for.

use crate::domain::DeclineReason;
use custom_handler::Metric;
use serde_json::json;

const DECISIONS: Metric = Metric::counter(
    "iommi.accounts.decisions",
    "{decision}",
    "authorisations and charges that were decided, each once",
);

/// An authorisation or a charge was decided, for the first time.
pub(crate) fn decided(answer: Result<(), DeclineReason>) {
    let Err(reason) = answer else { return DECISIONS.add(1, &[("decision", "approved".into())]) };
    let reason = json!(reason).as_str().unwrap_or_default().to_owned();
    DECISIONS.add(1, &[("decision", "declined".into()), ("reason", reason.into())]);
}
