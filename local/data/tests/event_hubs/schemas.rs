//! The schema registry: groups, versions, ids, what fits, quotas, and restarts.

use std::time::Duration;

use local_data::{Fault, Options, Requests, Rule, Service, When};
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    namespace::{Namespace, answer},
    registry::{AVRO, optional, order, required},
};

async fn namespace() -> Namespace {
    Namespace::start(Options::ephemeral()).await
}

const NAME: &str = "com.iommi.orders.Placed";

#[tokio::test]
async fn a_schema_is_registered_once_and_found_by_content_number_and_id() {
    let namespace = namespace().await;
    namespace.group("events", "Backward").await;
    let first = namespace.register("events", NAME, &order(&[])).await;
    assert_eq!((first.status, first.header("schema-version")), (204, "1"));
    assert_eq!(first.header("schema-id").len(), 32);
    let names = [first.header("schema-group-name"), first.header("schema-name")];
    assert_eq!(names, ["events", NAME]);
    let again = namespace.register("events", NAME, &order(&[])).await;
    assert_eq!(again.header("schema-id"), first.header("schema-id"));
    let second = namespace.register("events", NAME, &order(&[optional("note")])).await;
    assert_eq!(second.header("schema-version"), "2");
    assert_ne!(second.header("schema-id"), first.header("schema-id"));

    // The SDK for JavaScript asks with the schema in a text of JSON, others as it is, and spaces say nothing.
    let text = order(&[]).to_string();
    let spaced = serde_json::to_string_pretty(&order(&[])).unwrap();
    for asked in [text.clone(), spaced, Value::from(text).to_string()] {
        let found = namespace.id_of("events", NAME, &asked).await;
        assert_eq!((found.status, found.header("schema-version")), (204, "1"), "{asked}");
    }
    let by_id = format!("/$schemas/{}", second.header("schema-id"));
    for path in [by_id, format!("/events/schemas/{NAME}/versions/2")] {
        let got = answer(namespace.registry(Method::GET, &path)).await;
        assert_eq!((got.status, got.header("content-type")), (200, AVRO), "{path}");
        assert_eq!(serde_json::from_str::<Value>(&got.body).unwrap(), order(&[optional("note")]));
        assert_eq!(got.header("schema-id"), second.header("schema-id"));
    }
}

#[tokio::test]
async fn lists_are_spelled_as_the_version_of_the_interface_has_them() {
    let namespace = namespace().await;
    namespace.group("events", "None").await;
    namespace.register("events", NAME, &order(&[])).await;
    namespace.register("events", NAME, &order(&[required("b")])).await;
    let versions = format!("$schemagroups/events/schemas/{NAME}/versions");
    for (version, member) in [("2022-10", "Value"), ("2023-07-01", "value")] {
        let get = |path: &str| {
            let path = format!("{path}?api-version={version}");
            answer(namespace.request(Method::GET, &path).bearer_auth("anybody"))
        };
        let groups: Value = serde_json::from_str(&get("$schemaGroups").await.body).unwrap();
        assert_eq!(groups, json!({ member: ["events"] }));
        let numbers: Value = serde_json::from_str(&get(&versions).await.body).unwrap();
        assert_eq!(numbers, json!({ member: [1, 2] }));
    }
    for path in ["$schemaGroups", "$schemaGroups?api-version=2020-01"] {
        let refused = answer(namespace.request(Method::GET, path).bearer_auth("anybody")).await;
        assert_eq!(refused.status, 400);
        assert!(refused.body.contains("api-version"), "{}", refused.body);
    }
}

/// Five versions, each against the last that was taken: a field that one can do without, one that one cannot, a field less,
/// another name.
#[tokio::test]
async fn each_mode_takes_of_five_versions_what_it_is_there_for() {
    let namespace = namespace().await;
    let versions = [
        order(&[required("placedAt"), required("productId")]),
        order(&[required("placedAt"), required("productId"), optional("note")]),
        order(&[
            required("placedAt"),
            required("productId"),
            optional("note"),
            required("channel"),
        ]),
        order(&[required("placedAt"), optional("note")]),
        order(&[required("orderedAt"), optional("note")]),
    ];
    for (mode, taken) in [
        ("Backward", [true, true, false, true, false]),
        ("Forward", [true, true, true, false, false]),
        ("None", [true, true, true, true, true]),
    ] {
        namespace.group(mode, mode).await;
        for (schema, is_taken) in versions.iter().zip(taken) {
            let answer = namespace.register(mode, NAME, schema).await;
            assert_eq!(answer.status, if is_taken { 204 } else { 400 }, "{mode} {schema}");
        }
    }
}

