//! The bank's file, as messages on the platform's queue.

use card_network::{Faults, Options};
use local_data::{DataServices, account_sas};
use pretty_assertions::assert_eq;
use serde_json::json;

use crate::rig::http;

#[tokio::test]
async fn each_line_is_a_message_and_what_was_sent_is_answered() {
    let services = DataServices::start(local_data::Options::ephemeral()).await.unwrap();
    let sas = account_sas("2099-01-01T00:00:00Z".parse().unwrap());
    let network = card_network::start(Options {
        queue_service: Some(format!("{}?{sas}", services.queue_url())),
        faults: Faults { paid_twice: 1.0, ..Faults::default() },
        ..Options::ephemeral("http://127.0.0.1:9")
    })
    .await
    .unwrap();
    let payment = json!({"bankId": "b1", "reference": "RF18539007547034", "amount": {"amount": "10.00", "currency": "DKK"}, "bookedOn": "2026-12-03"});
    let url = format!("{}v1/bank/payments", network.url());
    let answer = http().post(url).json(&json!([payment])).send().await.unwrap();
    let answer: serde_json::Value = answer.error_for_status().unwrap().json().await.unwrap();
    assert_eq!(answer["payments"][0]["times"], json!(2));
    let url = format!("{}/accounts-payments?comp=metadata&{sas}", services.queue_url());
    let queue = http().get(url).send().await.unwrap();
    assert_eq!(queue.headers()["x-ms-approximate-messages-count"], "2");
}
