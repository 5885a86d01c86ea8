//! The Cosmos DB trigger against the real protocol: pages, leases and checkpoints.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod trigger_rig;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use function_json::Trigger;
use jiff::Timestamp;
use local_host::{
    Lifecycle,
    triggers::{Listener, Target, cosmos_db::CosmosDbListener},
};
use pretty_assertions::assert_eq;
use rand::{Rng, SeedableRng, rngs::StdRng};
use serde_json::{Value, json};
use trigger_rig::{Answer, DEADLINE, Rig, gate, retries, step_through, step_until, target};

fn on_docs(more: Value) -> Target {
    let mut binding = json!({"type": "cosmosDBTrigger", "direction": "in", "name": "docs", "databaseName": "db",
        "containerName": "items", "createLeaseContainerIfNotExists": true, "startFromBeginning": true});
    binding.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    target("OnDocs", json!([binding]), None)
}

fn listener(rig: &Rig, target: &Target, owner: &str) -> CosmosDbListener {
    let Trigger::CosmosDb(trigger) = &target.json.trigger else { panic!("{target:?}") };
    CosmosDbListener::new(rig.runner.clone(), target.clone(), trigger.clone(), owner.into())
        .unwrap()
}

async fn started() -> Rig {
    let rig = Rig::start().await;
    rig.create_cosmos_container("db", "items").await;
    rig
}

async fn put(rig: &Rig, ids: impl IntoIterator<Item = u32>) {
    for id in ids {
        rig.put_document("db", "items", json!({"id": id.to_string(), "n": id})).await;
    }
}

/// The ids that the handler has seen, in order.
fn seen(rig: &Rig) -> Vec<String> {
    let pages = rig.script.seen();
    let documents = pages.iter().flat_map(|page| page.json("docs").as_array().unwrap().clone());
    documents.map(|document| document["id"].as_str().unwrap().to_owned()).collect()
}

