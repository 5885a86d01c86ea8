//! The whole way, through three apps: somebody registers, asks for a quote, does not buy, is talked to, and buys.

use crate::support::{leads, taken, upload};
use app_tests::{Setup, this_app};
use serde_json::json;
use std::time::Duration;

const QUOTE: &str = "01980c6e-3333-7000-8000-000000000001";

#[tokio::test]
async fn who_registers_becomes_a_contact_a_lead_and_with_a_file_of_sales_a_customer() {
    let app = Setup::of(this_app!()).neighbour("profiles").neighbour("contacts").start().await;
    let robin = json!({
        "account": {"emailAddress": "robin@example.com", "userName": "robin"},
        "givenName": "Robin", "familyName": "Okafor", "age": 30,
        "address": {"street": "1 Marina", "city": "Lagos", "country": "NG"},
    });
    let id = app.post("/v1/register", &robin).await.expect(201).id();

    // The account is told of, and the contact is there.
    let contact = format!("/contacts/v1/contacts/{id}");
    let active = async || (app.get(&contact).await.status == 200).then_some(());
    app.eventually("the contact", active).await;

    // A quote that nobody follows up makes a lead.
    let quote = format!("{contact}/quotes/{QUOTE}");
    app.put(&quote, &json!({"serviceId": "home-care"})).await.expect(200);
    app.travel(Duration::from_secs(3 * 24 * 3_600));
    let lead = async || {
        let leads = leads(&app, &id).await;
        leads.into_iter().find(|lead| lead["quoteId"] == QUOTE)
    };
    let minute = Duration::from_secs(60);
    let lead = app.eventually_with_time("the lead", minute, lead).await;

    // A file of sales says that they bought.
    let sold_at = "2026-11-02T08:00:00Z";
    let row = format!("{},home-care,{sold_at}", lead["id"].as_str().unwrap());
    upload(&app, "2026-11.csv", &["leadId,serviceId,soldAt", &row]).await;
    assert_eq!(taken(&app, "2026-11.csv").await["refused"], json!([]));

    // The sale is confirmed, the contact has the product, and everybody hears of the purchase.
    let purchased = async || {
        let events = app.hub("contact").events_about(&id).await;
        events.into_iter().find(|event| event["type"] == "com.iommi.contacts.purchased.v1")
    };
    let purchased = app.eventually("the purchase", purchased).await;
    let sale = app.hub("sale").events().await.remove(0);
    assert_eq!(purchased["data"]["saleId"], sale["data"]["saleId"]);
    assert_eq!((&sale["data"]["leadId"], &sale["data"]["contactId"]), (&lead["id"], &json!(id)));
    let contact = app.get(&contact).await.expect(200).json();
    assert_eq!(contact["products"][0]["serviceId"], "home-care");
    assert_eq!(contact["quotes"][0]["state"], "purchased");
    let told = app.hub("contact").events_about(&id).await;
    let revisions: Vec<Option<u64>> = told.iter().map(|event| event["revision"].as_u64()).collect();
    assert!(revisions.is_sorted(), "{told:?}");
}
