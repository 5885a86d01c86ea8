//! Event Grid: the webhook as the service calls it, and the local topic that stands in for the service.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod trigger_rig;

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use futures::future::BoxFuture;
use http::{HeaderMap, Method};
use local_host::triggers::{
    Listener, Runner, StepReport, Target,
    event_grid::{
        BlobStore, DeadLetterContainer, Delivery, Endpoint, EventGridTopic, EventSchema, Published,
        Source, Subscriber, Subscription, WebhookReply, WebhookRequest, webhook,
    },
};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};
use trigger_rig::{Answer, DEADLINE, Rig, target};

fn on_event(cardinality: &str) -> Target {
    target(
        "OnEvent",
        json!([{"type": "eventGridTrigger", "direction": "in", "name": "event", "cardinality": cardinality}]),
        None,
    )
}

async fn call(
    runner: &Runner,
    cardinality: &str,
    method: Method,
    query: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> WebhookReply {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        map.insert(http::HeaderName::try_from(*name).unwrap(), value.parse().unwrap());
    }
    let request = WebhookRequest { method: &method, query, headers: &map, body: body.as_bytes() };
    webhook(runner, &[on_event(cardinality)], request).await
}

async fn post(rig: &Rig, kind: &str, body: &Value) -> WebhookReply {
    let headers = [("aeg-event-type", kind)];
    call(
        &rig.runner,
        "one",
        Method::POST,
        "functionName=OnEvent&code=KEY",
        &headers,
        &body.to_string(),
    )
    .await
}

fn empty(status: u16) -> WebhookReply {
    WebhookReply { status, headers: Vec::new(), body: String::new() }
}

fn text(status: u16, body: &str) -> WebhookReply {
    let headers = vec![("Content-Type", "text/plain; charset=utf-8".to_owned())];
    WebhookReply { status, headers, body: body.to_owned() }
}

#[tokio::test]
async fn g6_each_event_of_a_notification_is_one_invocation() {
    let rig = Rig::start().await;
    let events = json!([{"id": "1", "data": {"a": 1}}, {"id": "2", "data": {"a": 2}}]);
    assert_eq!(post(&rig, "Notification", &events).await, empty(202));
    let seen = rig.script.seen();
    assert_eq!(seen.len(), 2);
    assert!(seen.iter().all(|seen| seen.body["Data"]["event"].is_object()));
    assert_eq!(post(&rig, "nOTIFICATION", &json!({"id": "3"})).await, empty(202));
    assert_eq!(rig.script.seen()[2].body["Data"]["event"], json!({"id": "3"}));
}

#[tokio::test]
async fn with_cardinality_many_a_notification_is_one_invocation() {
    let rig = Rig::start().await;
    let headers = [("aeg-event-type", "Notification")];
    let body = json!([{"id": "1"}, {"id": "2"}]).to_string();
    let reply =
        call(&rig.runner, "many", Method::POST, "functionName=OnEvent", &headers, &body).await;
    assert_eq!(reply, empty(202));
    let seen = rig.script.seen();
    assert_eq!(seen.len(), 1);
    assert_eq!(seen[0].body["Data"]["event"], json!("[{\"id\":\"1\"},{\"id\":\"2\"}]"));
}

#[tokio::test]
async fn one_failed_event_fails_the_whole_notification() {
    let rig = Rig::start().await;
    rig.script.then(Answer::Status(500));
    let reply = post(&rig, "Notification", &json!([{"id": "1"}, {"id": "2"}])).await;
    assert_eq!(reply, text(500, "the handler answered 500"));
    assert_eq!(rig.script.calls(), 2);
}

#[tokio::test]
async fn g7_a_subscription_is_validated_without_a_call() {
    let rig = Rig::start().await;
    let code = "512d38b6-c7b8-40c8-89fe-f46f9e9622b6";
    let answer = text(200, &format!("{{\"validationResponse\":\"{code}\"}}"));
    let array = json!([{"id": "2d1781af", "data": {"validationCode": code, "validationUrl": "https://rp.example"}}]);
    assert_eq!(post(&rig, "SubscriptionValidation", &array).await, answer);
    let single = json!({"id": "2d1781af", "data": json!({"validationCode": code}).to_string()});
    assert_eq!(post(&rig, "subscriptionvalidation", &single).await, answer);
    assert_eq!(rig.script.calls(), 0);
}

