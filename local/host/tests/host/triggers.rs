//! Functions that no request calls, with a real handler and the real services.

use serde_json::{Value, json};

use crate::support::{Running, TestApp, eventually, http};

/// `Envelope` is called over HTTP and writes to a queue, which starts `ByQueue`. The handler answers both with `reply`.
fn chained(reply: &Value) -> TestApp {
    let mut over_http = http("orders", &["post"]);
    let output =
        json!({ "type": "queue", "direction": "out", "name": "out", "queueName": "orders" });
    over_http["bindings"].as_array_mut().unwrap().push(output);
    let by_queue =
        json!({ "bindings": [{ "type": "queueTrigger", "name": "msg", "queueName": "orders" }] });
    TestApp::empty()
        .function("Envelope", &over_http)
        .function("ByQueue", &by_queue)
        .setting("AzureWebJobsStorage", "UseDevelopmentStorage=true")
        .setting("REPLY", &reply.to_string())
}

#[tokio::test]
async fn an_output_of_one_function_is_a_message_that_starts_another() {
    let reply = json!({ "Outputs": { "res": { "statusCode": 202 }, "out": ["one", "two"] } });
    let app = chained(&reply).start().await;
    assert_eq!(app.post("/orders", "").await.status(), 202);
    let records = eventually("both messages were delivered", || async {
        let records = app.host.invocations();
        let delivered = records.iter().filter(|record| record.function == "ByQueue").count();
        (delivered >= 2).then_some(records)
    });
    let records = records.await;
    let by_queue: Vec<_> = records.iter().filter(|record| record.function == "ByQueue").collect();
    assert!(
        by_queue.iter().all(|record| record.trigger == "queue" && record.status == Some(200)),
        "{by_queue:?}"
    );
}

#[tokio::test]
async fn a_message_wakes_a_handler_that_is_asleep() {
    let app = chained(&json!({ "Outputs": {} })).start().await;
    assert!(app.pids().is_empty());
    let signature = local_data::account_sas("2100-01-01T00:00:00Z".parse().unwrap());
    let queue = format!("{}/orders?{signature}", app.host.queue_url());
    assert!(app.client.put(&queue).send().await.unwrap().status().is_success());
    let messages = queue.replace("/orders?", "/orders/messages?");
    let message = "<QueueMessage><MessageText>aGk=</MessageText></QueueMessage>";
    let sent = app.client.post(messages).body(message).send().await.unwrap();
    assert_eq!(sent.status(), 201);
    assert_eq!(app.invocation().await.function, "ByQueue");
    assert_eq!(app.pids().len(), 1);
}

#[tokio::test]
async fn a_setting_in_percent_signs_is_the_queue_that_is_listened_to() {
    let name = "orders-%REGION%";
    let by_queue =
        json!({ "bindings": [{ "type": "queueTrigger", "name": "m", "queueName": name }] });
    let owns = r#"{"owns": {"queues": ["orders-%REGION%"]}, "uses": {"queues": {"orders-%REGION%": ["trigger"]}}}"#;
    let app = TestApp::empty()
        .function("ByQueue", &by_queue)
        .file("app.json", owns)
        .setting("AzureWebJobsStorage", "UseDevelopmentStorage=true")
        .setting("REGION", "north")
        .setting("REGIONS", "south, north")
        .setting("REPLY", "{}")
        .start()
        .await;
    let signature = local_data::account_sas("2100-01-01T00:00:00Z".parse().unwrap());
    let queue = |name: &str| format!("{}/{name}?{signature}", app.host.queue_url());
    let message = "<QueueMessage><MessageText>aGk=</MessageText></QueueMessage>";
    // All are there, those of other regions and what their hosts put aside included.
    for region in ["south", "north"] {
        let poison = queue(&format!("orders-{region}-poison/messages"));
        assert_eq!(app.client.get(poison).send().await.unwrap().status(), 200);
        let messages = queue(&format!("orders-{region}/messages"));
        assert_eq!(app.client.post(messages).body(message).send().await.unwrap().status(), 201);
    }
    let record = app.invocation().await;
    assert!(record.about.starts_with("orders-north "), "{}", record.about);
    let length = app.client.get(queue("orders-south").replace('?', "?comp=metadata&"));
    let waiting = length.send().await.unwrap();
    assert_eq!(waiting.headers()["x-ms-approximate-messages-count"], "1");
    assert_eq!(app.host.invocations().len(), 1, "nobody listens to the other");
}

async fn deliver(app: &Running, query: &str, kind: &str, body: &str) -> (u16, String) {
    let url = app.url(&format!("/runtime/webhooks/EventGrid?{query}"));
    let request = app.client.post(url).header("aeg-event-type", kind).body(body.to_owned());
    let response = request.send().await.unwrap();
    (response.status().as_u16(), response.text().await.unwrap())
}

