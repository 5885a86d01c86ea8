use serde_json::{Value, json};

/// An event in CloudEvents 1.0, as Event Grid maps its own schema to it.
pub(super) fn cloud_event(event: &Value) -> Value {
    let mut cloud_event = json!({
        "source": event["topic"],
        "subject": event["subject"],
        "type": event["eventType"],
        "time": event["eventTime"],
        "id": event["id"],
        "data": event["data"],
        "specversion": "1.0",
    });
    if let Some(version) = event["dataVersion"].as_str().filter(|version| !version.is_empty()) {
        cloud_event["dataschema"] = json!(format!("#{version}"));
    }
    cloud_event
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_mapped_member_by_member() {
        let event = json!({"id": "1", "topic": "/t", "subject": "/s", "eventType": "T", "eventTime": "2026-01-02T03:04:05Z",
            "dataVersion": "", "metadataVersion": "1", "data": {"a": 1}});
        let expected = json!({"source": "/t", "subject": "/s", "type": "T", "time": "2026-01-02T03:04:05Z", "id": "1",
            "data": {"a": 1}, "specversion": "1.0"});
        assert_eq!(cloud_event(&event), expected);
    }
}
