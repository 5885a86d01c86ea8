//! What an app can do with its data is what it says of itself.

use azure_data::{Cosmos, QueueName, Storage};
use custom_handler::{
    Done, Failure, Function, GivenUp, Handler, Invocation, QueueMessage, SettingsError, describe,
};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};

const ORDERS: Function = Function::new(
    "orders",
    r#"{"bindings": [{"type": "queueTrigger", "name": "message", "queueName": "shop-orders"}]}"#,
);

async fn order(_: &(), _: QueueMessage, _: Invocation) -> Result<Done, Failure> {
    Ok(Done::nothing())
}

async fn keep(_: &(), _: GivenUp) -> Result<(), String> {
    Ok(())
}

#[test]
fn what_an_app_can_do_with_its_data_is_what_it_says() {
    let described = describe(|settings| {
        let (cosmos, storage) = (Cosmos::read(settings, "shop")?, Storage::read(settings)?);
        let _handles = (cosmos.reader("profiles", "profiles"), cosmos.container("items"));
        let _more = (cosmos.reader("shop", "items"), storage.blobs("shop-uploads"));
        let _signer = storage.upload_signer("shop-uploads");
        let _queues = (storage.queue_sender("shop-jobs"), storage.queue_length("shop-jobs"));
        let _reader = storage.queue_reader("shop-orders-poison".to_owned());
        let till = |number| QueueName::with("shop-till-%TILL%", "TILL", number);
        let _tills = ["1", "2"].map(|number| storage.queue_sender(till(number)));
        Ok::<_, SettingsError>(Handler::new(&()).queue(ORDERS, order).on_give_up(keep))
    });
    let described: Value = serde_json::from_str(&described.unwrap()).unwrap();
    assert_eq!(
        json!([described["containers"], described["queues"], described["blobContainers"]]),
        json!([
            [
                {"database": "profiles", "name": "profiles", "uses": ["read"]},
                {"database": "shop", "name": "items", "uses": ["read", "write"]},
            ],
            [
                {"name": "shop-jobs", "uses": ["send", "length"]},
                {"name": "shop-orders-poison", "uses": ["process"]},
                {"name": "shop-till-%TILL%", "uses": ["send"]},
                {"name": "shop-orders", "uses": ["trigger"]},
            ],
            [{"name": "shop-uploads", "uses": ["read", "write", "sign"]}],
        ])
    );
    let settings: Vec<&Value> =
        described["settings"].as_array().unwrap().iter().map(|setting| &setting["name"]).collect();
    let expected = [
        "COSMOS__accountEndpoint",
        "COSMOS_DISABLE_IMDS",
        "STORAGE__blobServiceUri",
        "STORAGE__queueServiceUri",
    ];
    assert_eq!(settings, expected);
}
