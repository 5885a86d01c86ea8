//! The queue trigger against the real protocol: what the real host does with messages, good and bad.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod trigger_rig;

use std::{collections::HashSet, sync::Arc, time::Duration};

use jiff::SignedDuration;
use local_host::{
    Lifecycle,
    triggers::{
        Listener, QueueFunction, Target,
        queue::{MessageEncoding, QueueListener, QueueOptions, Source},
    },
};
use pretty_assertions::assert_eq;
use serde_json::json;
use trigger_rig::{Answer, Rig, gate, retries, step_through, step_until, target};

fn on_queue(queue: &str) -> Target {
    target(
        "OnQueue",
        json!([{"type": "queueTrigger", "direction": "in", "name": "msg", "queueName": queue}]),
        None,
    )
}

fn listener(rig: &Rig, target: Target) -> QueueListener {
    let source = Source::of_trigger("AzureWebJobsStorage", queue_of(&target));
    let function = QueueFunction { runner: rig.runner.clone(), target };
    QueueListener::new(rig.runner.clone(), source, rig.runner.queues.clone(), Box::new(function))
        .unwrap()
}

fn queue_of(target: &Target) -> &str {
    match &target.json.trigger {
        function_json::Trigger::Queue(trigger) => &trigger.queue_name,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_message_is_decoded_delivered_and_deleted() {
    let rig = Rig::start().await;
    rig.create_queue("orders").await;
    rig.send_message("orders", "hello").await;
    let mut listener = listener(&rig, on_queue("orders"));
    assert_eq!(step_through(&mut listener, rig.now()).await, 1);
    let seen = rig.script.seen();
    assert_eq!(seen[0].text("msg"), "hello");
    let metadata = &seen[0].body["Metadata"];
    assert_eq!(metadata["DequeueCount"], json!("1"));
    for key in ["ExpirationTime", "InsertionTime", "NextVisibleTime"] {
        assert!(metadata[key].as_str().unwrap().ends_with("+00:00"), "{key}: {}", metadata[key]);
    }
    assert_eq!(rig.count("orders").await, Some(0));
}

#[tokio::test]
async fn a_message_that_always_fails_is_delivered_five_times_and_then_poisoned() {
    let rig = Rig::start().await;
    rig.create_queue("orders").await;
    rig.send_message("orders", "bad").await;
    rig.script.always(Answer::Status(500));
    let mut listener = listener(&rig, on_queue("orders"));
    step_until(&mut listener, || rig.now(), || rig.script.calls() == 5).await;
    let counts: Vec<_> = rig
        .script
        .seen()
        .iter()
        .map(|seen| seen.body["Metadata"]["DequeueCount"].clone())
        .collect();
    assert_eq!(counts, [json!("1"), json!("2"), json!("3"), json!("4"), json!("5")]);
    assert_eq!(rig.count("orders").await, Some(0));
    assert_eq!(rig.visible("orders-poison").await, Rig::encoded(&["bad"]));
    assert_eq!(step_through(&mut listener, rig.now() + Duration::from_secs(60)).await, 0);
}

#[tokio::test]
async fn a_message_that_is_not_base64_is_poisoned_without_a_call() {
    let rig = Rig::start().await;
    rig.create_queue("orders").await;
    rig.send_raw_message("orders", "plain text").await;
    step_through(&mut listener(&rig, on_queue("orders")), rig.now()).await;
    assert_eq!(rig.script.calls(), 0);
    assert_eq!(rig.visible("orders-poison").await, ["plain text"]);
    assert_eq!(rig.count("orders").await, Some(0));
}

#[tokio::test]
async fn with_encoding_none_plain_text_is_delivered_and_poisoned_as_it_is() {
    let mut rig = Rig::start().await;
    rig.runner.queues = QueueOptions {
        message_encoding: MessageEncoding::None,
        max_dequeue_count: 1,
        ..QueueOptions::default()
    };
    rig.create_queue("orders").await;
    rig.send_raw_message("orders", "{\"n\":1}").await;
    rig.script.always(Answer::Status(500));
    step_through(&mut listener(&rig, on_queue("orders")), rig.now()).await;
    assert_eq!(rig.script.seen()[0].text("msg"), "{\"n\":1}");
    assert_eq!(rig.visible("orders-poison").await, ["{\"n\":1}"]);
}

#[tokio::test]
async fn a_poison_queue_has_no_poison_queue_and_its_failed_message_stays_hidden() {
    let rig = Rig::start().await;
    rig.create_queue("orders-poison").await;
    rig.send_message("orders-poison", "bad").await;
    rig.script.always(Answer::Status(500));
    let mut listener = listener(&rig, on_queue("orders-poison"));
    step_through(&mut listener, rig.now()).await;
    step_through(&mut listener, rig.now() + Duration::from_secs(60)).await;
    assert_eq!(rig.script.calls(), 1);
    assert_eq!(rig.visible("orders-poison").await, Vec::<String>::new());
    assert_eq!(rig.count("orders-poison").await, Some(1));
    assert_eq!(rig.count("orders-poison-poison").await, None);
    rig.clock.advance(Duration::from_secs(601));
    step_through(&mut listener, rig.now() + Duration::from_secs(120)).await;
    assert_eq!(rig.script.calls(), 2);
}

#[tokio::test]
async fn a_failed_message_stays_hidden_for_the_visibility_timeout() {
    let mut rig = Rig::start().await;
    rig.runner.queues.visibility_timeout = Duration::from_secs(30);
    rig.create_queue("orders").await;
    rig.send_message("orders", "later").await;
    rig.script.then(Answer::Status(500));
    let mut listener = listener(&rig, on_queue("orders"));
    step_through(&mut listener, rig.now()).await;
    assert_eq!(rig.visible("orders").await, Vec::<String>::new());
    rig.clock.advance(Duration::from_secs(31));
    assert_eq!(rig.visible("orders").await, Rig::encoded(&["later"]));
    step_through(&mut listener, rig.now()).await;
    assert_eq!(rig.count("orders").await, Some(0));
}

#[tokio::test]
async fn no_more_than_a_batch_and_the_threshold_are_processed_at_once() {
    let mut rig = Rig::start().await;
    rig.runner.queues =
        QueueOptions { batch_size: 4, new_batch_threshold: 2, ..QueueOptions::default() };
    rig.create_queue("orders").await;
    for number in 0..12 {
        rig.send_message("orders", &number.to_string()).await;
    }
    let gate = gate();
    rig.script.always(Answer::Behind(Arc::clone(&gate), Box::new(Answer::Reply(json!({})))));
    let mut listener = listener(&rig, on_queue("orders"));
    assert_eq!(listener.step(rig.now()).await.started, 4);
    assert_eq!(
        listener.step(rig.now()).await.started,
        0,
        "four are more than the threshold of two"
    );
    gate.add_permits(2);
    while listener.in_flight() > 2 {
        listener.woken().await;
        tokio::task::yield_now().await;
    }
    assert_eq!(listener.step(rig.now()).await.started, 4);
    assert_eq!(listener.in_flight(), 6);
    gate.add_permits(12);
    step_until(&mut listener, || rig.now(), || rig.script.calls() == 12).await;
    assert_eq!(rig.count("orders").await, Some(0));
}

#[tokio::test]
async fn an_idle_queue_is_polled_less_and_less_until_something_comes() {
    let rig = Rig::start().await;
    rig.create_queue("orders").await;
    let mut listener = listener(&rig, on_queue("orders"));
    let mut now = rig.now();
    let mut waits = Vec::new();
    for _ in 0..14 {
        let next = listener.step(now).await.next.unwrap();
        waits.push(next.duration_since(now));
        now = next;
    }
    assert_eq!(waits[0], SignedDuration::from_millis(100));
    assert!(waits.windows(2).all(|pair| pair[0] <= pair[1]), "{waits:?}");
    assert_eq!(waits[13], SignedDuration::from_secs(60));
    rig.send_message("orders", "at last").await;
    assert_eq!(
        listener.step(now).await.next,
        Some(now),
        "after a batch the next poll comes at once"
    );
    listener.settle().await;
    let again = listener.step(now).await.next.unwrap().duration_since(now);
    assert!(again < SignedDuration::from_millis(300), "{again:?}");
}

#[tokio::test]
async fn a_long_invocation_keeps_its_message_hidden_by_renewing_it() {
    let rig = Rig::start().await;
    rig.create_queue("orders").await;
    rig.send_message("orders", "slow").await;
    let gate = gate();
    rig.script.always(Answer::Behind(Arc::clone(&gate), Box::new(Answer::Reply(json!({})))));
    let mut listener = listener(&rig, on_queue("orders"));
    listener.step(rig.now()).await;
    // Ten minutes and two seconds: longer than a lease, shorter than the service's patience with our clock.
    for _ in 0..2 {
        rig.clock.advance(Duration::from_secs(299));
        listener.step(rig.now()).await;
        rig.clock.advance(Duration::from_secs(2));
        listener.step(rig.now()).await;
        assert_eq!(rig.visible("orders").await, Vec::<String>::new());
    }
    gate.add_permits(1);
    listener.settle().await;
    assert_eq!(rig.script.calls(), 1);
    assert_eq!(rig.count("orders").await, Some(0), "the receipt of the last renewal deletes it");
}

#[tokio::test]
async fn a_retry_policy_holds_for_queues_too_with_a_new_id_and_a_context_for_each_attempt() {
    let rig = Rig::start().await;
    rig.create_queue("orders").await;
    rig.send_message("orders", "twice").await;
    rig.script.then(Answer::Status(500));
    rig.script.then(Answer::Break);
    let mut target = on_queue("orders");
    target.retry = retries(2);
    step_through(&mut listener(&rig, target), rig.now()).await;
    let seen = rig.script.seen();
    let contexts: Vec<_> =
        seen.iter().map(|seen| seen.body["Metadata"]["RetryContext"].clone()).collect();
    assert_eq!(
        contexts.iter().map(|context| context["RetryCount"].clone()).collect::<Vec<_>>(),
        [json!(0), json!(1), json!(2)]
    );
    assert_eq!(
        contexts[0],
        json!({"RetryCount": 0, "MaxRetryCount": 2, "Exception": null, "Instance": null, "State": {}})
    );
    assert!(contexts[1]["Exception"].is_object());
    assert_eq!(seen.iter().map(|seen| seen.id).collect::<HashSet<_>>().len(), 3);
    assert!(
        seen.iter().all(|seen| seen.body["Metadata"]["DequeueCount"] == json!("1")),
        "retries are in memory"
    );
    assert_eq!(rig.count("orders").await, Some(0));
}

#[tokio::test]
async fn a_host_that_stops_gives_the_message_back_and_concludes_nothing() {
    let mut rig = Rig::start().await;
    rig.runner.queues.max_dequeue_count = 1;
    rig.create_queue("orders").await;
    rig.send_message("orders", "interrupted").await;
    let gate = gate();
    rig.script.always(Answer::Behind(Arc::clone(&gate), Box::new(Answer::Break)));
    let mut listener = listener(&rig, on_queue("orders"));
    listener.step(rig.now()).await;
    rig.state.send_replace(Lifecycle::Stopping);
    gate.add_permits(1);
    listener.settle().await;
    assert_eq!(rig.visible("orders").await, Rig::encoded(&["interrupted"]));
    assert_eq!(rig.count("orders-poison").await, None);
}

#[tokio::test]
async fn a_draining_host_takes_no_new_messages() {
    let rig = Rig::start().await;
    rig.create_queue("orders").await;
    rig.send_message("orders", "waits").await;
    rig.state.send_replace(Lifecycle::Draining);
    let mut listener = listener(&rig, on_queue("orders"));
    assert_eq!(step_through(&mut listener, rig.now()).await, 0);
    rig.state.send_replace(Lifecycle::Running);
    assert_eq!(step_through(&mut listener, rig.now()).await, 1);
}

#[tokio::test]
async fn an_empty_reply_is_a_failure() {
    let mut rig = Rig::start().await;
    rig.runner.queues.max_dequeue_count = 1;
    rig.create_queue("orders").await;
    rig.send_message("orders", "x").await;
    rig.script.always(Answer::Reply(json!(null)));
    step_through(&mut listener(&rig, on_queue("orders")), rig.now()).await;
    assert_eq!(rig.visible("orders-poison").await, Rig::encoded(&["x"]));
    assert_eq!(rig.script.failures().len(), 1);
}

#[tokio::test]
async fn a_duplicate_is_a_message_whose_deletion_got_lost() {
    let rig = Rig::start().await;
    rig.create_queue("orders").await;
    rig.send_message("orders", "again").await;
    rig.runner.faults.duplicate_next(2);
    let mut listener = listener(&rig, on_queue("orders"));
    step_until(&mut listener, || rig.now(), || rig.script.calls() == 3).await;
    assert_eq!(rig.script.seen()[2].body["Metadata"]["DequeueCount"], json!("3"));
    assert_eq!(rig.count("orders").await, Some(0));
}

#[tokio::test]
async fn a_delayed_message_is_held_and_then_delivered() {
    let rig = Rig::start().await;
    rig.create_queue("orders").await;
    rig.send_message("orders", "late").await;
    rig.runner.faults.delay_messages(Duration::from_secs(40));
    let mut listener = listener(&rig, on_queue("orders"));
    let now = rig.now();
    assert_eq!(listener.step(now).await.started, 0);
    assert_eq!(listener.step(now + Duration::from_secs(39)).await.started, 0);
    assert_eq!(step_through(&mut listener, now + Duration::from_secs(40)).await, 1);
    assert_eq!(rig.count("orders").await, Some(0));
}

#[tokio::test]
async fn a_queue_that_appears_later_is_found() {
    let rig = Rig::start().await;
    let mut listener = listener(&rig, on_queue("orders"));
    let next = listener.step(rig.now()).await.next.unwrap();
    rig.create_queue("orders").await;
    rig.send_message("orders", "first").await;
    assert_eq!(step_through(&mut listener, next).await, 1);
}

#[tokio::test]
async fn what_an_output_of_the_same_app_writes_wakes_the_listener() {
    let rig = Rig::start().await;
    rig.create_queue("orders").await;
    let mut idle = listener(&rig, on_queue("orders"));
    let mut now = rig.now();
    for _ in 0..14 {
        now = idle.step(now).await.next.unwrap();
    }
    let sender = target(
        "Send",
        json!([{"type": "queueTrigger", "direction": "in", "name": "msg", "queueName": "start"},
            {"type": "queue", "direction": "out", "name": "out", "queueName": "orders"}]),
        None,
    );
    rig.create_queue("start").await;
    rig.send_message("start", "go").await;
    rig.script.then(Answer::Reply(json!({"Outputs": {"out": "an order!"}})));
    step_through(&mut listener(&rig, sender), rig.now()).await;
    tokio::time::timeout(trigger_rig::DEADLINE, idle.woken()).await.expect("it is woken");
    assert_eq!(step_through(&mut idle, now - Duration::from_secs(59)).await, 1);
    assert_eq!(rig.script.seen()[1].text("msg"), "an order!");
}
