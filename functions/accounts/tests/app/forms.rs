//! Documents that an older or a newer release wrote.

use crate::support::{Opened, TestApp, kroner};
use app_tests::{Requests, Service};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};
use std::time::Duration;

const A_MINUTE: Duration = Duration::from_secs(61);

/// A document in its first form, as it lies in `tests/golden`.
fn first_form(id: &str, account: &str, card: &str, golden: &str) -> Value {
    let mut document: Value = serde_json::from_str(golden).unwrap();
    document["id"] = json!(id);
    document["accountId"] = json!(account);
    if document["cardId"].is_string() {
        document["cardId"] = json!(card);
    }
    // In the beginning there was no field for it.
    document.as_object_mut().unwrap().remove("schemaVersion");
    document
}

impl TestApp {
    /// An account with documents of the first form: its holds, one declined and one approved, and an entry.
    async fn with_old_documents(&self, name: &str) -> Opened {
        let opened = self.opened(name, "1000.00").await;
        let accounts = self.documents("accounts");
        let golden = [
            ("hold:auth_1", include_str!("../golden/v1/hold-approved.json")),
            ("hold:auth_2", include_str!("../golden/v1/hold-declined.json")),
            ("entry:cap_1", include_str!("../golden/v1/entry.json")),
            ("notice:exp_1", include_str!("../golden/v1/notice.json")),
        ];
        for (id, text) in golden {
            let mut old = first_form(id, &opened.account, &opened.card, text);
            old["ofTomorrow"] = json!({"kept": true});
            accounts.put(&opened.account, &old).await;
        }
        let sums = json!({"posted": 10_000, "held": 20_000, "entries": 1, "schemaVersion": null});
        accounts.change(&opened.account, "account", &sums).await;
        opened
    }

    /// Where the progress of a new migration is.
    async fn migrating(&self) -> String {
        let begun = self.post("/accounts/v1/migrations", &json!({})).await.expect(202);
        begun.header("location").unwrap().to_owned()
    }

    async fn migrated(&self, place: &str, step: Duration) -> Value {
        self.eventually_with_time("the migration", step, async || {
            let progress = self.get(place).await.expect(200).json();
            (progress["state"] == "done").then_some(progress)
        })
        .await
    }

    async fn outdated(&self) -> usize {
        let documents = self.documents("accounts").all().await;
        documents.iter().filter(|document| document["schemaVersion"] != 2).count()
    }
}

#[tokio::test]
async fn documents_of_the_first_form_mean_what_they_meant() {
    let app = TestApp::start().await;
    let opened = app.with_old_documents("old").await;
    assert_eq!(app.asks(&opened, "auth_1", "300.00").await, Value::Null);
    assert_eq!(app.asks(&opened, "auth_2", "1.00").await, "card-frozen");
    assert_eq!(app.outdated().await, 5, "nothing was written that did not change");
    let capture = json!({"authorisation": "auth_1", "amount": kroner("200.00"), "last": true});
    assert_eq!(app.tells(&opened, "cap_1", "capture", capture.clone()).await, 200);
    assert_eq!(app.tells(&opened, "cap_2", "capture", capture).await, 201);
    assert_eq!(app.stands(&opened).await, ("300.00".into(), "0.00".into(), "700.00".into()));
    let hold = app.documents("accounts").get(&opened.account, "hold:auth_1").await.unwrap();
    assert_eq!((&hold["schemaVersion"], &hold["answer"]), (&json!(2), &json!("approved")));
    assert_eq!(hold["increments"][1]["answer"], "account-limit");
    app.balanced().await;
}

#[tokio::test]
async fn a_document_of_a_newer_release_is_neither_decided_on_nor_written() {
    let app = TestApp::start().await;
    let opened = app.opened("newer", "1000.00").await;
    let accounts = app.documents("accounts");
    accounts.change(&opened.account, "account", &json!({"schemaVersion": 3, "new": 1})).await;
    let before = accounts.get(&opened.account, "account").await.unwrap();
    let body = json!({"id": "a", "card": opened.token, "amount": kroner("1.00"), "merchant": {"name": "x"}});
    app.network("authorisations", &body).await.refused(503, "try-again", &[]);
    assert_eq!(accounts.get(&opened.account, "account").await.unwrap(), before);
}

#[tokio::test]
async fn a_migration_writes_every_document_of_an_older_form_once_and_keeps_what_it_does_not_know() {
    let app = TestApp::start().await;
    let opened = app.with_old_documents("all").await;
    let unreadable = json!({"id": "hold:broken", "accountId": opened.account, "kind": "hold"});
    app.documents("accounts").put(&opened.account, &unreadable).await;
    let done = app.migrated(&app.migrating().await, A_MINUTE).await;
    assert_eq!(done["to"], 2);
    // Time passes meanwhile, and timers write what they change in the form of today as well.
    assert!((1..=5).contains(&done["written"].as_u64().unwrap()), "{done}");
    assert_eq!(done["unreadable"], json!([format!("{}/hold:broken", opened.account)]));
    assert_eq!(app.outdated().await, 1);
    let entry = app.documents("accounts").get(&opened.account, "entry:cap_1").await.unwrap();
    assert_eq!(entry["ofTomorrow"], json!({"kept": true}));
    assert_eq!(app.asks(&opened, "auth_2", "1.00").await, "card-frozen");
    let found = app.balanced().await;
    assert_eq!(found["currencies"][0]["ledgerAccounts"][0]["entries"], 1);
}

#[tokio::test]
async fn a_migration_goes_on_whichever_answer_is_lost_and_whenever_the_handler_dies() {
    let app = TestApp::start().await;
    let writes = Requests::any().method("PUT").path("/colls/accounts/");
    app.with_each_answer_lost(Service::Cosmos, writes, async |n| {
        app.with_old_documents(&format!("lost-{n}")).await;
        let place = app.migrating().await;
        if n % 3 == 1 {
            app.host().kill_handler("accounts").await;
        }
        app.migrated(&place, A_MINUTE).await;
        assert_eq!(app.outdated().await, 0);
    })
    .await;
}
