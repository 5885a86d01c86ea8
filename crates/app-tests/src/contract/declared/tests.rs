use super::*;
use pretty_assertions::assert_eq;
use serde_json::{Value, json};

/// What is found, where these are an app's `app.json` and its description, each over nothing.
fn found(app: Value, description: Value) -> Vec<String> {
    let declared = Declared {
        file: "functions/sample/app.json".to_owned(),
        name: "sample".to_owned(),
        app: serde_json::from_value(app).unwrap(),
        everyones: serde_json::from_value(json!({
            "settings": { "LOG_LEVEL": { "local": "warn", "azure": { "platform": "logLevel" } } }
        }))
        .unwrap(),
    };
    let mut whole = json!({
        "functions": [], "settings": [], "problems": [], "containers": [], "queues": [],
        "blobContainers": [], "eventTypes": []
    });
    for (member, value) in description.as_object().unwrap() {
        whole[member] = value.clone();
    }
    declared.compare(&serde_json::from_value(whole).unwrap())
}

fn queues(uses: Value, described: Value) -> Vec<String> {
    found(json!({ "uses": { "queues": uses } }), json!({ "queues": described }))
}

#[test]
fn a_queue_that_is_used_must_be_declared_with_how() {
    let sends = json!([{ "name": "x", "uses": ["send"] }]);
    assert_eq!(
        queues(json!({}), sends.clone()),
        [
            "functions/sample/app.json: the handler sends to the queue `x`, which uses.queues does not list: add \
             \"x\": [\"send\"]"
        ]
    );
    assert_eq!(
        queues(json!({ "x": ["length"] }), sends.clone()),
        [
            "functions/sample/app.json: the handler sends to the queue `x`, which uses.queues lists without that: add \
             \"send\" to \"x\"",
            "functions/sample/app.json: uses.queues says that the handler asks for the length of the queue `x`, and it \
             does not: take \"length\" out of \"x\""
        ]
    );
    assert_eq!(queues(json!({ "x": ["send"] }), sends), [""; 0]);
    assert_eq!(queues(json!({ "x": ["send", "length"] }), json!([])).len(), 2);
}

#[test]
fn a_queue_that_triggers_has_somebody_at_its_poison_queue() {
    let uses = json!({ "x": ["trigger"], "x-poison": ["process"] });
    let alone = json!([{ "name": "x", "uses": ["trigger"] }]);
    let both =
        json!([{ "name": "x", "uses": ["trigger"] }, { "name": "x-poison", "uses": ["process"] }]);
    assert_eq!(queues(uses, both), [""; 0]);
    let findings = queues(json!({ "x": ["trigger"] }), alone);
    assert_eq!(findings.len(), 1);
    assert!(findings[0].contains("nothing takes messages from `x-poison`"), "{findings:?}");
}

#[test]
fn an_owned_queue_is_used_by_the_app_or_by_a_partner() {
    let owned = json!({ "owns": { "queues": ["sample-out"] } });
    assert!(found(owned, json!({}))[0].contains("owns.queues has `sample-out`"));
    let sold = json!({
        "owns": { "queues": ["sample-out"] }, "partners": { "mill": { "receives": ["sample-out"] } }
    });
    assert_eq!(found(sold, json!({})), [""; 0]);
}

#[test]
fn containers_are_an_apps_own_or_another_apps_to_read() {
    let own = json!({ "containers": [{ "database": "sample", "name": "things", "uses": ["read", "write"] }] });
    let owns = json!({ "owns": { "containers": [{ "name": "things" }] } });
    assert!(found(json!({}), own.clone())[0].contains("owns.containers does not list"));
    assert!(
        found(owns.clone(), json!({}))[0].contains("has `things`, which the handler does not use")
    );
    assert_eq!(found(owns, own), [""; 0]);
    let other = |uses: Value| json!({ "containers": [{ "database": "profiles", "name": "profiles", "uses": uses }] });
    let reads = json!({ "uses": { "containers": { "profiles/profiles": ["feed", "read"] } } });
    assert!(
        found(json!({}), other(json!(["read"])))[0]
            .contains("make it \"profiles/profiles\": [\"read\"]")
    );
    assert_eq!(found(reads.clone(), other(json!(["read", "feed"]))), [""; 0]);
    assert!(
        found(reads.clone(), other(json!(["read"])))[0].contains("\"feed\" of `profiles/profiles`")
    );
    assert_eq!(found(reads.clone(), json!({})).len(), 2);
    assert!(
        found(reads, other(json!(["read", "feed", "write"])))[0]
            .contains("only that app may write")
    );
}

#[test]
fn blob_containers_of_others_are_only_read_and_uses_says_so() {
    let reads = json!({ "blobContainers": [{ "name": "other-files", "uses": ["read"] }] });
    let says = json!({ "uses": { "blobContainers": { "other-files": ["read"] } } });
    assert!(found(json!({}), reads.clone())[0].contains("add \"other-files\": [\"read\"]"));
    assert_eq!(found(says.clone(), reads), [""; 0]);
    let writes =
        json!({ "blobContainers": [{ "name": "other-files", "uses": ["read", "write"] }] });
    assert!(found(says.clone(), writes)[0].contains("of another app it may only be read"));
    assert!(found(says, json!({}))[0].contains("and the handler does not: take it out"));
}

