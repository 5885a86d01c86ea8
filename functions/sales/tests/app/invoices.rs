//! From a delivered order to its files.

use crate::delivered::{self, PROFILE, deliver, invoice, kim, look, step};
use app_tests::{Method, Service};
use en16931_formats::{Policy, Recommendation, receive};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};

#[tokio::test]
async fn a_delivered_order_is_invoiced_and_its_files_are_there_to_be_read() {
    let app = delivered::start().await;
    let (id, number) = invoice(&app, 1, &kim()).await;
    assert_eq!(number, "IODK-2026-000001");
    let url = format!("/v1/invoices/{number}");
    let read = app.get(&url).await.expect(200).json();
    assert_eq!((&read["orderId"], &read["kind"]), (&json!(id), &json!("invoice")));
    assert_eq!(read["total"], json!({"amount": "855.00", "currency": "EUR"}));
    assert_eq!(read["creditable"], json!([{"line": 1, "quantity": 3}]));

    let ubl = app.get(&format!("{url}/content/ubl")).await.expect(200);
    let found = receive(&ubl.body, &Policy::default());
    assert!(found.recommendation == Recommendation::Accept, "{found}");
    assert_eq!(ubl.body, app.blob(&format!("sales-invoices/{number}/invoice.xml")).await.unwrap());

    let pdf = app.get(&format!("{url}/content/pdf")).await.expect(200);
    assert_eq!(pdf.header("content-type"), Some("application/pdf"));
    let name = format!("attachment; filename=\"{number}.pdf\"");
    assert_eq!(pdf.header("content-disposition"), Some(name.as_str()));
    let drawn_again =
        drawn(&app.documents("invoices").get(&number, &number).await.unwrap(), &ubl.body);
    assert!(pdf.body == drawn_again, "the same bytes, whoever draws it");

    let listed = app.get(&format!("/v1/invoices?profileId={PROFILE}")).await.expect(200).json();
    assert_eq!(listed["items"][0]["number"], number);
    let payload = app.blob(&format!("sales-payloads/{id}/document/1.json")).await.unwrap();
    let payload: Value = serde_json::from_slice(&payload).unwrap();
    assert_eq!(payload["payload"]["pdf"], format!("sales-invoices/{number}/invoice.pdf"));
    let order = app.get(&format!("/v1/orders/{id}")).await.expect(200).json();
    assert_eq!(step(&order, "email")["attempt"], 1, "the mail is due");
}

/// As the app drew it, in another process.
fn drawn(document: &Value, ubl: &[u8]) -> Vec<u8> {
    let invoice: invoice::Invoice = serde_json::from_value(document["invoice"].clone()).unwrap();
    let fonts = concat!(env!("CARGO_MANIFEST_DIR"), "/../../crates/invoice-pdf/fonts");
    let fonts = invoice_pdf::Fonts::load(fonts.as_ref()).unwrap();
    invoice_pdf::render(&invoice, &fonts, Some(ubl)).unwrap()
}

#[tokio::test]
async fn a_file_is_read_in_parts_and_not_sent_to_whom_has_it() {
    let app = delivered::start().await;
    let (_, number) = invoice(&app, 1, &kim()).await;
    let url = format!("/v1/invoices/{number}/content/pdf");
    let whole = app.get(&url).await.expect(200);
    let tag = whole.etag().to_owned();
    let ask =
        |name: &'static str, value: String| app.request(Method::GET, &url).header(name, &value);
    ask("if-none-match", tag.clone()).send().await.expect(304);
    let part = ask("range", "bytes=5-9".into()).header("if-range", &tag).send().await.expect(206);
    assert_eq!(part.body, whole.body[5..10]);
    let of = format!("bytes 5-9/{}", whole.body.len());
    assert_eq!(part.header("content-range"), Some(of.as_str()));
    let other = ask("range", "bytes=5-9".into()).header("if-range", "\"other\"").send().await;
    assert_eq!(other.expect(200).body.len(), whole.body.len(), "parts of two versions do not fit");
    app.get(&format!("/v1/invoices/{number}/content/png")).await.refused(
        400,
        "invalid-parameter",
        &["format"],
    );
    app.get("/v1/invoices/IODK-2026-000099/content/pdf").await.refused(404, "no-such-invoice", &[]);
    app.get("/v1/invoices/1").await.refused(400, "invalid-parameter", &["number"]);
}

