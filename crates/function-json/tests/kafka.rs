//! `kafkaTrigger`: every key with its default, and what cannot work.

use function_json::*;
use pretty_assertions::assert_eq;
use serde_json::{Value, json};

fn parse(more: &Value) -> Result<KafkaTrigger, FunctionJsonError> {
    let mut binding = json!({ "type": "kafkaTrigger", "name": "records", "brokerList": "b:9092",
        "topic": "account", "consumerGroup": "contacts" });
    let members = binding.as_object_mut().expect("an object");
    members.extend(more.as_object().expect("an object").clone());
    let function = FunctionJson::parse(&json!({ "bindings": [binding] }).to_string())?;
    let Trigger::Kafka(trigger) = function.trigger else { panic!("{function:?}") };
    Ok(trigger)
}

/// The key that the error names.
fn refused(more: Value) -> String {
    match parse(&more) {
        Err(FunctionJsonError::Key { key, problem, remedy }) => {
            assert!(!problem.is_empty() && !remedy.is_empty());
            key
        }
        other => panic!("{more} gave {other:?}"),
    }
}

#[test]
fn a_trigger_that_says_only_where_has_the_extensions_defaults() {
    assert_eq!(
        parse(&json!({})),
        Ok(KafkaTrigger {
            broker_list: "b:9092".into(),
            topic: "account".into(),
            consumer_group: "contacts".into(),
            protocol: None,
            authentication_mode: None,
            username: None,
            password: None,
            cardinality: Cardinality::One,
            data_type: None,
            key_data_type: KeyDataType::String,
            lag_threshold: 1000,
        })
    );
}

#[test]
fn every_key_is_read_and_words_are_read_in_any_case() {
    let trigger = parse(&json!({ "protocol": "SASLSSL", "authenticationMode": "plain", "username": "u", "password": "secret",
        "cardinality": "many", "dataType": "binary", "keyDataType": "Binary", "lagThreshold": 50 }))
    .expect("a trigger that loads");
    assert_eq!(trigger.protocol, Some(BrokerProtocol::SaslSsl));
    assert_eq!(trigger.authentication_mode, Some(AuthenticationMode::Plain));
    assert_eq!(
        (trigger.username.as_deref(), trigger.password.as_deref()),
        (Some("u"), Some("secret"))
    );
    assert_eq!(
        (trigger.cardinality, trigger.data_type),
        (Cardinality::Many, Some(DataType::Binary))
    );
    assert_eq!((trigger.key_data_type, trigger.lag_threshold), (KeyDataType::Binary, 50));
    assert!(!format!("{trigger:?}").contains("secret"));
    assert_eq!(parse(&json!({ "protocol": "notSet" })).map(|trigger| trigger.protocol), Ok(None));
}

#[test]
fn what_is_missing_or_unknown_is_named() {
    for key in ["brokerList", "topic", "consumerGroup"] {
        assert_eq!(refused(json!({ key: null })), format!("bindings[0].{key}"));
        assert_eq!(refused(json!({ key: " " })), format!("bindings[0].{key}"));
    }
    for (key, value) in [
        ("protocol", json!("sasl_ssl")),
        ("authenticationMode", json!("password")),
        ("cardinality", json!("few")),
        ("keyDataType", json!("uuid")),
        ("lagThreshold", json!(0)),
        ("username", json!(7)),
    ] {
        assert_eq!(refused(json!({ key: value })), format!("bindings[0].{key}"));
    }
}

#[test]
fn what_contradicts_itself_is_refused() {
    let sasl = |mode: Value, username: Value, password: Value| json!({ "protocol": "saslSsl", "authenticationMode": mode, "username": username, "password": password });
    let key = |more| refused(more).replace("bindings[0].", "");
    assert_eq!(key(json!({ "protocol": "saslSsl" })), "authenticationMode");
    assert_eq!(
        key(json!({ "authenticationMode": "plain", "username": "u", "password": "p" })),
        "authenticationMode"
    );
    assert_eq!(
        key(json!({ "protocol": "ssl", "authenticationMode": "gssapi" })),
        "authenticationMode"
    );
    assert_eq!(key(sasl(json!("plain"), Value::Null, json!("p"))), "username");
    assert_eq!(key(sasl(json!("scramSha256"), json!("u"), json!(""))), "password");
    assert!(parse(&sasl(json!("oAuthBearer"), Value::Null, Value::Null)).is_ok());
}

#[test]
fn what_would_change_values_before_they_are_read_is_refused() {
    for key in ["avroSchema", "keyAvroSchema", "schemaRegistryUrl", "eventHubConnectionString"] {
        assert_eq!(refused(json!({ key: "x" })), format!("bindings[0].{key}"));
    }
}
