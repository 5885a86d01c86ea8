//! What months and years do to an order: payloads go, invoices stay, and numbers begin anew where the seller is.

use crate::delivered::{self, deliver, kim, look};
use crate::whole::WholeApp;
use app_tests::{Method, Platform};
use pretty_assertions::assert_eq;
use serde_json::Value;
use std::time::Duration;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// When an order is delivered, which day that is where the seller is, and the number that follows.
const BORDERS: [(&str, &str, &str); 8] = [
    // In summer an hour earlier than in winter.
    ("2026-09-30T21:59:59.999Z", "2026-09-30", "IODK-2026-000001"),
    ("2026-09-30T22:00:00.000Z", "2026-10-01", "IODK-2026-000002"),
    // The day on which summer ends has 25 hours, in which one hour comes twice.
    ("2026-10-24T22:00:00.000Z", "2026-10-25", "IODK-2026-000003"),
    ("2026-10-25T22:59:59.999Z", "2026-10-25", "IODK-2026-000004"),
    ("2026-10-25T23:00:00.000Z", "2026-10-26", "IODK-2026-000005"),
    ("2026-12-31T22:59:59.999Z", "2026-12-31", "IODK-2026-000006"),
    ("2026-12-31T23:00:00.000Z", "2027-01-01", "IODK-2027-000001"),
    // The day on which summer begins has 23.
    ("2027-03-28T21:59:59.999Z", "2027-03-28", "IODK-2027-000002"),
];

async fn blob_request(
    app: &Platform,
    method: Method,
    path: &str,
    body: &'static str,
) -> (u16, String) {
    let service = app.blob_service();
    let (endpoint, signature) = service.split_once('?').unwrap();
    let url = format!("{}/{path}?{signature}", endpoint.trim_end_matches('/'));
    let request = app.http().request(method, url).header("x-ms-version", "2024-11-04");
    let answer = request.header("x-ms-blob-type", "BlockBlob").body(body).send().await.unwrap();
    let code =
        answer.headers().get("x-ms-error-code").map(|code| code.to_str().unwrap().to_owned());
    (answer.status().as_u16(), code.unwrap_or_default())
}

#[tokio::test(flavor = "multi_thread")]
async fn on_day_29_all_is_made_again_on_day_31_payloads_are_gone_and_after_ten_years_the_invoice_is_there()
 {
    let app = WholeApp::start().await;
    let (again, left) = (app.fulfilled().await, app.fulfilled().await);
    let (of_again, of_left) = (app.effects(&again).await, app.effects(&left).await);
    let payload = |order: &str, step: &str| format!("sales-payloads/{order}/{step}/1.json");
    app.travel(29 * DAY);
    app.restart(&again, "provision", false).await.expect(202);
    app.until_fulfilled(&again).await;
    assert_eq!(app.effects(&again).await, of_again);
    app.travel(2 * DAY);
    app.eventually("payloads to be gone", async || {
        (!app.has_blob(&payload(&left, "email")).await).then_some(())
    })
    .await;
    for step in ["provision", "subscribe", "invoice"] {
        app.restart(&left, step, false).await.refused(410, "payload-expired", &[]);
    }
    // Another mail needs what it brings, and the invoice says it.
    app.restart(&left, "email", true).await.expect(202);
    app.until_fulfilled(&left).await;
    assert_eq!(app.arrived(&left).await, 2);
    app.restart(&left, "document", false).await.expect(202);
    app.until_fulfilled(&left).await;
    assert_eq!(app.arrived(&left).await, 2);
    let number = of_left["number"].as_str().unwrap();
    app.travel(Duration::from_secs((3_650 - 31) * 24 * 60 * 60));
    is_kept(&app, number, &of_left["PDF"]).await;
    app.travel(5 * DAY);
    let pdf = format!("sales-invoices/{number}/invoice.pdf");
    assert_eq!(blob_request(&app, Method::DELETE, &pdf, "").await.0, 202, "the law lets it go");
}

/// It is read, and can be neither changed nor deleted.
async fn is_kept(app: &WholeApp, number: &str, pdf: &Value) {
    let url = format!("/v1/invoices/{number}");
    assert_eq!(app.get(&url).await.expect(200).json()["number"], number);
    for (format, extension) in [("pdf", "pdf"), ("ubl", "xml")] {
        let path = format!("sales-invoices/{number}/invoice.{extension}");
        let content = app.get(&format!("{url}/content/{format}")).await.expect(200).body;
        assert!(Some(content) == app.blob(&path).await, "{path}");
        let kept = (409, "BlobImmutableDueToPolicy".to_owned());
        assert_eq!(blob_request(app, Method::PUT, &path, "another").await, kept);
        assert_eq!(blob_request(app, Method::DELETE, &path, "").await, kept);
    }
    assert_eq!(app.sha256_of(number, "pdf").await.as_deref(), pdf.as_str());
}

#[tokio::test]
async fn days_and_numbers_are_those_of_the_seller_at_the_borders_of_months_years_and_summers() {
    let app = delivered::start().await;
    for (n, (at, tax_point, number)) in (1..).zip(BORDERS) {
        let order = deliver(&app, n, &kim(), at).await;
        app.run_message("invoice_step", &look(&order)).await;
        let order = app.documents("orders").get(&order, &order).await.unwrap();
        assert_eq!(order["invoiceNumber"], number, "delivered at {at}");
        let records = app.documents("invoice-series");
        let record = records.get(&number[..9], order["id"].as_str().unwrap()).await.unwrap();
        assert_eq!(record["taxPoint"], tax_point, "delivered at {at}");
    }
}
