//! Quotes, and what time alone does.

use crate::support::{account, contact, contact_that, sale, sold, start, told};
use serde_json::{Value, json};
use std::time::Duration;

const DAY: Duration = Duration::from_secs(24 * 3_600);

fn quote(contact: &str, n: u64) -> String {
    format!("/contacts/v1/contacts/{contact}/quotes/01980c6e-3333-7000-8000-{n:012x}")
}

#[tokio::test]
async fn a_quote_is_noted_once_and_stays_what_it_was() {
    let app = start().await;
    let kim = contact(1);
    let (care, day) = (json!({"serviceId": "home-care"}), json!({"serviceId": "day-care"}));
    app.put(&quote(&kim, 1), &care).await.refused(404, "no-such-contact", &[]);
    app.hub("account").publish(&account(&kim, "activated", 1)).await;
    contact_that(&app, &kim, "the contact", |contact| contact["state"] == "active").await;
    let asked = app.put(&quote(&kim, 1), &care).await.expect(200).json();
    assert_eq!(asked["state"], "open");
    assert_eq!(app.put(&quote(&kim, 1), &care).await.expect(200).json(), asked);
    app.put(&quote(&kim, 1), &day).await.refused(409, "quote-differs", &[]);
    app.put(&quote(&kim, 2), &json!({"serviceId": "Day Care"})).await.refused(
        422,
        "invalid-body",
        &["/serviceId"],
    );
    let seen = app.get(&format!("/contacts/v1/contacts/{kim}")).await.expect(200);
    assert_eq!(seen.json()["quotes"], json!([asked]));
    let etag = seen.etag().to_owned();
    // Being told to others is no change.
    told(&app, &kim, 1).await;
    let path = format!("/contacts/v1/contacts/{kim}");
    let request = app.request(app_tests::Method::GET, &path).header("if-none-match", &etag);
    request.send().await.expect(304);
}

#[tokio::test]
async fn a_quote_without_a_purchase_is_abandoned_after_three_days_and_a_product_ends() {
    let app = start().await;
    let (kim, lee) = (contact(1), contact(2));
    for contact in [&kim, &lee] {
        app.hub("account").publish(&account(contact, "activated", 1)).await;
        contact_that(&app, contact, "the contact", |contact| contact["state"] == "active").await;
        app.put(&quote(contact, 1), &json!({"serviceId": "home-care"})).await.expect(200);
    }
    app.hub("sale").publish(&sold(&sale(1), &kim, Some("2026-11-02T08:00:00Z"))).await;
    contact_that(&app, &kim, "the purchase", |contact| {
        contact["quotes"][0]["state"] == "purchased"
    })
    .await;
    app.travel(3 * DAY + Duration::from_secs(60));
    app.run_timer("look_after").await;
    let abandoned = |contact: &Value| contact["quotes"][0]["state"] == "abandoned";
    contact_that(&app, &lee, "the abandoned quote", abandoned).await;
    assert_eq!(told(&app, &lee, 2).await, ["1-activated", "3-abandoned-quote"]);
    // What was bought in the past has come to its end at once.
    let expired = |contact: &Value| contact["products"][0]["state"] == "expired";
    contact_that(&app, &kim, "the end of the product", expired).await;
    let names = told(&app, &kim, 3).await;
    assert_eq!(names, ["1-activated", "3-purchased", "4-product-expired"]);
    app.run_timer("look_after").await;
    assert_eq!(told(&app, &kim, 3).await, names);
}
