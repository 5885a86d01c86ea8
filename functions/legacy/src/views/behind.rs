//! The event that asks `profiles` for a higher revision, described in messages/revision-behind.schema.json.

use crate::domain::{ProfileId, Revision};
use jiff::Timestamp;
use messages::{CloudEvent, EventType};
use serde::Serialize;
use values::TraceOrigin;

const SOURCE: &str = "/legacy";
pub(crate) const BEHIND: EventType = EventType::new("com.iommi.legacy.revision-behind.v1");

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RevisionBehind {
    profile_id: ProfileId,
    revision: Revision,
}

/// The document of this profile must get a revision above this one, unless it has one by now.
pub(crate) fn revision_behind(
    profile_id: ProfileId,
    revision: Revision,
    now: Timestamp,
    origin: &TraceOrigin,
) -> CloudEvent<RevisionBehind> {
    let data = RevisionBehind { profile_id, revision };
    let (id, subject) = (format!("{profile_id}-{revision}-behind"), profile_id.to_string());
    let event = CloudEvent::new(SOURCE, BEHIND, id, subject, now, data);
    CloudEvent {
        traceparent: Some(origin.traceparent.clone()),
        tracestate: origin.tracestate.clone(),
        ..event
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};
    use uuid::Uuid;

    #[test]
    fn the_message_keeps_its_schema() {
        let schema = include_str!("../../messages/revision-behind.schema.json");
        let schema: Value = serde_json::from_str(schema).unwrap();
        let options = jsonschema::options().should_validate_formats(true);
        let (id, revision) = (Uuid::from_u128(1).into(), 5.try_into().unwrap());
        let traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".to_owned();
        let origin = TraceOrigin { traceparent, tracestate: None };
        let event = json!(revision_behind(id, revision, Timestamp::UNIX_EPOCH, &origin));
        assert!(options.build(&schema).unwrap().is_valid(&event["data"]), "{event}");
    }
}
