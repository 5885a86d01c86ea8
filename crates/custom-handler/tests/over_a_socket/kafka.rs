//! Records of Kafka, as the local host sends them (`local/host/tests/kafka_envelopes.rs` holds the same bodies).

use custom_handler::{Done, Failure, Handler, Invocation, KafkaEvent, KafkaEvents};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};

use crate::support::{App, Running, function, keep};

const ONE: &str = include_str!("../../../../local/host/tests/golden/g13_kafka_one.json");
const MANY: &str = include_str!("../../../../local/host/tests/golden/g14_kafka_many.json");

fn bindings(cardinality: &str) -> Value {
    json!([{ "type": "kafkaTrigger", "name": "records", "brokerList": "b:9092", "topic": "account",
        "consumerGroup": "shop", "cardinality": cardinality, "dataType": "binary" }])
}

async fn on_record(app: &App, record: KafkaEvent, context: Invocation) -> Result<Done, Failure> {
    app.note(record, context)
}

async fn on_records(app: &App, batch: KafkaEvents, context: Invocation) -> Result<Done, Failure> {
    app.note(batch.events, context)
}

async fn batches(app: &'static App) -> Running {
    let handler =
        Handler::new(app).kafka_batch(function("OnRecords", bindings("many")), on_records);
    Running::start(handler.on_give_up(keep)).await
}

fn record(key: Option<&str>, partition: i32, offset: i64, value: &'static [u8]) -> KafkaEvent {
    KafkaEvent {
        value: value.into(),
        key: key.map(str::to_owned),
        topic: "account".into(),
        partition,
        offset,
        timestamp: "2026-01-02T03:04:05.678Z".parse().ok(),
        headers: Vec::new(),
    }
}

#[tokio::test]
async fn a_single_record_comes_with_its_place_its_key_and_its_headers() {
    let app = App::default().leak();
    let handler = Handler::new(app).kafka(function("OnRecord", bindings("one")), on_record);
    let running = Running::start(handler.on_give_up(keep)).await;
    assert_eq!(running.invoke("OnRecord", ONE.trim_end()).await.status, 200);
    let expected = KafkaEvent {
        // What stands alone loses its fractions on the way.
        timestamp: "2026-01-02T03:04:05Z".parse().ok(),
        headers: vec![
            ("ce_type".into(), "com.example.bakery.baked.v1".into()),
            ("none".into(), "".into()),
        ],
        ..record(Some("k1"), 2, 42, b"{\"t\":21}")
    };
    assert_eq!(expected.header("CE_Type"), Some("com.example.bakery.baked.v1"));
    assert_eq!(app.seen(), [format!("{expected:?}")]);
}

#[tokio::test]
async fn a_batch_of_several_partitions_keeps_its_arrays_aligned() {
    let app = App::default().leak();
    let running = batches(app).await;
    assert_eq!(running.invoke("OnRecords", MANY.trim_end()).await.status, 200);
    let expected = [record(Some("k1"), 2, 42, b"{\"t\":21}"), record(None, 0, 7, b"")];
    let expected = [
        KafkaEvent {
            headers: vec![
                ("ce_type".into(), "com.example.bakery.baked.v1".into()),
                ("none".into(), "".into()),
            ],
            ..expected[0].clone()
        },
        expected[1].clone(),
    ];
    assert_eq!(app.seen(), [format!("{expected:?}")]);
}

#[tokio::test]
async fn arrays_that_do_not_line_up_or_lack_the_place_fail_the_batch() {
    let app = App::default().leak();
    let running = batches(app).await;
    for metadata in [
        json!({ "OffsetArray": "[1,2]", "PartitionArray": "[0]" }),
        json!({ "OffsetArray": "[1]" }),
        json!({ "OffsetArray": "[1]", "PartitionArray": "[0]", "HeadersArray": "[[{\"Key\":\"a\",\"Value\":\"no!\"}]]" }),
    ] {
        let envelope = json!({ "Data": { "records": "[\"aGk=\"]" }, "Metadata": metadata });
        assert_eq!(
            running.invoke("OnRecords", &envelope.to_string()).await.status,
            500,
            "{metadata}"
        );
    }
    assert_eq!(app.seen(), [""; 0]);
}
