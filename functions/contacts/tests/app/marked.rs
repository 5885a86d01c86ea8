//! What other apps and agents say, to see that nothing of it is in any telemetry.

use crate::kafka::NOBODY;
use crate::support::{account, contact, contact_that, sale, sold};
use app_tests::feeding::{Fed, Feeding};
use app_tests::{Kind, Setup, this_app};
use serde_json::json;

pub(crate) async fn feed(feeding: Feeding) -> Fed {
    let on_kafka = [("KAFKA_BROKERS", NOBODY), ("AzureWebJobs.kafka_accounts.Disabled", "false")];
    let app = feeding.listening(Setup::of(this_app!()).settings(&on_kafka)).start().await;
    let mark = |kind| feeding.marks().new_mark(kind);
    let kim = contact(1);
    let mut activated = account(&kim, "activated", 1);
    activated["data"]["name"] = json!(mark(Kind::Name));
    let mut bought = sold(&sale(1), &kim, None);
    bought["data"]["emailAddress"] = json!(mark(Kind::Email));
    app.hub("account").publish(&activated).await;
    app.hub("sale").publish(&bought).await;
    for hub in ["account", "sale"] {
        app.hub(hub).publish_text(&kim, &format!("{{\"name\": \"{}", mark(Kind::Name))).await;
        app.hub(hub).publish(&json!({"subject": kim, "data": mark(Kind::Text)})).await;
    }
    app.hub("account").publish(&account(&kim, "activated", 1)).await;
    contact_that(&app, &kim, "the contact", |_| true).await;
    feeding.everything(&app).await
}