/// Steps that leave the invocation under way.
async fn step_until_called(listener: &mut CosmosDbListener, rig: &Rig) {
    let steps = async {
        while rig.script.calls() == 0 {
            listener.step(rig.now()).await;
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(DEADLINE, steps).await.expect("the handler is called");
}

fn set(ids: impl IntoIterator<Item = u32>) -> BTreeSet<String> {
    ids.into_iter().map(|id| id.to_string()).collect()
}

fn later(moment: Timestamp, seconds: u64) -> Timestamp {
    moment + Duration::from_secs(seconds)
}

#[tokio::test]
async fn documents_arrive_flat_with_their_system_properties() {
    let rig = started().await;
    put(&rig, [1]).await;
    let mut listener = listener(&rig, &on_docs(json!({})), "a");
    step_until(&mut listener, || rig.now(), || rig.script.calls() == 1).await;
    let seen = &rig.script.seen()[0];
    let document = seen.json("docs")[0].clone();
    for property in ["id", "n", "_rid", "_self", "_etag", "_attachments", "_ts", "_lsn"] {
        assert!(document.get(property).is_some(), "{property}: {document}");
    }
    assert_eq!(document.get("current"), None);
    assert_eq!(seen.body["Metadata"].as_object().unwrap().keys().collect::<Vec<_>>(), ["sys"]);
}

#[tokio::test]
async fn every_document_comes_once_and_a_restart_repeats_nothing() {
    let rig = started().await;
    put(&rig, 0..40).await;
    let mut first = listener(&rig, &on_docs(json!({})), "a");
    step_until(&mut first, || rig.now(), || seen(&rig).len() == 40).await;
    assert_eq!(seen(&rig).into_iter().collect::<BTreeSet<_>>(), set(0..40));
    drop(first);
    put(&rig, 40..45).await;
    let mut second = listener(&rig, &on_docs(json!({})), "a");
    step_until(&mut second, || rig.now(), || seen(&rig).len() >= 45).await;
    step_through(&mut second, later(rig.now(), 6)).await;
    assert_eq!(seen(&rig).len(), 45);
    assert_eq!(seen(&rig).into_iter().collect::<BTreeSet<_>>(), set(0..45));
}

#[tokio::test]
async fn one_document_after_another_is_found_by_polling() {
    let rig = started().await;
    let mut listener = listener(&rig, &on_docs(json!({})), "a");
    let now = rig.now();
    step_through(&mut listener, now).await;
    step_through(&mut listener, now).await;
    assert_eq!(rig.script.calls(), 0);
    put(&rig, [1]).await;
    step_through(&mut listener, later(now, 4)).await;
    assert_eq!(rig.script.calls(), 0, "the poll delay is five seconds");
    step_through(&mut listener, later(now, 5)).await;
    assert_eq!(seen(&rig), ["1"]);
}

#[tokio::test]
async fn a_failed_batch_without_a_retry_policy_is_lost() {
    let rig = started().await;
    put(&rig, [1]).await;
    rig.script.then(Answer::Status(500));
    let mut first = listener(&rig, &on_docs(json!({})), "a");
    step_until(&mut first, || rig.now(), || rig.script.calls() == 1).await;
    put(&rig, [2]).await;
    let mut second = listener(&rig, &on_docs(json!({})), "a");
    step_until(&mut second, || rig.now(), || rig.script.calls() == 2).await;
    assert_eq!(seen(&rig), ["1", "2"], "the checkpoint moved in spite of the failure");
}

#[tokio::test]
async fn a_retry_policy_without_end_holds_the_checkpoint() {
    let rig = started().await;
    put(&rig, [1]).await;
    for _ in 0..7 {
        rig.script.then(Answer::Status(500));
    }
    let mut target = on_docs(json!({}));
    target.retry = retries(-1);
    let mut listener = listener(&rig, &target, "a");
    step_until(&mut listener, || rig.now(), || rig.script.calls() == 8).await;
    assert_eq!(seen(&rig), ["1"; 8]);
    assert_eq!(rig.script.seen()[7].body["Metadata"]["RetryContext"]["RetryCount"], json!(7));
    step_through(&mut listener, later(rig.now(), 6)).await;
    assert_eq!(rig.script.calls(), 8);
}

#[tokio::test]
async fn an_exhausted_retry_policy_loses_the_batch() {
    let rig = started().await;
    put(&rig, [1]).await;
    rig.script.always(Answer::Status(500));
    let mut target = on_docs(json!({}));
    target.retry = retries(2);
    let mut first = listener(&rig, &target, "a");
    step_until(&mut first, || rig.now(), || rig.script.calls() == 3).await;
    let mut second = listener(&rig, &target, "a");
    step_through(&mut second, rig.now()).await;
    step_through(&mut second, later(rig.now(), 6)).await;
    assert_eq!(rig.script.calls(), 3);
}

#[tokio::test]
async fn a_host_that_stops_while_retrying_moves_no_checkpoint() {
    let rig = started().await;
    put(&rig, [1]).await;
    let gate = gate();
    rig.script.then(Answer::Behind(Arc::clone(&gate), Box::new(Answer::Break)));
    let mut first = listener(&rig, &on_docs(json!({})), "a");
    step_until_called(&mut first, &rig).await;
    rig.state.send_replace(Lifecycle::Stopping);
    gate.add_permits(1);
    first.settle().await;
    first.release().await;
    rig.state.send_replace(Lifecycle::Running);
    let mut second = listener(&rig, &on_docs(json!({})), "b");
    step_until(&mut second, || rig.now(), || rig.script.calls() == 2).await;
    assert_eq!(seen(&rig), ["1", "1"]);
}

#[tokio::test]
async fn a_host_that_dies_before_the_checkpoint_sees_the_batch_again() {
    let rig = started().await;
    put(&rig, [1]).await;
    rig.script.then(Answer::Behind(gate(), Box::new(Answer::Reply(json!({})))));
    let mut first = listener(&rig, &on_docs(json!({})), "a");
    step_until_called(&mut first, &rig).await;
    drop(first);
    let mut second = listener(&rig, &on_docs(json!({})), "a");
    step_until(&mut second, || rig.now(), || rig.script.calls() == 2).await;
    assert_eq!(seen(&rig), ["1", "1"]);
}

#[tokio::test]
async fn by_default_the_feed_starts_now() {
    let rig = started().await;
    put(&rig, 0..5).await;
    let mut listener = listener(&rig, &on_docs(json!({"startFromBeginning": false})), "a");
    let now = rig.now();
    step_through(&mut listener, now).await;
    step_through(&mut listener, now).await;
    put(&rig, [5]).await;
    step_through(&mut listener, later(now, 6)).await;
    assert_eq!(seen(&rig), ["5"]);
}

#[tokio::test]
async fn the_feed_can_start_at_a_moment() {
    let rig = started().await;
    put(&rig, 0..5).await;
    // Document times have whole seconds.
    rig.clock.advance(Duration::from_secs(3));
    let target =
        on_docs(json!({"startFromBeginning": false, "startFromTime": "2000-01-01T00:00:00Z"}));
    let mut listener = listener(&rig, &target, "a");
    step_until(&mut listener, || rig.now(), || seen(&rig).len() == 5).await;
    let tomorrow = (rig.now() + Duration::from_secs(86_400)).to_string();
    let target = on_docs(
        json!({"startFromBeginning": false, "startFromTime": tomorrow, "leaseContainerPrefix": "x"}),
    );
    let mut none = self::listener(&rig, &target, "a");
    step_through(&mut none, rig.now()).await;
    step_through(&mut none, rig.now()).await;
    assert_eq!(seen(&rig).len(), 5);
}

#[tokio::test]
async fn a_batch_holds_no_more_than_max_items_per_invocation() {
    let rig = started().await;
    put(&rig, 0..30).await;
    let mut listener = listener(&rig, &on_docs(json!({"maxItemsPerInvocation": 2})), "a");
    step_until(&mut listener, || rig.now(), || seen(&rig).len() == 30).await;
    assert!(rig.script.seen().iter().all(|page| page.json("docs").as_array().unwrap().len() <= 2));
    assert_eq!(seen(&rig).into_iter().collect::<BTreeSet<_>>(), set(0..30));
}

#[tokio::test]
async fn two_instances_share_the_ranges_and_one_takes_over_when_the_other_dies() {
    let rig = started().await;
    let target = on_docs(json!({}));
    let (mut a, mut b) = (listener(&rig, &target, "a"), listener(&rig, &target, "b"));
    let mut now = rig.now();
    step_through(&mut a, now).await;
    let all = a.ranges();
    assert!(all.len() > 1, "{all:?}");
    for _ in 0..6 {
        now = later(now, 13);
        step_through(&mut a, now).await;
        step_through(&mut b, now).await;
    }
    let shared: BTreeSet<_> = a.ranges().into_iter().chain(b.ranges()).collect();
    assert_eq!(shared, all.iter().cloned().collect());
    assert_eq!(a.ranges().len() + b.ranges().len(), all.len(), "no range is in two hands");
    assert!(a.ranges().len().abs_diff(b.ranges().len()) <= 1);
    drop(a);
    put(&rig, 0..20).await;
    now = later(now, 40);
    step_through(&mut b, now).await;
    assert!(b.ranges().len() < all.len(), "the dead one's leases have not expired");
    now = later(now, 61);
    step_through(&mut b, now).await;
    step_through(&mut b, later(now, 6)).await;
    assert_eq!(b.ranges(), all);
    assert_eq!(seen(&rig).into_iter().collect::<BTreeSet<_>>(), set(0..20));
}

#[tokio::test]
async fn two_functions_need_two_prefixes_to_both_see_everything() {
    let rig = started().await;
    put(&rig, 0..10).await;
    for prefix in ["one", "two"] {
        let mut listener =
            listener(&rig, &on_docs(json!({"leaseContainerPrefix": prefix})), prefix);
        let before = seen(&rig).len();
        step_until(&mut listener, || rig.now(), || seen(&rig).len() == before + 10).await;
    }
    let mut third = listener(&rig, &on_docs(json!({"leaseContainerPrefix": "two"})), "three");
    step_through(&mut third, rig.now()).await;
    assert_eq!(seen(&rig).len(), 20);
}

#[tokio::test]
async fn without_a_lease_container_nothing_is_read_until_there_is_one() {
    let rig = started().await;
    put(&rig, [1]).await;
    let mut listener =
        listener(&rig, &on_docs(json!({"createLeaseContainerIfNotExists": false})), "a");
    let now = rig.now();
    step_through(&mut listener, now).await;
    assert_eq!((rig.script.calls(), listener.ranges()), (0, Vec::new()));
    rig.create_cosmos_container("db", "leases").await;
    step_through(&mut listener, later(now, 6)).await;
    step_through(&mut listener, later(now, 12)).await;
    assert_eq!(seen(&rig), ["1"]);
}

#[tokio::test]
async fn leases_are_documents_that_a_tool_can_read() {
    let rig = started().await;
    put(&rig, [1]).await;
    let mut listener = listener(&rig, &on_docs(json!({"leaseContainerPrefix": "shop-"})), "a");
    step_until(&mut listener, || rig.now(), || rig.script.calls() == 1).await;
    let leases = rig.documents("db", "leases").await;
    assert_eq!(leases.len(), listener.ranges().len());
    for lease in &leases {
        assert!(lease["id"].as_str().unwrap().starts_with("shop-db_items.."), "{lease}");
        assert_eq!(lease["Owner"], json!("a"));
    }
    assert_eq!(
        leases.iter().filter(|lease| lease["ContinuationToken"].is_string()).count(),
        1,
        "{leases:?}"
    );
    listener.release().await;
    assert!(rig.documents("db", "leases").await.iter().all(|lease| lease["Owner"].is_null()));
}

#[tokio::test]
async fn a_duplicated_page_comes_again() {
    let rig = started().await;
    put(&rig, [1]).await;
    rig.runner.faults.duplicate_next(1);
    let mut listener = listener(&rig, &on_docs(json!({})), "a");
    step_until(&mut listener, || rig.now(), || rig.script.calls() == 2).await;
    assert_eq!(seen(&rig), ["1", "1"]);
}

#[tokio::test]
async fn whatever_fails_or_dies_the_latest_of_every_document_arrives() {
    const ROUNDS: u32 = 120;
    let seed: u64 = rand::random();
    println!("seed: {seed}");
    let mut random = StdRng::seed_from_u64(seed);
    let rig = started().await;
    let mut target = on_docs(json!({"maxItemsPerInvocation": 2}));
    target.retry = retries(-1);
    let mut instances = [listener(&rig, &target, "a"), listener(&rig, &target, "b")];
    let mut latest = BTreeMap::new();
    let mut now = rig.now();
    for round in 0..ROUNDS {
        let which = random.random_range(0..instances.len());
        match random.random_range(0..10) {
            0..5 => {
                let id = random.random_range(0..8_u32).to_string();
                rig.put_document("db", "items", json!({"id": id, "round": round})).await;
                latest.insert(id, round);
            }
            5 => rig.script.then(Answer::Status(500)),
            6 => rig.script.then(Answer::Break),
            // It dies in the middle of whatever it does, and comes back.
            7 => instances[which] = listener(&rig, &target, ["a", "b"][which]),
            _ => {
                now = later(now, random.random_range(1..30));
                instances[which].step(now).await;
                tokio::task::yield_now().await;
            }
        }
    }
    let arrived = || {
        let pages = rig.script.seen().into_iter().map(|seen| seen.json("docs"));
        let mut arrived = BTreeMap::new();
        for document in pages.flat_map(|page| page.as_array().unwrap().clone()) {
            let round = u32::try_from(document["round"].as_u64().unwrap()).unwrap();
            let newest =
                arrived.entry(document["id"].as_str().unwrap().to_owned()).or_insert(round);
            *newest = round.max(*newest);
        }
        arrived
    };
    let steps = async {
        while arrived() != latest {
            now = later(now, 14);
            for instance in &mut instances {
                step_through(instance, now).await;
            }
        }
    };
    let in_time = tokio::time::timeout(DEADLINE, steps).await;
    assert!(in_time.is_ok(), "seed {seed}: {:?} is not {latest:?}", arrived());
}