#[tokio::test]
async fn a_version_that_does_not_fit_is_refused_with_rule_field_and_cure() {
    let namespace = namespace().await;
    namespace.group("events", "Backward").await;
    namespace.register("events", NAME, &order(&[])).await;
    let refused = namespace.register("events", NAME, &order(&[required("channel")])).await;
    assert_eq!(refused.status, 400);
    let told: Value = serde_json::from_str(&refused.body).unwrap();
    assert_eq!((&told["Code"], &told["error"]["code"]), (&json!(400), &json!("400")));
    for text in [&told["Detail"], &told["error"]["message"]] {
        let text = text.as_str().unwrap();
        for part in ["SubCode=40000", "field-missing", "$.channel", "with a default", "TrackingId:"]
        {
            assert!(text.contains(part), "{part}: {text}");
        }
    }
    let wrong =
        json!({ "type": "record", "name": "Placed", "fields": [{ "name": "a", "type": "strin" }] });
    let refused = namespace.register("events", NAME, &wrong).await;
    assert_eq!(refused.status, 400);
    assert!(refused.body.contains("/fields/0/type"), "{}", refused.body);
    let versions = format!("/events/schemas/{NAME}/versions");
    let versions = answer(namespace.registry(Method::GET, &versions)).await;
    assert_eq!(versions.body, "{\"value\":[1]}");
}

#[tokio::test]
async fn groups_of_other_kinds_take_anything_and_their_schemas_come_back_as_they_were() {
    let namespace = namespace().await;
    for (kind, content_type, first, second) in [
        ("Json", "application/json; serialization=Json", "{\"title\":\"a\"}", "{\"title\":\"b\"}"),
        ("Custom", "text/plain; charset=utf-8", "anything", " anything"),
        ("Protobuf", "text/vnd.ms.protobuf", "syntax = \"proto3\";", "syntax = \"proto2\";"),
    ] {
        let group = json!({ "schemaType": kind, "schemaCompatibility": "Backward" });
        let made = namespace.registry(Method::PUT, &format!("/{kind}")).body(group.to_string());
        assert_eq!(answer(made).await.status, 201);
        for (number, text) in [("1", first), ("2", second)] {
            let put = namespace.registry(Method::PUT, &format!("/{kind}/schemas/a"));
            let put = answer(put.header("content-type", content_type).body(text)).await;
            assert_eq!((put.status, put.header("schema-version")), (204, number), "{}", put.body);
            let path = format!("/{kind}/schemas/a/versions/{number}");
            let got = answer(namespace.registry(Method::GET, &path)).await;
            assert_eq!((got.header("content-type"), got.body.as_str()), (content_type, text));
        }
    }
}

