//! Holds messages against their schemas.

use serde_json::Value;

/// Fails unless this is an event that its schema allows.
pub(crate) fn is_event(event: &Value) {
    let schema = match event["type"].as_str().unwrap() {
        "com.iommi.legacy.profile-changed.v1" => {
            include_str!("../../../messages/profile-changed.schema.json")
        }
        "com.iommi.legacy.profile-erased.v1" => {
            include_str!("../../../messages/profile-erased.schema.json")
        }
        other => panic!("{other} is not an event of ours"),
    };
    for attribute in
        ["specversion", "id", "source", "subject", "time", "datacontenttype", "traceparent"]
    {
        assert!(event[attribute].is_string(), "{attribute}: {event}");
    }
    assert_eq!(
        event["id"],
        format!("{}-{}", event["subject"].as_str().unwrap(), event["revision"])
    );
    if event.get("dataref").is_some() {
        assert!(event.get("data").is_none(), "either data or its place: {event}");
        return;
    }
    keeps(schema, &event["data"]);
}

/// Fails unless the value is as a schema says.
pub(crate) fn keeps(schema: &str, value: &Value) {
    let schema: Value = serde_json::from_str(schema).unwrap();
    let validator = jsonschema::options().should_validate_formats(true).build(&schema).unwrap();
    let errors: Vec<String> = validator.iter_errors(value).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}: {value}");
}
