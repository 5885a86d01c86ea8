//! What a webhook says: `contract/webhooks.yaml`, made of the documents as they are when it is sent.

use super::assessment::AssessmentView;
use crate::domain::{
    Assessment, Consent, ConsentState, Endpoints, Event, EventKind, Outcome, Phase,
};
use crate::store::Secrets;
use jiff::Timestamp;
use sealing::SealingError;
use serde::Serialize;
use serde_json::{Value, json};
use webhooks::{Payload, PayloadError};

/// Why there is nothing to send.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NoBody {
    /// It is erased, or not as the event tells: nobody hears of it.
    #[error("what the event tells of is gone")]
    Gone,
    #[error(transparent)]
    Sealing(#[from] SealingError),
    #[error(transparent)]
    Payload(#[from] PayloadError),
}

/// Of an assessment that has ended so.
pub(crate) fn of_assessment(
    event: &Event,
    it: &Assessment,
    secrets: &Secrets,
) -> Result<Vec<u8>, NoBody> {
    let Phase::Ended { outcome, .. } = &it.phase else { return Err(NoBody::Gone) };
    let fits = match outcome {
        Outcome::Scored { .. } | Outcome::NotScoreable { .. } => EventKind::AssessmentCompleted,
        Outcome::Failed { .. } => EventKind::AssessmentFailed,
        Outcome::Withdrawn => EventKind::AssessmentWithdrawn,
    };
    if fits != event.kind || it.person.is_none() {
        return Err(NoBody::Gone);
    }
    body(event, &AssessmentView::of(it, secrets)?.told())
}

/// Of a consent that is over.
pub(crate) fn of_consent(
    event: &Event,
    it: &Consent,
    secrets: &Secrets,
) -> Result<Vec<u8>, NoBody> {
    let (ConsentState::Expired { at, assessment }, Some(person)) = (&it.state, &it.person) else {
        return Err(NoBody::Gone);
    };
    let reference = secrets.open_for_long(&person.reference, it.partner.as_str())?;
    let data = json!({
        "id": it.id, "customerReference": reference, "state": "expired", "expiredAt": at,
        "assessmentId": assessment,
    });
    body(event, &data)
}

/// Of an endpoint that is sent nothing any more, for the others.
pub(crate) fn of_endpoint(event: &Event, all: &Endpoints) -> Result<Vec<u8>, NoBody> {
    let endpoint = all.all.iter().find(|endpoint| endpoint.id.uuid() == event.about);
    let endpoint = endpoint.ok_or(NoBody::Gone)?;
    let same = |at: Timestamp| at.as_millisecond() == event.at.as_millisecond();
    let disabled = endpoint.disabled.filter(|it| same(it.at)).ok_or(NoBody::Gone)?;
    let data = json!({
        "id": endpoint.id, "reason": disabled.reason, "disabledAt": event.at,
    });
    body(event, &data)
}

/// Of nothing but that the way is open.
pub(crate) fn of_test(event: &Event) -> Result<Vec<u8>, NoBody> {
    body(event, &json!({ "id": event.about }))
}

fn body<D: Serialize>(event: &Event, data: &D) -> Result<Vec<u8>, NoBody> {
    let event_type = event.kind.name().to_owned();
    let data: Value = json!(data);
    Ok(Payload { event_type, timestamp: event.at, data }.to_body()?)
}