#[tokio::test]
async fn a_name_that_no_font_can_print_fails_the_document_and_not_the_invoice() {
    let app = delivered::start().await;
    let mut buyer = kim();
    buyer["name"] = json!("བོད");
    let id = deliver(&app, 1, &buyer, "2026-12-01T10:00:00.000Z").await;
    app.queue("sales-invoice-everywhere").send_json(&look(&id)).await;
    let order = app
        .eventually("the failure", async || {
            let order = app.get(&format!("/v1/orders/{id}")).await.expect(200).json();
            (order["state"] == "failed").then_some(order)
        })
        .await;
    let problem = step(&order, "document")["problem"].clone();
    assert_eq!(problem["code"], "unprintable");
    let detail = problem["detail"].as_str().unwrap();
    assert!(detail.contains("buyer.name") && detail.contains("U+0F"), "{detail}");
    let url = format!("/v1/invoices/{}", order["invoiceNumber"].as_str().unwrap());
    app.get(&format!("{url}/content/ubl")).await.expect(200);
    app.get(&format!("{url}/content/pdf")).await.refused(404, "not-made-yet", &[]);
}

#[tokio::test]
async fn what_cannot_be_invoiced_takes_no_number() {
    let app = delivered::start().await;
    let mut buyer = kim();
    buyer["vatId"] = json!("SE123456789001");
    let id = deliver(&app, 1, &buyer, "2026-12-01T10:00:00.000Z").await;
    app.run_message("invoice_step", &look(&id)).await;
    let order = app.get(&format!("/v1/orders/{id}")).await.expect(200).json();
    assert_eq!(step(&order, "invoice")["problem"]["code"], "invoice-invalid");
    assert_eq!(invoice(&app, 2, &kim()).await.1, "IODK-2026-000001");
}

#[tokio::test]
async fn the_list_is_read_page_by_page_and_of_one_profile() {
    let app = delivered::start().await;
    for n in 1..=3 {
        invoice(&app, n, &kim()).await;
    }
    let list = format!("/v1/invoices?profileId={PROFILE}&limit=2");
    let numbers = |page: &Value| -> Vec<String> {
        let items = page["items"].as_array().unwrap().iter();
        items.map(|item| item["number"].as_str().unwrap().to_owned()).collect()
    };
    let first = app.get(&list).await.expect(200).json();
    assert_eq!(numbers(&first), ["IODK-2026-000003", "IODK-2026-000002"]);
    let rest = format!("{list}&continuation={}", first["continuation"].as_str().unwrap());
    assert_eq!(numbers(&app.get(&rest).await.expect(200).json()), ["IODK-2026-000001"]);
    let nobody = "/v1/invoices?profileId=01980c6e-1111-7000-8000-000000000009";
    assert_eq!(app.get(nobody).await.expect(200).json()["items"], json!([]));
    app.get("/v1/invoices").await.refused(400, "invalid-parameter", &["profileId"]);
}

#[tokio::test]
async fn garbage_in_the_queues_becomes_dead_letters() {
    let app = delivered::start().await;
    for queue in ["sales-invoice-everywhere", "sales-document-everywhere"] {
        app.keeps_garbage(queue, "/sales/v1/dead-letters").await;
    }
}

#[tokio::test]
async fn whichever_answer_of_the_archive_is_lost_the_document_is_made() {
    let app = delivered::start().await;
    let writes = app_tests::Requests::any().writes().path("sales-");
    let lost = app
        .with_each_answer_lost(Service::Blob, writes, async |n| {
            let id = deliver(&app, n, &kim(), "2026-12-01T10:00:00.000Z").await;
            for _ in 0..2 {
                app.run_message("invoice_step", &look(&id)).await;
                app.run_message("document", &look(&id)).await;
            }
            let order = app.get(&format!("/v1/orders/{id}")).await.expect(200).json();
            assert_eq!(step(&order, "document")["state"], "done", "{order:#}");
        })
        .await;
    assert!(lost >= 4, "UBL and PDF, and what both steps leave behind: {lost}");
}
