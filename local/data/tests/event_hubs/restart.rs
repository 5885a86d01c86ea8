//! What is there again after a restart.

use std::{path::Path, time::Duration};

use local_data::{Options, Position};
use serde_json::json;

use crate::namespace::{Namespace, answer, text};

async fn started(directory: &Path) -> Namespace {
    let options = Options { data: Some(directory.to_owned()), ..Options::ephemeral() };
    Namespace::start(options).await
}

#[tokio::test]
async fn hubs_groups_and_events_are_there_again() {
    let directory = tempfile::tempdir().unwrap();
    let namespace = started(directory.path()).await;
    namespace.declare("account", 4).await;
    let group = "$local/eventhubs/account/consumergroups/contacts";
    assert_eq!(answer(namespace.request(reqwest::Method::PUT, group)).await.status, 201);
    let items = json!([
        {"Body": "a", "UserProperties": {"n": 1}, "BrokerProperties": {"PartitionKey": "k1"}},
        {"Body": "b", "BrokerProperties": {"PartitionKey": "k1"}},
    ]);
    answer(namespace.batch("account", &items)).await;
    let before = namespace.read(0, Position::Start).await;
    namespace.services.stop().await;

    let namespace = started(directory.path()).await;
    assert_eq!(namespace.read(0, Position::Start).await, before);
    assert_eq!(answer(namespace.request(reqwest::Method::PUT, group)).await.status, 200);
    namespace.send("account", "c", Some("k1")).await;
    let after = namespace.read(0, Position::AfterOffset(before[1].offset)).await;
    assert_eq!((text(&after[0]), after[0].sequence_number), ("c".to_owned(), 2));
}

#[tokio::test]
async fn a_partition_without_events_counts_on_after_a_restart() {
    let directory = tempfile::tempdir().unwrap();
    let namespace = started(directory.path()).await;
    namespace.declare("account", 4).await;
    namespace.send("account", "old", Some("k1")).await;
    namespace.services.clock().advance(Duration::from_secs(25 * 3_600));
    namespace.services.step().await;
    namespace.services.stop().await;

    let namespace = started(directory.path()).await;
    assert_eq!(namespace.read(0, Position::Start).await, []);
    namespace.send("account", "new", Some("k1")).await;
    let new = namespace.read(0, Position::Start).await;
    assert_eq!((new[0].sequence_number, new[0].offset > 0), (1, true));
}
