//! Opening accounts, changing their terms, and who may not.

use crate::support::{TestApp, kroner};
use app_tests::Method;
use pretty_assertions::assert_eq;
use serde_json::json;

#[tokio::test]
async fn an_account_is_opened_once_for_one_key_and_all_that_is_wrong_is_named_at_once() {
    let app = TestApp::start().await;
    let customer = app.customer("01980c6e-1111-7000-8000-000000000001").await;
    let body = json!({"customerId": customer, "name": "Nordlys ApS", "limit": kroner("10000.00")});
    let open = || {
        app.request(Method::POST, "/accounts/v1/accounts")
            .header("idempotency-key", "k1")
            .json(&body)
    };
    let (one, two) = (open().send().await.expect(201), open().send().await.expect(201));
    assert_eq!(one.json(), two.json());
    let wrong = json!({"customerId": "x", "name": "", "limit": {"amount": "-1", "currency": "eur"}, "statementDay": 31});
    let answer = app.post("/accounts/v1/accounts", &wrong).await;
    answer.refused(
        422,
        "invalid-body",
        &["/customerId", "/name", "/statementDay", "/limit/currency"],
    );
}

#[tokio::test]
async fn terms_have_a_version_that_spending_does_not_change() {
    let app = TestApp::start().await;
    let opened = app.opened("terms", "100.00").await;
    let before = app.get(&opened.path("")).await.expect(200);
    app.asks(&opened, "a", "10.00").await;
    let patched =
        app.patch(&opened.path(""), before.etag(), &json!({"statementDay": 15})).await.expect(200);
    assert_eq!((&patched.json()["statementDay"], patched.etag()), (&json!(15), "\"2\""));
    app.patch(&opened.path(""), before.etag(), &json!({"name": "x"})).await.refused(
        412,
        "precondition-failed",
        &[],
    );
    let limit = json!({"limit": kroner("5.00"), "why": "less business"});
    let lowered = app.put(&opened.path("/limit"), &limit).await.expect(200).json();
    assert_eq!((&lowered["remaining"], &lowered["overLimit"]), (&kroner("-5.00"), &json!(true)));
    assert_eq!(app.asks(&opened, "b", "1.00").await, "account-limit");
}

#[tokio::test]
async fn why_a_limit_is_what_it_is_is_kept_with_it() {
    let app = TestApp::start().await;
    let opened = app.opened("why", "100.00").await;
    let set = async |amount: &str| {
        let body = json!({"limit": kroner(amount), "why": "more business"});
        app.put(&opened.path("/limit"), &body).await.expect(200)
    };
    assert_eq!(set("200.00").await.etag(), "\"2\"");
    assert_eq!(set("200.00").await.etag(), "\"2\"");
    let all = app.documents("accounts").all().await;
    let kept: Vec<_> = all.iter().filter(|document| document["kind"] == "limit").collect();
    assert_eq!(kept.len(), 1);
    assert_eq!(
        (&kept[0]["before"], &kept[0]["after"], &kept[0]["why"], &kept[0]["by"]),
        (&json!(10_000), &json!(20_000), &json!("more business"), &json!("key"))
    );
}

#[tokio::test]
async fn a_customer_cannot_give_themselves_a_limit_or_a_card() {
    let app = TestApp::start().await;
    let opened = app.opened("person", "100.00").await;
    let known = json!({"token": "tok_of_a_person", "lastFour": "4242", "expires": "2099-04"});
    let card = opened.path("/cards/01980c6e-7777-7000-8000-000000000009");
    for (path, body) in [
        (opened.path("/limit"), json!({"limit": kroner("999.00"), "why": "I want it"})),
        (card, known),
    ] {
        let request =
            app.request(Method::PUT, &path).header("iommi-subscription-key", "local-only-person");
        request.json(&body).send().await.refused(403, "not-for-persons", &[]);
    }
}