#[tokio::test]
async fn g8_the_cloud_events_handshake_echoes_the_services_origins_only() {
    let rig = Rig::start().await;
    for (asked, allowed) in [
        (Some("eventgrid.azure.net"), "eventgrid.azure.net"),
        (Some("eventgrid.azure.cn"), "eventgrid.azure.cn"),
        (Some("evil.example"), "eventgrid.azure.net"),
        (None, "eventgrid.azure.net"),
    ] {
        let headers: Vec<_> =
            asked.iter().map(|origin| ("WebHook-Request-Origin", *origin)).collect();
        let reply =
            call(&rig.runner, "one", Method::OPTIONS, "functionName=OnEvent", &headers, "").await;
        let headers = vec![("Webhook-Allowed-Origin", allowed.to_owned())];
        assert_eq!(reply, WebhookReply { status: 200, headers, body: String::new() });
    }
    assert_eq!(rig.script.calls(), 0);
}

#[tokio::test]
async fn mistakes_are_told_apart() {
    let rig = Rig::start().await;
    let notification = [("aeg-event-type", "Notification")];
    for (query, name) in
        [("functionName=onevent", "onevent"), ("functionName=Other", "Other"), ("", "")]
    {
        let reply = call(&rig.runner, "one", Method::POST, query, &notification, "[]").await;
        assert_eq!(reply, text(404, &format!("cannot find function: '{name}'")));
    }
    let options = call(&rig.runner, "one", Method::OPTIONS, "functionName=Other", &[], "").await;
    assert_eq!(options.status, 404, "the function is looked for before anything else");
    assert_eq!(post(&rig, "Unsubscribe", &json!([])).await, empty(202));
    assert_eq!(post(&rig, "Something", &json!([])).await, empty(400));
    let without = call(&rig.runner, "one", Method::POST, "functionName=OnEvent", &[], "[]").await;
    assert_eq!(without, empty(400));
    assert_eq!(rig.script.calls(), 0);
}

/// A webhook that answers as told.
struct Scripted {
    answers: Mutex<Vec<u16>>,
    posts: Mutex<Vec<Delivery>>,
    store: Option<BlobStore>,
}

impl Endpoint for Scripted {
    fn post(&self, delivery: Delivery) -> BoxFuture<'_, u16> {
        self.posts.lock().unwrap().push(delivery);
        let mut answers = self.answers.lock().unwrap();
        let answer = if answers.len() > 1 { answers.remove(0) } else { answers[0] };
        Box::pin(async move { answer })
    }

    fn dead_letters(&self) -> Option<&BlobStore> {
        self.store.as_ref()
    }
}

struct Topic {
    rig: Rig,
    endpoint: Arc<Scripted>,
    topic: EventGridTopic,
}

impl Topic {
    /// For events of blobs.
    async fn start(answers: &[u16], subscription: Subscription) -> Self {
        let rig = Rig::start().await;
        rig.create_blob_container("inbox").await;
        let source = Source::Blobs(rig.data.blob_events());
        Self::with(rig, source, answers, subscription)
    }

    async fn of(source: Source, answers: &[u16], subscription: Subscription) -> Self {
        Self::with(Rig::start().await, source, answers, subscription)
    }

    fn with(rig: Rig, source: Source, answers: &[u16], subscription: Subscription) -> Self {
        let store = BlobStore::open(&rig.runner.connections, "AzureWebJobsStorage").ok();
        let endpoint = Arc::new(Scripted {
            answers: Mutex::new(answers.to_vec()),
            posts: Mutex::default(),
            store,
        });
        let subscriber = Subscriber { subscription, endpoint: endpoint.clone() };
        let runner = &rig.runner;
        let (log, faults, state) =
            (runner.log.clone(), Arc::clone(&runner.faults), runner.state.clone());
        let topic = EventGridTopic::new(source, vec![subscriber], log, faults, state);
        Self { rig, endpoint, topic }
    }

