//! What an application says of itself, beyond what the bakery needs (`tests/process`).

use custom_handler::{
    ChangeFeed, Done, Failure, Function, GivenUp, Handler, Invocation, QueueMessage, Setting,
    Settings, SettingsError, describe,
};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};

struct App;

static APP: App = App;

async fn queue(_: &App, _: QueueMessage, _: Invocation) -> Result<Done, Failure> {
    Ok(Done::nothing())
}

async fn feed(_: &App, _: ChangeFeed, _: Invocation) -> Result<Done, Failure> {
    Ok(Done::nothing())
}

async fn keep(_: &App, _: GivenUp) -> Result<(), String> {
    Ok(())
}

const ORDERS: Function = Function::new(
    "orders",
    r#"{ "bindings": [ { "type": "queueTrigger", "name": "message", "queueName": "orders" },
        { "type": "blob", "direction": "out", "name": "receipt", "path": "receipts/{id}.txt" } ] }"#,
);
const CHANGES: Function = Function::new(
    "changes",
    r#"{ "bindings": [ { "type": "cosmosDBTrigger", "name": "documents", "databaseName": "shop",
        "containerName": "cakes", "leaseDatabaseName": "kitchen" } ] }"#,
);
const PAGE_SIZE: Setting = Setting::new("PAGE_SIZE", "how many cakes a page shows", "many");

/// As a client library does that hands out a sender.
fn sender(settings: &Settings, queue: &str) {
    settings.description().note("queues", &json!({ "name": queue, "uses": ["send"] }));
}

fn handler(settings: &Settings) -> Result<Handler<App>, SettingsError> {
    sender(settings, "orders");
    sender(settings, "orders");
    sender(settings, "deliveries");
    Ok(Handler::new(&APP)
        .queue(ORDERS, queue)
        .cosmos_db(CHANGES, feed)
        .on_give_up(keep)
        .describe_with("eventTypes", &json!([{ "type": "com.example.baked.v1", "uses": ["send"] }]))
        .describe_with("motto", "warm since 1889"))
}

#[test]
fn what_clients_bindings_and_the_handler_say_is_one_description() {
    let description: Value = serde_json::from_str(&describe(handler).unwrap()).unwrap();
    assert_eq!(
        description["queues"],
        json!([{ "name": "orders", "uses": ["send", "trigger"] }, { "name": "deliveries", "uses": ["send"] }])
    );
    assert_eq!(
        description["containers"],
        json!([
            { "database": "shop", "name": "cakes", "uses": ["feed"] },
            { "database": "kitchen", "name": "leases", "uses": ["leases"] }
        ])
    );
    assert_eq!(description["blobContainers"], json!([{ "name": "receipts", "uses": ["write"] }]));
    let types = json!([{ "type": "com.example.baked.v1", "uses": ["send"] }]);
    assert_eq!(
        (&description["eventTypes"], &description["motto"]),
        (&types, &json!("warm since 1889"))
    );
}

#[test]
fn an_example_that_the_code_cannot_read_is_named_even_where_nobody_checks() {
    let error = describe(|settings: &Settings| {
        let _ = settings.value_or(&PAGE_SIZE, 25_u32);
        handler(settings)
    });
    assert_eq!(
        error.unwrap_err().to_string(),
        "describing the application settings:\n  \
         PAGE_SIZE has an example that is malformed: invalid digit found in string; write one in place of \"many\" \
         that the code can read"
    );
}
