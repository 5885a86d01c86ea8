//! Taking back invoices.

use crate::delivered::{self, PROFILE, documented, invoice, kim};
use app_tests::{Answer, Method, Platform};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};

const NUMBER: &str = "IODK-2026-000001";

async fn credit(app: &Platform, number: &str, key: &str, body: &Value) -> Answer {
    let url = format!("/v1/invoices/{number}/credit-notes");
    app.request(Method::POST, &url).header("idempotency-key", key).json(body).send().await
}

fn pieces(quantity: u32) -> Value {
    json!({"lines": [{"line": 1, "quantity": quantity}], "reason": "Not needed"})
}

#[tokio::test]
async fn a_credit_note_has_a_number_files_and_a_mail_as_an_invoice_has() {
    let app = delivered::start().await;
    invoice(&app, 1, &kim()).await;
    let taken = credit(&app, NUMBER, "one", &pieces(2)).await.expect(202);
    let note = taken.json();
    assert_eq!(
        taken.header("location").unwrap(),
        format!("/v1/orders/{}", note["id"].as_str().unwrap())
    );
    let number = documented(&app, note["id"].as_str().unwrap()).await;
    assert_eq!(number, "IODK-2026-000002", "of the same series");
    let read = app.get(&format!("/v1/invoices/{number}")).await.expect(200).json();
    assert_eq!((&read["kind"], &read["credits"]), (&json!("credit-note"), &json!(NUMBER)));
    assert_eq!(read["total"], json!({"amount": "570.00", "currency": "EUR"}));
    assert_eq!(read["notes"], json!(["Not needed"]));
    for format in ["pdf", "ubl"] {
        app.get(&format!("/v1/invoices/{number}/content/{format}")).await.expect(200);
    }
    let credited = app.get(&format!("/v1/invoices/{NUMBER}")).await.expect(200).json();
    assert_eq!(credited["creditable"], json!([{"line": 1, "quantity": 1}]));
    assert_eq!(credited["creditNotes"][0]["orderId"], note["id"]);
    let listed = app.get(&format!("/v1/invoices?profileId={PROFILE}")).await.expect(200).json();
    assert_eq!(listed["items"][0]["credits"], NUMBER);
    let url = format!("/v1/orders/{}", note["id"].as_str().unwrap());
    app.delete(&url).await.refused(409, "not-cancellable", &[]);
}

#[tokio::test]
async fn never_more_is_credited_than_is_left() {
    let app = delivered::start().await;
    invoice(&app, 1, &kim()).await;
    let first = credit(&app, NUMBER, "one", &pieces(2)).await.expect(202).json();
    let again = credit(&app, NUMBER, "one", &pieces(2)).await.expect(202).json();
    assert_eq!(again["id"], first["id"], "the same request is the same credit note");
    credit(&app, NUMBER, "one", &pieces(1)).await.refused(422, "idempotency-key-reused", &[]);
    let refused =
        credit(&app, NUMBER, "two", &pieces(2)).await.refused(409, "credited-already", &[]);
    assert_eq!(refused.json()["left"], json!([{"line": 1, "quantity": 1}]));
    let rest =
        credit(&app, NUMBER, "three", &json!({"reason": "All of it"})).await.expect(202).json();
    assert_eq!(rest["credits"]["lines"], json!([{"line": 1, "quantity": 1}]));
    let refused = credit(&app, NUMBER, "four", &json!({"reason": "More"})).await;
    assert_eq!(refused.refused(409, "credited-already", &[]).json()["left"], json!([]));
    let number = documented(&app, rest["id"].as_str().unwrap()).await;
    credit(&app, &number, "five", &json!({"reason": "r"})).await.refused(
        409,
        "not-creditable",
        &[],
    );
    credit(&app, NUMBER, "six", &json!({"lines": []})).await.refused(
        422,
        "invalid-body",
        &["/lines", "/reason"],
    );
    let url = format!("/v1/invoices/{NUMBER}/credit-notes");
    app.post(&url, &pieces(1)).await.refused(400, "idempotency-key-missing", &[]);
    credit(&app, "IODK-2026-000099", "x", &pieces(1)).await.refused(404, "no-such-invoice", &[]);
}

#[tokio::test]
async fn of_those_who_want_the_last_pieces_at_once_one_gets_them() {
    let app = delivered::start().await;
    invoice(&app, 1, &kim()).await;
    let body = pieces(3);
    let ask = |key: &'static str| credit(&app, NUMBER, key, &body);
    let (a, b, c, d) = tokio::join!(ask("a"), ask("b"), ask("c"), ask("d"));
    let mut all = [a.status, b.status, c.status, d.status];
    all.sort_unstable();
    assert_eq!(all, [202, 409, 409, 409]);
    let winner = [a, b, c, d].into_iter().find(|answer| answer.status == 202).unwrap().json();
    assert_eq!(documented(&app, winner["id"].as_str().unwrap()).await, "IODK-2026-000002");
    assert_eq!(app.documents("invoices").all().await.len(), 2);
}
