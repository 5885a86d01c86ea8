//! Somebody is erased, before or after anything else.

use crate::support::{Opened, TestApp, kroner};
use app_tests::{Requests, Service};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};
use std::time::Duration;
use uuid::Uuid;

const CUSTOMERS: &str = "/accounts/v1/customers";
const TWO_DAYS: Duration = Duration::from_secs(2 * 24 * 60 * 60);

fn erased(profile: &str) -> Value {
    json!({
        "specversion": "1.0", "id": format!("{profile}-2"), "source": "/profiles",
        "type": "com.iommi.profiles.erased.v1", "subject": profile, "time": "2026-11-21T08:00:00Z",
        "data": {"profileId": profile, "erasedAt": "2026-11-21T08:00:00Z"},
    })
}

/// A customer with an account, and something that they wrote.
async fn customer(app: &TestApp, profile: &str) -> (String, Opened) {
    let opened = app.opened_for(profile, "Secret Bakery", "100.00").await;
    let customer = app.account(&opened).await["customerId"].as_str().unwrap().to_owned();
    let body = json!({"channel": "phone", "message": "Secret words"});
    app.post(&format!("{CUSTOMERS}/{customer}/contact"), &body).await.expect(202);
    (customer, opened)
}

/// Nothing of the person is in any document.
async fn is_gone(app: &TestApp, profile: &str) {
    for container in ["accounts", "customers", "support-cases", "requests"] {
        let all = json!(app.documents(container).all().await).to_string();
        for word in [profile, "Secret", "Nordlys"] {
            assert!(!all.contains(word), "{word} in {container}: {all}");
        }
    }
}

#[tokio::test]
async fn whoever_owes_nothing_is_gone_at_once() {
    let app = TestApp::start().await;
    let profile = Uuid::now_v7().to_string();
    let (customer, opened) = customer(&app, &profile).await;
    for _ in 0..2 {
        app.run_message("erase_customer", &erased(&profile)).await;
        is_gone(&app, &profile).await;
    }
    assert_eq!(app.account(&opened).await["state"], "closed");
    let shown = app.get(&format!("{CUSTOMERS}/{customer}")).await.expect(200).json();
    assert_eq!(
        (&shown["state"], &shown["profileId"], &shown["company"]),
        (&json!("erased"), &Value::Null, &Value::Null)
    );
    let body = json!({"channel": "phone", "message": "I am still here"});
    let contact = app.post(&format!("{CUSTOMERS}/{customer}/contact"), &body).await;
    contact.refused(409, "customer-erased", &[]);
    let body = json!({"customerId": customer, "name": "x", "limit": kroner("1.00")});
    app.post("/accounts/v1/accounts", &body).await.refused(409, "customer-erased", &[]);
}

#[tokio::test]
async fn an_account_that_owes_is_kept_without_a_name_and_closed_when_it_is_paid() {
    let app = TestApp::start().await;
    let profile = Uuid::now_v7().to_string();
    let (_, opened) = customer(&app, &profile).await;
    assert_eq!(app.asks(&opened, "a1", "10.00").await, Value::Null);
    app.tells(&opened, "c1", "capture", json!({"amount": kroner("60.00")})).await;
    app.run_message("erase_customer", &erased(&profile)).await;
    is_gone(&app, &profile).await;
    let account = app.account(&opened).await;
    assert_eq!((&account["state"], &account["posted"]), (&json!("closing"), &kroner("60.00")));
    assert_eq!(app.asks(&opened, "a2", "1.00").await, "account-closed");
    let capture = json!({"authorisation": "a1", "amount": kroner("10.00"), "last": true});
    assert_eq!(app.tells(&opened, "c2", "capture", capture).await, 201);
    app.run_timer("settle_erasures").await;
    assert_eq!(app.account(&opened).await["state"], "closing");
    app.tells(&opened, "r1", "refund", json!({"amount": kroner("70.00")})).await;
    app.run_timer("settle_erasures").await;
    assert_eq!(app.account(&opened).await["state"], "closed");
    app.travel(TWO_DAYS);
    app.run_timer("settle_erasures").await;
    let customers = app.documents("customers").all().await;
    assert!(customers.iter().all(|customer| customer["erasing"] != true), "{customers:?}");
}

#[tokio::test]
async fn whoever_was_erased_before_they_came_does_not_come() {
    let app = TestApp::start().await;
    let profile = Uuid::now_v7().to_string();
    app.run_message("erase_customer", &erased(&profile)).await;
    let company = json!({"number": "DK 12345678", "name": "Nordlys ApS"});
    let body = json!({"profileId": profile, "company": company});
    app.post(CUSTOMERS, &body).await.refused(409, "customer-erased", &[]);
    is_gone(&app, &profile).await;
}

#[tokio::test]
async fn whichever_answer_is_lost_and_whatever_comes_at_the_same_time_nothing_is_left() {
    let app = TestApp::start().await;
    for container in ["customers", "accounts", "support-cases"] {
        let writes = Requests::any().writes().path(format!("/colls/{container}/"));
        app.with_each_answer_lost(Service::Cosmos, writes, async |_| {
            let profile = Uuid::now_v7().to_string();
            let company = json!({"number": "DK 12345678", "name": "Nordlys ApS"});
            let body = json!({"profileId": profile, "company": company});
            let comes = async || {
                let answer = app.post(CUSTOMERS, &body).await;
                if answer.status != 201 {
                    return;
                }
                let customer = answer.id();
                let account =
                    json!({"customerId": customer, "name": "Secret", "limit": kroner("1.00")});
                app.post("/accounts/v1/accounts", &account).await;
                let words = json!({"channel": "phone", "message": "Secret words"});
                app.post(&format!("{CUSTOMERS}/{customer}/contact"), &words).await;
            };
            let erases = async || app.run_message("erase_customer", &erased(&profile)).await;
            tokio::join!(comes(), erases());
            erases().await;
            // If an answer is lost to one run, the next one goes on.
            for _ in 0..2 {
                app.run_timer("settle_erasures").await;
            }
            is_gone(&app, &profile).await;
        })
        .await;
    }
}
