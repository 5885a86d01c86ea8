//! The same facts over Kafka. Here no broker is around: `checks/kafka` has a real one.

use crate::support::{account, contact, contact_that, start, told};
use app_tests::{Setup, this_app};
use serde_json::Value;

/// Where nobody listens.
pub(crate) const NOBODY: &str = "127.0.0.1:1";

#[tokio::test]
async fn a_record_of_kafka_and_an_event_of_the_hub_are_one_fact() {
    let setup = Setup::of(this_app!()).setting("KAFKA_BROKERS", NOBODY);
    let app = setup.setting("AzureWebJobs.kafka_accounts.Disabled", "false").start().await;
    let (kim, lee) = (contact(1), contact(2));
    app.run_message("kafka_accounts", &account(&kim, "activated", 1)).await;
    contact_that(&app, &kim, "the contact", |contact| contact["state"] == "active").await;
    // The broker that is away disturbs no hub.
    app.hub("account").publish(&account(&kim, "activated", 1)).await;
    app.hub("account").publish_text(&kim, &account(&lee, "activated", 1).to_string()).await;
    contact_that(&app, &lee, "the one after it", |contact| contact["state"] == "active").await;
    let once = contact_that(&app, &kim, "the contact", |_| true).await;
    assert_eq!(once["revision"], 1);
    assert_eq!(told(&app, &kim, 1).await, ["1-activated"]);
}

#[tokio::test]
async fn without_a_broker_the_function_is_off() {
    let app = start().await;
    let url = format!("{}/admin/functions/contacts/kafka_accounts", app.url());
    let answer = app.http().get(url).send().await.unwrap().text().await.unwrap();
    let function: Value = serde_json::from_str(&answer).unwrap();
    assert_eq!(function["isDisabled"], true, "{function}");
}
