//! Customers, and what they write to us.

use crate::support::{TestApp, kroner};
use app_tests::{Method, Requests, Service};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};
use uuid::Uuid;

const CUSTOMERS: &str = "/accounts/v1/customers";

fn new(profile: &str, name: &str) -> Value {
    json!({"profileId": profile, "company": {"number": "DK 12345678", "name": name}})
}

#[tokio::test]
async fn a_profile_has_one_customer_whose_company_may_change() {
    let app = TestApp::start().await;
    let profile = Uuid::now_v7().to_string();
    let one = app.post(CUSTOMERS, &new(&profile, "Nordlys ApS")).await.expect(201);
    let again = app.post(CUSTOMERS, &new(&profile, "Nordlys ApS")).await.expect(201);
    assert_eq!(one.json(), again.json());
    let other = app.post(CUSTOMERS, &new(&profile, "Sydlys ApS")).await;
    let other = other.refused(409, "customer-exists", &[]);
    assert_eq!(other.json()["customerId"], one.id());
    let path = format!("{CUSTOMERS}/{}", one.id());
    let patch = json!({"company": {"name": "Nordlys A/S"}});
    let patched = app.patch(&path, one.etag(), &patch).await.expect(200);
    assert_eq!(patched.json()["company"], json!({"number": "DK 12345678", "name": "Nordlys A/S"}));
    app.patch(&path, one.etag(), &patch).await.refused(412, "precondition-failed", &[]);
    let wrong = json!({"profileId": "x", "company": {"number": "", "name": "", "owner": "Kim"}});
    app.post(CUSTOMERS, &wrong).await.refused(
        422,
        "invalid-body",
        &["/profileId", "/company/number", "/company/name", "/company/owner"],
    );
}

#[tokio::test]
async fn an_account_is_opened_for_a_customer_that_is_known_and_knows_it() {
    let app = TestApp::start().await;
    let open = async |customer: &str| {
        let body = json!({"customerId": customer, "name": "Travel", "limit": kroner("10.00")});
        app.post("/accounts/v1/accounts", &body).await
    };
    open(&Uuid::now_v7().to_string()).await.refused(422, "invalid-body", &["/customerId"]);
    let customer = app.customer(&Uuid::now_v7().to_string()).await;
    let (one, two) =
        (open(&customer).await.expect(201).id(), open(&customer).await.expect(201).id());
    let known = app.get(&format!("{CUSTOMERS}/{customer}")).await.expect(200).json();
    assert_eq!(known["accounts"], json!([one, two]));
}

#[tokio::test]
async fn whichever_answer_is_lost_there_is_one_customer_and_one_account_that_it_knows() {
    let app = TestApp::start().await;
    for container in ["customers", "references", "accounts"] {
        let writes = Requests::any().writes().path(format!("/colls/{container}/"));
        app.with_each_answer_lost(Service::Cosmos, writes, async |n| {
            let profile = Uuid::now_v7().to_string();
            let body = new(&profile, "Nordlys ApS");
            let repeat = async |path: &str, key: String, body: &Value| loop {
                let request = app.request(Method::POST, path).header("idempotency-key", &key);
                let answer = request.json(body).send().await;
                if answer.status == 201 {
                    return answer.id();
                }
                answer.refused(503, "unavailable", &[]);
            };
            let customer = repeat(CUSTOMERS, format!("c-{container}-{n}"), &body).await;
            let body = json!({"customerId": customer, "name": "Travel", "limit": kroner("10.00")});
            let account =
                repeat("/accounts/v1/accounts", format!("a-{container}-{n}"), &body).await;
            let known = app.get(&format!("{CUSTOMERS}/{customer}")).await.expect(200).json();
            assert_eq!(known["accounts"], json!([account]));
        })
        .await;
    }
}

#[tokio::test]
async fn what_a_customer_writes_is_a_case_without_card_numbers() {
    let app = TestApp::start().await;
    let customer = app.customer(&Uuid::now_v7().to_string()).await;
    let path = format!("{CUSTOMERS}/{customer}/contact");
    let body = json!({"channel": "email", "subject": "Card 4111 1111 1111 1111", "message": "It is\n4111-1111-1111-1111."});
    let write = async || {
        let request = app.request(Method::POST, &path).header("idempotency-key", "k");
        request.json(&body).send().await.expect(202)
    };
    let (one, two) = (write().await, write().await);
    assert_eq!(one.json(), two.json());
    let place = one.header("location").unwrap().to_owned();
    assert_eq!(app.get(&place).await.expect(200).json(), one.json());
    let list = app.get("/accounts/v1/support-cases").await.expect(200).json();
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
    let case = format!("/accounts/v1/support-cases/{}", one.id());
    let read = app.get(&case).await.expect(200);
    assert_eq!(read.json()["message"], "It is\n****-****-****-1111.");
    assert_eq!(read.json()["subject"], "Card **** **** **** 1111");
    let closed = app.patch(&case, read.etag(), &json!({"state": "closed"})).await.expect(200);
    assert_eq!(closed.json()["state"], "closed");
    let list = app.get("/accounts/v1/support-cases").await.expect(200).json();
    assert_eq!(list["items"], json!([]));
    for wrong in [
        json!({"channel": "email", "message": " "}),
        json!({"channel": "email", "message": "a\u{0}b"}),
        json!({"channel": "email", "message": "x".repeat(4_001)}),
    ] {
        app.post(&path, &wrong).await.refused(422, "invalid-body", &["/message"]);
    }
    let person =
        app.request(Method::GET, &case).header("iommi-subscription-key", "local-only-person");
    person.send().await.refused(403, "not-for-persons", &[]);
    let other = app.customer(&Uuid::now_v7().to_string()).await;
    let theirs = format!("{CUSTOMERS}/{other}/contact/{}", one.id());
    app.get(&theirs).await.refused(404, "no-such-case", &[]);
}