    /// Takes an event that waits, delivers what is due, and plans what comes after.
    async fn take(&mut self, now: jiff::Timestamp) -> StepReport {
        tokio::time::timeout(DEADLINE, self.topic.woken()).await.expect("an event is there");
        self.topic.step(now).await;
        self.deliver(now).await
    }

    async fn deliver(&mut self, now: jiff::Timestamp) -> StepReport {
        self.topic.step(now).await;
        self.topic.settle().await;
        self.topic.step(now).await
    }

    fn posts(&self) -> Vec<Delivery> {
        self.endpoint.posts.lock().unwrap().clone()
    }
}

#[tokio::test]
async fn a_new_blob_is_told_in_event_grids_schema_and_acknowledged() {
    let mut topic = Topic::start(&[202], Subscription::blob_created("OnEvent", "inbox")).await;
    topic.rig.put_blob("inbox", "a.txt", "hi").await;
    topic.take(topic.rig.now()).await;
    let posts = topic.posts();
    assert_eq!(posts.len(), 1);
    assert_eq!(posts[0].headers["aeg-event-type"], "Notification");
    let body: Value = serde_json::from_slice(&posts[0].body).unwrap();
    assert_eq!(body.as_array().unwrap().len(), 1);
    assert_eq!(body[0]["subject"], json!("/blobServices/default/containers/inbox/blobs/a.txt"));
    assert_eq!(body[0]["eventType"], json!("Microsoft.Storage.BlobCreated"));
    assert_eq!(body[0]["data"]["contentLength"], json!(2));
    assert_eq!((topic.topic.unsettled(), topic.rig.data.blob_events().waiting()), (0, 0));
}

#[tokio::test]
async fn cloud_events_are_posted_one_by_one() {
    let subscription = Subscription {
        schema: EventSchema::CloudEvents,
        ..Subscription::blob_created("OnEvent", "inbox")
    };
    let mut topic = Topic::start(&[200], subscription).await;
    topic.rig.put_blob("inbox", "a.txt", "hi").await;
    topic.take(topic.rig.now()).await;
    let posts = topic.posts();
    assert_eq!(posts[0].headers["content-type"], "application/cloudevents+json; charset=utf-8");
    let body: Value = serde_json::from_slice(&posts[0].body).unwrap();
    assert_eq!(
        (&body["specversion"], &body["type"]),
        (&json!("1.0"), &json!("Microsoft.Storage.BlobCreated"))
    );
}

#[tokio::test]
async fn a_failed_delivery_is_repeated_by_the_schedule_until_it_succeeds() {
    let mut topic =
        Topic::start(&[500, 503, 202], Subscription::blob_created("OnEvent", "inbox")).await;
    topic.rig.put_blob("inbox", "a.txt", "hi").await;
    let now = topic.rig.now();
    assert_eq!(topic.take(now).await.next, Some(now + Duration::from_secs(10)));
    topic.deliver(now + Duration::from_secs(9)).await;
    assert_eq!(topic.posts().len(), 1);
    let second = now + Duration::from_secs(10);
    assert_eq!(topic.deliver(second).await.next, Some(second + Duration::from_secs(30)));
    assert_eq!(topic.rig.data.blob_events().waiting(), 1, "it is kept until it is delivered");
    topic.deliver(second + Duration::from_secs(30)).await;
    let counts: Vec<_> =
        topic.posts().iter().map(|post| post.headers["aeg-delivery-count"].clone()).collect();
    assert_eq!(counts, ["0", "1", "2"]);
    assert_eq!(topic.rig.data.blob_events().waiting(), 0);
}