#[tokio::test]
async fn what_is_not_there_or_not_asked_well_is_told() {
    let namespace = namespace().await;
    namespace.group("events", "None").await;
    namespace.register("events", NAME, &order(&[])).await;
    let get = |path: &str| answer(namespace.registry(Method::GET, path));
    let absent = namespace.id_of("events", NAME, &order(&[optional("x")]).to_string()).await;
    let no_schema = namespace.id_of("events", "other", "{}").await;
    let no_group = namespace.register("none", NAME, &order(&[])).await;
    for (answer, part) in [
        (absent, "no version"),
        (no_schema, "other"),
        (no_group, "none"),
        (get("/events/schemas/none/versions").await, "none"),
        (get(&format!("/events/schemas/{NAME}/versions/2")).await, "version"),
        (get("/$schemas/0123").await, "0123"),
        (get("/events/versions").await, "nothing"),
    ] {
        assert_eq!(answer.status, 404, "{part}: {}", answer.body);
        assert!(answer.body.contains(part), "{part}: {}", answer.body);
    }
    let put = |path: &str| namespace.registry(Method::PUT, path);
    let bare = answer(put("/events/schemas/a").body("{}")).await;
    let json = "application/json; serialization=Json";
    let other = answer(put("/events/schemas/a").header("content-type", json).body("{}")).await;
    let name = answer(put("/events/schemas/-a").header("content-type", AVRO).body("{}")).await;
    let kind = answer(put("/more").body(r#"{"schemaType": "Xml"}"#)).await;
    let changed = answer(put("/events").body(r#"{"schemaType": "Json"}"#)).await;
    for (answer, status, part) in [
        (bare, 415, "content type"),
        (other, 400, "Avro"),
        (name, 400, "-a"),
        (kind, 400, "Xml"),
        (changed, 409, "Avro"),
    ] {
        assert_eq!(answer.status, status, "{part}: {}", answer.body);
        assert!(answer.body.contains(part), "{part}: {}", answer.body);
    }
    let stranger = namespace.request(Method::GET, "$schemaGroups?api-version=2022-10");
    assert_eq!(answer(stranger).await.status, 401);
}

#[tokio::test]
async fn a_namespace_has_twenty_five_versions_and_none_is_ever_deleted() {
    let namespace = namespace().await;
    namespace.group("events", "None").await;
    for number in 0..25 {
        let schema = order(&[required(&format!("field{number}"))]);
        let put = namespace.register("events", &format!("type{}", number % 12), &schema).await;
        assert_eq!(put.status, 204, "{number}: {}", put.body);
    }
    let full = namespace.register("events", "type0", &order(&[])).await;
    assert_eq!(full.status, 403);
    assert!(full.body.contains("25 versions"), "{}", full.body);
    let known = namespace.register("events", "type0", &order(&[required("field0")])).await;
    assert_eq!((known.status, known.header("schema-version")), (204, "1"));
    let gone = namespace.registry(Method::DELETE, "/events/schemas/type0");
    assert_eq!(answer(gone).await.status, 404);
}

#[tokio::test]
async fn a_group_changes_what_it_asks_for_and_everything_is_there_after_a_restart() {
    let directory = tempfile::tempdir().unwrap();
    let kept = || Options { data: Some(directory.path().to_owned()), ..Options::ephemeral() };
    let namespace = Namespace::start(kept()).await;
    namespace.group("events", "Backward").await;
    let first = namespace.register("events", NAME, &order(&[])).await;
    let loose = json!({ "schemaType": "Avro", "schemaCompatibility": "None" });
    let changed = namespace.registry(Method::PUT, "/events").body(loose.to_string());
    assert_eq!(answer(changed).await.status, 200);
    let second = namespace.register("events", NAME, &order(&[required("a")])).await;
    assert_eq!(second.status, 204);
    namespace.services.stop().await;

    let namespace = Namespace::start(kept()).await;
    let again = namespace.register("events", NAME, &order(&[])).await;
    assert_eq!(again.header("schema-id"), first.header("schema-id"));
    let third = namespace.register("events", NAME, &order(&[required("b")])).await;
    assert_eq!((third.status, third.header("schema-version")), (204, "3"));
    let group = answer(namespace.registry(Method::GET, "/events")).await;
    let group: Value = serde_json::from_str(&group.body).unwrap();
    assert_eq!(group["schemaCompatibility"], json!("None"));
}

#[tokio::test]
async fn the_registry_fails_as_the_hubs_do_and_in_its_own_words() {
    let namespace = namespace().await;
    let busy = Fault::Throttle { retry_after: Duration::from_secs(1) };
    for (fault, status) in [(busy, 503), (Fault::Forbidden, 403), (Fault::InternalError, 500)] {
        let only = Requests::any().path("/$schemaGroups");
        let when = When::Next(1);
        namespace.services.faults().add(Rule { service: Service::EventHubs, only, fault, when });
        let failed = answer(namespace.registry(Method::GET, "")).await;
        assert_eq!(failed.status, status);
        let told: Value = serde_json::from_str(&failed.body).unwrap();
        assert_eq!(told["Code"], json!(status));
    }
    assert_eq!(answer(namespace.registry(Method::GET, "")).await.status, 200);
}
