//! Whose orders, licences, keys and invoices they are: of another's nobody learns whether they are there.

use crate::support::{KIM, TestApp};
use crate::whole::WholeApp;
use app_tests::{Answer, Method};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};

/// Keys of local/callers.json: a person, whose profile is `PERSON`, and a partner who may not touch all.
const PERSONS: &str = "local-only-person";
const GLOBEX: &str = "local-only-globex";
const PERSON: &str = "6d0f7a51-2a43-4b0e-8f0e-1a5c3e6b7d06";

/// Apps call each other as nobody on a laptop.
async fn app_with_owners() -> WholeApp {
    let app =
        WholeApp::with(|setup| setup.setting("PROFILE_OWNERS", "partner/acme,anonymous")).await;
    let profiles = app.documents_of("profiles", "profiles");
    let mut own = profiles.get(KIM, KIM).await.unwrap();
    own["id"] = json!(PERSON);
    profiles.put(PERSON, &own).await;
    app
}

async fn ask(app: &TestApp, key: &str, (method, path): (Method, &str), body: &Value) -> Answer {
    let request = app.request(method.clone(), path).header("iommi-subscription-key", key);
    let request = request.header("if-match", "*").header("idempotency-key", "mine");
    match method {
        Method::PATCH => request.merge_patch(body).send().await,
        Method::POST => request.json(body).send().await,
        _ => request.send().await,
    }
}

fn new_order() -> Value {
    json!({
        "lines": [{"serviceId": "night-watch", "quantity": 2, "months": 12}],
        "buyer": {
            "name": "Kim Larsen", "emailAddress": "kim.larsen@example.com",
            "address": {"street": "Havnegade 1", "city": "København", "country": "DK"},
        },
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_another_customers_is_not_there() {
    let app = app_with_owners().await;
    let order = app.fulfilled().await;
    let licence = TestApp::place(&app.licences_of(&order).await[0]);
    let number = app.order_now(&order).await["invoiceNumber"].as_str().unwrap().to_owned();
    let before = (app.stored(&order).await, app.documents("licences").all().await);
    let (key, invoice) = (format!("{licence}/key"), format!("/v1/invoices/{number}"));
    let address = json!({"buyer": {"emailAddress": "eve@example.com"}});
    let credit = json!({"reason": "mine now"});
    for (method, path, body, kind) in [
        (Method::POST, format!("/v1/profiles/{KIM}/orders"), new_order(), "no-such-profile"),
        (Method::GET, format!("/v1/profiles/{KIM}/orders"), Value::Null, "no-such-profile"),
        (Method::GET, format!("/v1/orders/{order}"), Value::Null, "no-such-order"),
        (Method::PATCH, format!("/v1/orders/{order}"), address, "no-such-order"),
        (Method::DELETE, format!("/v1/orders/{order}"), Value::Null, "no-such-order"),
        (Method::GET, format!("/v1/profiles/{KIM}/licences"), Value::Null, "no-such-profile"),
        (Method::GET, licence.clone(), Value::Null, "no-such-profile"),
        (Method::PATCH, licence.clone(), json!({"quantity": 3}), "no-such-profile"),
        (Method::DELETE, licence.clone(), Value::Null, "no-such-profile"),
        (Method::GET, key, Value::Null, "no-such-profile"),
        (Method::GET, format!("/v1/invoices?profileId={KIM}"), Value::Null, "no-such-profile"),
        (Method::GET, invoice.clone(), Value::Null, "no-such-invoice"),
        (Method::GET, format!("{invoice}/content/pdf"), Value::Null, "no-such-invoice"),
        (Method::GET, format!("{invoice}/content/ubl"), Value::Null, "no-such-invoice"),
        (Method::POST, format!("{invoice}/credit-notes"), credit, "no-such-invoice"),
    ] {
        for caller in [PERSONS, GLOBEX] {
            let answer = ask(&app, caller, (method.clone(), &path), &body).await;
            assert_eq!((answer.status, answer.problem().as_str()), (404, kind), "{method} {path}");
        }
    }
    // Nor is it there under one's own profile.
    let (_, id) = licence.rsplit_once('/').unwrap();
    let own = format!("/v1/profiles/{PERSON}/licences/{id}/key");
    let answer = ask(&app, PERSONS, (Method::GET, &own), &Value::Null).await;
    answer.refused(404, "no-such-licence", &[]);
    assert_eq!((app.stored(&order).await, app.documents("licences").all().await), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_has_what_is_theirs_and_asks_us_for_a_credit_note() {
    let app = app_with_owners().await;
    let path = format!("/v1/profiles/{PERSON}/orders");
    let placed = ask(&app, PERSONS, (Method::POST, &path), &new_order()).await.expect(202);
    let order = app.until_fulfilled(&placed.id()).await;
    let get = async |path: &str| {
        ask(&app, PERSONS, (Method::GET, path), &Value::Null).await.expect(200).json()
    };
    assert_eq!(get(&format!("/v1/orders/{}", placed.id())).await["state"], "fulfilled");
    let licences = get(&format!("/v1/profiles/{PERSON}/licences")).await;
    let shown = get(&format!("{}/key", TestApp::place(&licences["items"][0]))).await;
    assert!(shown["key"].is_string());
    let invoice = format!("/v1/invoices/{}", order["invoiceNumber"].as_str().unwrap());
    assert_eq!(get(&invoice).await["orderId"], placed.id());
    let credit = (Method::POST, &*format!("{invoice}/credit-notes"));
    let answer = ask(&app, PERSONS, credit, &json!({"reason": "not needed"})).await;
    answer.refused(403, "credit-not-allowed", &[]);
}