#[test]
fn blob_containers_are_used_by_the_handler_a_subscription_or_a_partner() {
    let blobs =
        json!({ "blobContainers": [{ "name": "sample-files", "uses": ["read", "write"] }] });
    let owns = json!({ "owns": { "blobContainers": [{ "name": "sample-files" }] } });
    assert!(found(json!({}), blobs.clone())[0].contains("owns.blobContainers does not list"));
    assert_eq!(found(owns.clone(), blobs), [""; 0]);
    assert!(found(owns.clone(), json!({}))[0].contains("owns.blobContainers has `sample-files`"));
    let mut subscribed = owns;
    subscribed["eventSubscriptions"] = json!([{ "deadLetter": { "container": "sample-files" } }]);
    assert_eq!(found(subscribed, json!({})), [""; 0]);
}

#[test]
fn who_signs_urls_says_so() {
    let owns = json!({ "blobContainers": [{ "name": "sample-files" }] });
    let signs = json!({ "blobContainers": [{ "name": "sample-files", "uses": ["sign"] }] });
    let reads = json!({ "blobContainers": [{ "name": "sample-files", "uses": ["read"] }] });
    let says = |may: bool| json!({ "owns": owns, "signsUrls": may });
    assert_eq!(found(says(true), signs.clone()), [""; 0]);
    assert_eq!(found(says(false), reads.clone()), [""; 0]);
    assert!(found(says(false), signs)[0].ends_with("URLs: make it true"));
    assert!(found(says(true), reads)[0].ends_with("signs no URLs: make it false"));
}

#[test]
fn event_types_are_declared_with_how_and_owned_ones_are_sent() {
    let sent = json!({ "eventTypes": [{ "type": "com.iommi.sample.made.v1", "uses": ["send"] }] });
    let declared = json!({
        "owns": { "eventTypes": ["com.iommi.sample.made.v1"] },
        "uses": { "eventTypes": { "com.iommi.sample.made.v1": ["send"] } }
    });
    assert_eq!(found(declared.clone(), sent.clone()), [""; 0]);
    assert!(found(json!({}), sent)[0].contains("make it \"com.iommi.sample.made.v1\": [\"send\"]"));
    assert_eq!(found(declared, json!({})).len(), 2);
}

#[test]
fn settings_are_listed_read_and_have_values() {
    let described = |name: &str, required: bool| json!({ "settings": [{ "name": name, "purpose": "what for", "example": "7", "required": required }] });
    assert_eq!(
        found(json!({}), described("MAX", false)),
        [
            "functions/sample/app.json: the handler reads the setting `MAX` (what for), which settings does not list: \
             add \"MAX\": { \"local\": \"7\", \"azure\": … }"
        ]
    );
    assert!(found(json!({}), described("LOG_LEVEL", false))[0].ends_with("add \"LOG_LEVEL\": {}"));
    let listed = |entry: Value| json!({ "settings": { "MAX": entry } });
    assert_eq!(found(listed(json!({})), described("MAX", false)), [""; 0]);
    assert_eq!(found(listed(json!({})), described("MAX", true)).len(), 2);
    let both = json!({ "local": "7", "azure": { "value": "9" } });
    assert_eq!(found(listed(both), described("MAX", true)), [""; 0]);
    assert!(found(listed(json!({})), json!({}))[0].contains("settings has `MAX`, which neither"));
}

#[test]
fn a_setting_may_be_read_by_a_binding() {
    let settings = json!({ "settings": { "COSMOS__accountEndpoint": {}, "REGION": {}, "AzureWebJobs.f.Disabled": {}, "AzureWebJobs.g.Disabled": {} } });
    let functions = json!({ "functions": [{ "name": "f", "trigger": "queue", "bindings": [
        { "type": "queueTrigger", "queueName": "sample-%REGION%", "connection": "COSMOS" }
    ] }] });
    let findings = found(settings, functions);
    assert_eq!(findings.len(), 1);
    assert!(findings[0].contains("`AzureWebJobs.g.Disabled`"), "{findings:?}");
}

#[test]
fn an_event_hub_that_is_used_is_declared_with_how_and_in_which_group() {
    let described = json!({
        "eventHubs": [{ "name": "sale", "uses": ["send"] }, { "name": "lead", "uses": ["trigger"] }],
        "functions": [{ "name": "leads", "trigger": "eventHub", "bindings": [
            { "type": "eventHubTrigger", "eventHubName": "lead", "consumerGroup": "sample" }
        ] }]
    });
    let owns = json!({
        "eventHubs": [{ "name": "sale", "partitions": 4 }],
        "consumerGroups": [{ "name": "sample", "eventHub": "lead" }]
    });
    let uses = json!({ "eventHubs": { "sale": ["send"], "lead": ["trigger"] } });
    assert_eq!(found(json!({ "owns": owns, "uses": uses }), described.clone()), [""; 0]);
    let findings = found(json!({}), described);
    assert!(findings[0].contains("make it \"sale\": [\"send\"]"), "{findings:?}");
    assert!(findings[1].contains("make it \"lead\": [\"trigger\"]"), "{findings:?}");
    assert!(findings[2].contains("\"name\": \"sample\", \"eventHub\": \"lead\""), "{findings:?}");
    let findings = found(json!({ "owns": owns, "uses": uses }), json!({}));
    let ends = [
        "`sale`, to which the handler does not send: take it out",
        "in which no function reads: take it out",
    ];
    assert!(
        ends.iter().all(|end| findings.iter().any(|found| found.ends_with(end))),
        "{findings:?}"
    );
    assert_eq!(findings.len(), 4);
}