#[tokio::test]
async fn a_hopeless_event_goes_to_the_dead_letters_after_five_minutes() {
    let dead_letter = Some(DeadLetterContainer { container: "dead".into() });
    let mut topic = Topic::start(
        &[400],
        Subscription { dead_letter, ..Subscription::blob_created("OnEvent", "inbox") },
    )
    .await;
    topic.rig.put_blob("inbox", "a.txt", "hi").await;
    let now = topic.rig.now();
    assert_eq!(topic.take(now).await.next, Some(now + Duration::from_secs(300)));
    topic.deliver(now + Duration::from_secs(299)).await;
    assert_eq!(topic.rig.list_blobs("dead").await, Vec::<String>::new());
    topic.deliver(now + Duration::from_secs(300)).await;
    let names = topic.rig.list_blobs("dead").await;
    let letter = topic.rig.get_blob("dead", &names[0]).await.unwrap();
    let letter: Value = serde_json::from_str(&letter).unwrap();
    assert_eq!(letter[0]["deadLetterReason"], json!("UndeliverableDueToHttpBadRequest"));
    assert_eq!(letter[0]["subject"], json!("/blobServices/default/containers/inbox/blobs/a.txt"));
    // The letter is a new blob too, of which nobody wants to know.
    topic.take(now).await;
    assert_eq!((topic.posts().len(), topic.rig.data.blob_events().waiting()), (1, 0));
}

#[tokio::test]
async fn an_event_without_dead_letters_is_dropped_when_its_attempts_or_its_time_are_used_up() {
    let base = Subscription::blob_created("OnEvent", "inbox");
    for (subscription, expected) in [
        (Subscription { max_delivery_attempts: 3, ..base.clone() }, 3),
        (Subscription { time_to_live_minutes: 1, ..base.clone() }, 3),
        (Subscription { time_to_live_minutes: 1440, ..base }, 11),
    ] {
        let mut topic = Topic::start(&[500], subscription).await;
        topic.rig.put_blob("inbox", "a.txt", "hi").await;
        let mut report = topic.take(topic.rig.now()).await;
        while let Some(next) = report.next {
            report = topic.deliver(next).await;
        }
        assert_eq!(topic.posts().len(), expected);
        assert_eq!(topic.rig.data.blob_events().waiting(), 0);
    }
}

#[tokio::test]
async fn events_that_nobody_wants_are_forgotten() {
    let mut topic = Topic::start(&[202], Subscription::blob_created("OnEvent", "other")).await;
    topic.rig.put_blob("inbox", "a.txt", "hi").await;
    topic.take(topic.rig.now()).await;
    assert_eq!((topic.posts().len(), topic.rig.data.blob_events().waiting()), (0, 0));
}

#[tokio::test]
async fn a_duplicated_event_is_posted_twice() {
    let mut topic = Topic::start(&[202], Subscription::blob_created("OnEvent", "inbox")).await;
    topic.rig.runner.faults.duplicate_next(1);
    topic.rig.put_blob("inbox", "a.txt", "hi").await;
    let now = topic.rig.now();
    topic.take(now).await;
    topic.deliver(now).await;
    assert_eq!((topic.posts().len(), topic.rig.data.blob_events().waiting()), (2, 0));
}

#[tokio::test]
async fn what_is_published_to_a_topic_reaches_its_subscribers_again_and_again_until_one_takes_it() {
    let published = Published::default();
    let source = Source::Topics(published.clone());
    let subscription = Subscription::topic("OnEvent", "samples");
    let mut topic = Topic::of(source, &[503, 202], subscription).await;
    let event = json!([{"id": "e1", "subject": "s", "eventType": "Sample.Done", "eventTime": "2026-11-30T09:00:00Z",
        "dataVersion": "1.0", "data": {"a": 1}}]);
    published.publish("others", event.to_string().as_bytes()).unwrap();
    published.publish("samples", event.to_string().as_bytes()).unwrap();
    let begun = topic.rig.now();
    topic.take(begun).await;
    assert_eq!((topic.posts().len(), published.waiting()), (0, 1));
    topic.take(begun).await;
    assert_eq!((topic.posts().len(), published.waiting()), (1, 1));
    topic.deliver(begun + Duration::from_secs(10)).await;
    let posts = topic.posts();
    assert_eq!((posts.len(), published.waiting()), (2, 0));
    assert_eq!(posts[1].headers["aeg-delivery-count"], "1");
    assert_eq!(serde_json::from_slice::<Value>(&posts[1].body).unwrap(), event);
}
