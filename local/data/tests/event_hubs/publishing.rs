//! Single events, batches, partitions, and what is refused.

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, Mac};
use local_data::{EVENT_HUBS_KEY, Position, Property};
use reqwest::Method;
use serde_json::json;
use sha2::Sha256;

use crate::namespace::{Namespace, answer, text};

#[tokio::test]
async fn an_event_arrives_as_it_was_sent() {
    let namespace = Namespace::with_accounts().await;
    let request = namespace
        .publish("account")
        .header("BrokerProperties", r#"{"PartitionKey": "account-1"}"#)
        .header("ce-type", "com.iommi.profiles.account-activated.v1")
        .header("ce-revision", "7")
        .body(vec![0, 255]);
    assert_eq!(answer(request).await.status, 201);
    let events = namespace.read(2, Position::Start).await;
    assert_eq!(events.len(), 1);
    assert_eq!(&events[0].body[..], [0, 255]);
    assert_eq!(events[0].partition_key.as_deref(), Some("account-1"));
    assert_eq!((events[0].sequence_number, events[0].offset), (0, 0));
    let properties: Vec<_> = events[0].properties.clone().into_iter().collect();
    assert_eq!(
        properties,
        [
            ("ce-revision".to_owned(), Property::Integer(7)),
            (
                "ce-type".to_owned(),
                Property::Text("com.iommi.profiles.account-activated.v1".into())
            ),
        ]
    );
}

#[tokio::test]
async fn events_with_one_key_stay_in_order_and_those_without_go_round() {
    let namespace = Namespace::with_accounts().await;
    for text in ["1", "2", "3"] {
        namespace.send("account", text, Some("contact-42")).await;
    }
    assert_eq!(namespace.texts().await, [vec![], vec![], vec!["1", "2", "3"], vec![]]);
    for _ in 0..4 {
        namespace.send("account", "x", None).await;
    }
    let counts: Vec<_> = namespace.texts().await.iter().map(Vec::len).collect();
    assert_eq!(counts, [1, 1, 4, 1]);
}

#[tokio::test]
async fn a_batch_lies_in_one_partition_in_its_order() {
    let namespace = Namespace::with_accounts().await;
    let items = json!([
        {"Body": "a", "UserProperties": {"n": 1}, "BrokerProperties": {"PartitionKey": "k1"}},
        {"Body": "b", "BrokerProperties": {"PartitionKey": "k1"}},
    ]);
    assert_eq!(answer(namespace.batch("account", &items)).await.status, 201);
    let to_third = namespace.batch("account/partitions/3", &json!([{"Body": "c"}, {"Body": "d"}]));
    assert_eq!(answer(to_third).await.status, 201);
    let by_publisher = namespace.publish("account/publishers/account-1").body("e");
    assert_eq!(answer(by_publisher).await.status, 201);
    assert_eq!(namespace.texts().await, [vec!["a", "b"], vec![], vec!["e"], vec!["c", "d"]]);
    let events = namespace.read(0, Position::Start).await;
    assert_eq!(events[0].properties["n"], Property::Integer(1));
    assert_eq!(events[0].enqueued, events[1].enqueued);
}

#[tokio::test]
async fn what_is_no_event_is_refused_and_nothing_of_it_is_kept() {
    let namespace = Namespace::with_accounts().await;
    let two_keys = json!([
        {"Body": "a", "BrokerProperties": {"PartitionKey": "a"}},
        {"Body": "b", "BrokerProperties": {"PartitionKey": "b"}},
    ]);
    let keyed = json!([{"Body": "a", "BrokerProperties": {"PartitionKey": "a"}}]);
    for (request, part) in [
        (namespace.batch("account", &json!([{"Body": "a"}, {"body": "b"}])), "[1].body"),
        (namespace.batch("account", &two_keys), "PartitionKey"),
        (namespace.batch("account/partitions/0", &keyed), "PartitionKey"),
        (
            namespace.publish("account").header("BrokerProperties", "k1").body("x"),
            "BrokerProperties",
        ),
    ] {
        let refused = answer(request).await;
        assert_eq!(refused.status, 400, "{}", refused.body);
        assert!(refused.body.contains(part), "{part}: {}", refused.body);
    }
    let nowhere = answer(namespace.publish("account/partitions/4").body("x")).await;
    assert_eq!(nowhere.status, 404);
    assert!(nowhere.body.contains("0 to 3"), "{}", nowhere.body);
    assert!(namespace.texts().await.iter().all(Vec::is_empty));
}

#[tokio::test]
async fn a_message_has_at_most_a_megabyte_with_its_properties() {
    let namespace = Namespace::with_accounts().await;
    let megabyte = 1 << 20;
    for (bytes, status) in [(megabyte - 1_000, 201), (megabyte, 413), (3 * megabyte, 413)] {
        let sent = answer(namespace.publish("account").body("x".repeat(bytes))).await;
        assert_eq!(sent.status, status, "{bytes}");
    }
    let half = "x".repeat(megabyte / 2);
    let batch = namespace.batch("account", &json!([{"Body": half}, {"Body": half}]));
    assert_eq!(answer(batch).await.status, 413);
    let kept: usize = namespace.texts().await.iter().map(Vec::len).sum();
    assert_eq!(kept, 1);
}

#[tokio::test]
async fn whoever_has_neither_a_token_nor_a_good_signature_is_refused() {
    let namespace = Namespace::with_accounts().await;
    let send = async |authorization: Option<String>| {
        let mut request = namespace.request(Method::POST, "account/messages").body("x");
        if let Some(authorization) = authorization {
            request = request.header("authorization", authorization);
        }
        answer(request).await.status
    };
    assert_eq!(send(None).await, 401);
    assert_eq!(send(Some("Basic YTpi".into())).await, 401);
    let url = namespace.services.event_hubs_url().to_owned();
    let later = jiff::Timestamp::now().as_second() + 600;
    assert_eq!(send(Some(signature(&format!("{url}account"), later, EVENT_HUBS_KEY))).await, 201);
    assert_eq!(send(Some(signature(&url, later, EVENT_HUBS_KEY))).await, 201);
    assert_eq!(send(Some(signature(&url, later, "another"))).await, 401);
    assert_eq!(send(Some(signature(&url, later - 1_200, EVENT_HUBS_KEY))).await, 401);
    assert_eq!(send(Some(signature(&format!("{url}contact"), later, EVENT_HUBS_KEY))).await, 401);
    assert_eq!(namespace.texts().await.iter().map(Vec::len).sum::<usize>(), 2);
}

fn signature(url: &str, expiry: i64, key: &str) -> String {
    let escaped = |text: &str| {
        percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
    };
    let resource = escaped(url);
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).unwrap();
    mac.update(format!("{resource}\n{expiry}").as_bytes());
    let signed = escaped(&STANDARD.encode(mac.finalize().into_bytes()));
    format!(
        "SharedAccessSignature sr={resource}&sig={signed}&se={expiry}&skn=RootManageSharedAccessKey"
    )
}

#[tokio::test]
async fn a_site_that_was_made_to_point_here_is_refused() {
    let namespace = Namespace::with_accounts().await;
    let request = namespace.publish("account").header("host", "rebound.example").body("x");
    assert_eq!(answer(request).await.status, 421);
    assert_eq!(namespace.texts().await.concat(), Vec::<String>::new());
    namespace.send("account", "here", Some("k1")).await;
    assert_eq!(text(&namespace.read(0, Position::Start).await[0]), "here");
}
