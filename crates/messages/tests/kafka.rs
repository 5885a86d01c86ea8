//! A publisher whose endpoint is a Kafka cluster, against something that answers as its REST interface does.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use custom_handler::Settings;
use messages::{CloudEvent, Destination, EventType, NotPublished, Publisher};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const BAKED: EventType = EventType::new("com.iommi.bakery.baked.v1");
const FINE: (u16, &str) = (200, r#"{"error_code":200,"offset":7}"#);

/// Answers the first record with the first answer and so on, and the last one for ever.
struct Cluster {
    publisher: Publisher,
    /// What it was asked: the head in small letters, and the body.
    asked: Arc<Mutex<Vec<(String, Value)>>>,
}

impl Cluster {
    async fn that_answers(answers: &'static [(u16, &'static str)]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let cluster = format!("http://{}/kafka/v3/clusters/c", listener.local_addr().unwrap());
        let asked = Arc::<Mutex<Vec<(String, Value)>>>::default();
        let noted = Arc::clone(&asked);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(answer(stream, Arc::clone(&noted), answers));
            }
        });
        let settings = Settings::from_map([
            ("EVENT_HUBS__fullyQualifiedNamespace", "iommi.servicebus.windows.net"),
            ("EVENTS_ENDPOINT", &cluster),
            ("KAFKA_API_KEY", "key"),
            ("KAFKA_API_SECRET", "secret"),
        ]);
        let publisher = Publisher::read(&settings, "cake", &[BAKED]).unwrap();
        Self { publisher, asked }
    }

    async fn publish(&self, cakes: &[&str]) -> Result<(), NotPublished> {
        let events: Vec<CloudEvent<Value>> =
            cakes.iter().enumerate().map(|(at, cake)| baked(cake, at)).collect();
        self.publisher.publish_all(&events).await
    }

    /// The keys of the records that came, in their order.
    fn keys(&self) -> Vec<String> {
        let asked = self.asked.lock().unwrap();
        asked.iter().map(|(_, body)| body["key"]["data"].as_str().unwrap().to_owned()).collect()
    }
}

async fn answer(
    mut stream: TcpStream,
    asked: Arc<Mutex<Vec<(String, Value)>>>,
    answers: &'static [(u16, &'static str)],
) {
    let mut bytes = Vec::new();
    let head = loop {
        if let Some(end) = bytes.windows(4).position(|end| end == b"\r\n\r\n") {
            break String::from_utf8(bytes.drain(..end + 4).collect()).unwrap();
        }
        if stream.read_buf(&mut bytes).await.unwrap_or(0) == 0 {
            return;
        }
    };
    let length = head.to_ascii_lowercase();
    let length = length.split("content-length: ").nth(1).unwrap().lines().next().unwrap();
    let length: usize = length.trim().parse().unwrap();
    while bytes.len() < length {
        stream.read_buf(&mut bytes).await.unwrap();
    }
    let (status, body) = {
        let mut asked = asked.lock().unwrap();
        asked.push((head, serde_json::from_slice(&bytes).unwrap()));
        answers[(asked.len() - 1).min(answers.len() - 1)]
    };
    let length = body.len();
    let answer = format!(
        "HTTP/1.1 {status} x\r\ncontent-type: application/json\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
    );
    stream.write_all(answer.as_bytes()).await.unwrap();
}

fn baked(cake: &str, number: usize) -> CloudEvent<Value> {
    let time = "2026-11-21T08:00:00Z".parse().unwrap();
    CloudEvent::new("/bakery", BAKED, format!("{cake}-{number}"), cake, time, json!({"cake": cake}))
}

#[tokio::test]
async fn an_event_is_one_record_of_the_topic_with_its_key_sent_with_key_and_secret() {
    let cluster = Cluster::that_answers(&[FINE]).await;
    cluster.publish(&["apple"]).await.unwrap();
    let asked = cluster.asked.lock().unwrap();
    let [(head, body)] = &asked[..] else { panic!("{asked:?}") };
    assert!(head.starts_with("POST /kafka/v3/clusters/c/topics/cake/records "), "{head}");
    assert!(head.contains("Basic a2V5OnNlY3JldA=="), "{head}");
    assert_eq!(body["key"], json!({"type": "STRING", "data": "apple"}));
    assert!(body["headers"].as_array().unwrap().iter().any(|header| header["name"] == "ce_id"));
}

#[tokio::test]
async fn of_one_key_nothing_follows_what_was_not_published() {
    let cluster = Cluster::that_answers(&[FINE, (200, r#"{"error_code":40301}"#), FINE]).await;
    let refused = cluster.publish(&["apple", "apple", "apple"]).await.unwrap_err();
    let NotPublished::Refused { to, status, .. } = refused else { panic!("{refused}") };
    assert_eq!((to, status.as_u16()), (Destination::KafkaTopic("cake"), 403));
    assert_eq!(cluster.keys(), ["apple", "apple"]);
}

#[tokio::test]
async fn what_fails_for_now_is_tried_again_also_where_only_the_report_says_so() {
    let failures = &[(429, ""), (200, r#"{"error_code":50003}"#), FINE];
    let cluster = Cluster::that_answers(failures).await;
    cluster.publish(&["apple"]).await.unwrap();
    assert_eq!(cluster.keys(), ["apple"; 3]);
}

#[tokio::test]
async fn an_answer_that_says_nothing_of_the_record_is_no_success() {
    let cluster = Cluster::that_answers(&[(200, "fine")]).await;
    let failed = cluster.publish(&["apple"]).await.unwrap_err();
    assert!(matches!(failed, NotPublished::Unreported { .. }), "{failed}");
}

#[tokio::test]
async fn an_event_that_is_too_large_is_not_sent_and_nothing_of_its_key() {
    let cluster = Cluster::that_answers(&[FINE]).await;
    let large = "x".repeat(1_000_000);
    let failed = cluster.publisher.publish(&baked(&large, 1)).await.unwrap_err();
    assert!(failed.is_too_large(), "{failed}");
    assert_eq!(cluster.keys(), [""; 0]);
}
