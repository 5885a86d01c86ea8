//! Records of Kafka as the real host sends them, byte for byte; the handler's own tests read the same files.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod golden_rig;

use function_json::{DataType, KeyDataType};
use golden_rig::{body_of, moment};
use local_host::envelope::kafka::{self, Record, Types};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};

const BINARY: Types = Types { value: Some(DataType::Binary), key: KeyDataType::String };

fn record() -> Record {
    Record {
        value: Some(b"{\"t\":21}".to_vec()),
        key: Some(b"k1".to_vec()),
        topic: "account".into(),
        partition: 2,
        offset: 42,
        timestamp: moment("2026-01-02T03:04:05.678Z"),
        headers: vec![
            ("ce_type".into(), b"com.example.bakery.baked.v1".to_vec()),
            ("none".into(), Vec::new()),
        ],
        leader_epoch: Some(3),
    }
}

fn bare() -> Record {
    let (value, key, headers) = (None, None, Vec::new());
    Record { value, key, headers, partition: 0, offset: 7, leader_epoch: None, ..record() }
}

#[test]
fn g13_a_record_is_bare_base64_with_its_place_beside_it() {
    let envelope = kafka::one("records", BINARY, &record());
    assert_eq!(
        body_of(&envelope, "OnRecord"),
        include_str!("golden/g13_kafka_one.json").trim_end()
    );
}

#[test]
fn g14_a_batch_is_an_array_of_base64_and_arrays_run_in_step() {
    let envelope = kafka::many("records", BINARY, &[record(), bare()]);
    assert_eq!(
        body_of(&envelope, "OnRecords"),
        include_str!("golden/g14_kafka_many.json").trim_end()
    );
}

#[test]
fn without_binary_a_value_is_the_text_of_an_object_around_it() {
    let types = Types { value: None, ..BINARY };
    let envelope = kafka::many("records", types, &[record()]);
    let body: Value = serde_json::from_str(&body_of(&envelope, "OnRecords")).unwrap();
    let texts: Vec<String> =
        serde_json::from_str(body["Data"]["records"].as_str().unwrap()).unwrap();
    let shown: Value = serde_json::from_str(&texts[0]).unwrap();
    assert_eq!((&shown["Value"], &shown["Key"]), (&json!("{\"t\":21}"), &json!("k1")));
}

#[test]
fn a_key_is_read_as_its_type_and_one_of_another_length_is_none() {
    let key = |key: &[u8], r#type| {
        let record = Record { key: Some(key.to_vec()), ..record() };
        let types = Types { key: r#type, ..BINARY };
        let body = body_of(&kafka::many("records", types, &[record]), "OnRecords");
        let body: Value = serde_json::from_str(&body).unwrap();
        body["Metadata"]["KeyArray"].as_str().unwrap().to_owned()
    };
    assert_eq!(key(b"k", KeyDataType::Binary), r#"["aw=="]"#);
    assert_eq!(key(&[0, 0, 1, 0], KeyDataType::Int), "[256]");
    assert_eq!(key(&[255; 8], KeyDataType::Long), "[-1]");
    assert_eq!(key(b"k", KeyDataType::Long), "[null]");
}