#[tokio::test]
async fn event_grid_delivers_through_the_webhook_and_is_validated_there() {
    let by_event = json!({ "bindings": [{ "type": "eventGridTrigger", "name": "event" }] });
    let app = TestApp::empty().function("Envelope", &by_event).setting("REPLY", "{}").start().await;
    let code = r#"[{"data": {"validationCode": "c"}}]"#;
    let validated = deliver(&app, "functionName=Envelope", "SubscriptionValidation", code).await;
    assert_eq!(validated, (200, r#"{"validationResponse":"c"}"#.to_owned()));
    assert!(app.pids().is_empty(), "no handler is needed to validate");

    let event = r#"[{"id": "e1", "data": {}}]"#;
    assert_eq!(
        deliver(&app, "functionName=Envelope", "Notification", event).await,
        (202, String::new())
    );
    let record = app.invocation().await;
    assert_eq!(
        (record.function.as_str(), record.trigger, record.about.as_str()),
        ("Envelope", "eventGrid", "e1")
    );
    assert_eq!(deliver(&app, "functionName=None", "Notification", event).await.0, 404);
    assert_eq!(
        app.post("/runtime/webhooks/unknown?functionName=Envelope", event).await.status(),
        404
    );
}

#[tokio::test]
async fn a_new_blob_reaches_the_function_that_subscribes_to_its_container() {
    let by_event = json!({ "bindings": [{ "type": "eventGridTrigger", "name": "event" }] });
    let declared = json!({
        "owns": { "blobContainers": [{ "name": "uploads" }, { "name": "other" }] },
        "eventSubscriptions": [{ "function": "Envelope", "source": "blob", "container": "uploads" }],
    });
    let app = TestApp::empty()
        .function("Envelope", &by_event)
        .file("app.json", &declared.to_string())
        .setting("REPLY", "{}")
        .setting("AzureWebJobsStorage", "UseDevelopmentStorage=true")
        .start()
        .await;
    let signature = local_data::account_sas("2100-01-01T00:00:00Z".parse().unwrap());
    for container in ["other", "uploads"] {
        let blob = format!("{}/{container}/a.txt?{signature}", app.host.blob_url());
        let put = app
            .client
            .put(blob)
            .header("x-ms-blob-type", "BlockBlob")
            .header("x-ms-version", "2024-11-04");
        assert_eq!(put.body("hi").send().await.unwrap().status(), 201);
    }
    let record = app.invocation().await;
    assert_eq!(
        (record.function.as_str(), record.trigger, record.status),
        ("Envelope", "eventGrid", Some(200))
    );
    assert_eq!(app.host.invocations().len(), 1);
}

#[tokio::test]
async fn what_is_published_to_a_topic_reaches_the_function_that_subscribes_to_it() {
    let by_event = json!({ "bindings": [{ "type": "eventGridTrigger", "name": "event" }] });
    let declared = json!({
        "eventSubscriptions": [{ "function": "Envelope", "source": "topic", "topic": "samples", "eventTypes": ["Sample.Done"] }],
    });
    let app = TestApp::empty()
        .function("Envelope", &by_event)
        .file("app.json", &declared.to_string())
        .setting("REPLY", "{}")
        .start()
        .await;
    let event = |id: &str, kind: &str| {
        json!([{ "id": id, "subject": "s", "eventType": kind, "eventTime": "2026-11-30T09:00:00Z", "dataVersion": "1.0",
            "data": {} }])
        .to_string()
    };
    let publish = async |topic: &str, body: String| {
        app.post(&format!("/runtime/topics/{topic}/api/events"), body).await.status().as_u16()
    };
    assert_eq!(publish("others", event("e1", "Sample.Done")).await, 200);
    assert_eq!(publish("samples", event("e2", "Sample.Begun")).await, 200);
    assert_eq!(publish("samples", event("e3", "Sample.Done")).await, 200);
    let record = app.invocation().await;
    assert_eq!(
        (record.function.as_str(), record.trigger, record.about.as_str()),
        ("Envelope", "eventGrid", "e3")
    );
    assert_eq!(publish("samples", "[{}]".to_owned()).await, 400);
    assert_eq!(app.status("/runtime/topics/samples/api/events").await, 405);
    assert_eq!(app.status("/runtime/topics/samples").await, 404);
    assert_eq!(app.host.invocations().len(), 1);
}

#[tokio::test]
async fn a_host_that_may_not_update_a_failed_message_stops() {
    let app = TestApp::empty()
        .function("ByQueue", &json!({ "bindings": [{ "type": "queueTrigger", "name": "m", "queueName": "orders" }] }))
        .function("echo", &http("echo", &[]))
        .file("app.json", r#"{"owns":{"queues":["orders"]}}"#)
        .setting("AzureWebJobsStorage", "UseDevelopmentStorage=true")
        .setting("REPLY_STATUS", "500")
        .setting("REPLY", "{}")
        .start()
        .await;
    assert_eq!(app.status("/echo").await, 200);
    app.host.fault_switches().add(&"queue=forbid:PUT:/messages/".parse().unwrap());
    let signature = local_data::account_sas("2100-01-01T00:00:00Z".parse().unwrap());
    let messages = format!("{}/orders/messages?{signature}", app.host.queue_url());
    let message = "<QueueMessage><MessageText>aGk=</MessageText></QueueMessage>";
    let sent = app.client.post(&messages).body(message).send().await.unwrap();
    assert_eq!(sent.status(), 201);
    let stopped = eventually("the host has stopped", || async {
        let answer = app.get("/echo").await;
        (answer.status() == 503).then_some(answer)
    });
    let why = stopped.await.text().await.unwrap();
    assert!(
        why.contains("AuthorizationPermissionMismatch") && why.contains("Contributor"),
        "{why}"
    );
    // It takes nothing any more: the second message stays where it is, or is put back if it was just being taken.
    app.host.fault_switches().clear();
    let sent = app.client.post(&messages).body(message).send().await.unwrap();
    assert_eq!(sent.status(), 201);
    assert_eq!(app.post("/admin/host/restart", "").await.status(), 200);
    assert_eq!(app.status("/echo").await, 200);
    eventually("the second message is delivered", || async {
        let records = app.host.invocations();
        let delivered = records.iter().filter(|record| record.function == "ByQueue").count();
        (delivered >= 2).then_some(())
    })
    .await;
}
