//! A font that is missing, and comes.

use crate::delivered::{deliver, kim, look, step};
use app_tests::{Setup, this_app};
use pretty_assertions::assert_eq;
use serde_json::json;
use std::fs;
use std::path::Path;

/// What Chinese is printed with.
const FONT: &str = "DroidSansFallback.ttf";

#[tokio::test]
async fn a_document_that_lacked_a_font_is_made_once_the_font_is_there_and_restarted() {
    let fonts = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../crates/invoice-pdf/fonts");
    let package = tempfile::tempdir().unwrap();
    for file in fs::read_dir(&fonts).unwrap().map(|file| file.unwrap().path()) {
        if !file.ends_with(FONT) {
            fs::copy(&file, package.path().join(file.file_name().unwrap())).unwrap();
        }
    }
    let folder = package.path().to_str().unwrap();
    let app = Setup::of(this_app!()).setting("FILES__fonts", folder).start().await;
    let mut buyer = kim();
    buyer["name"] = json!("王小明");
    let id = deliver(&app, 1, &buyer, "2026-12-01T10:00:00.000Z").await;
    app.run_message("invoice_step", &look(&id)).await;
    app.run_message("document", &look(&id)).await;
    let path = format!("/v1/orders/{id}");
    let order = app.get(&path).await.expect(200).json();
    let failed = step(&order, "document");
    assert_eq!(
        (&failed["state"], &failed["problem"]["code"]),
        (&json!("failed"), &json!("unprintable"))
    );
    assert!(failed["problem"]["detail"].as_str().unwrap().contains(FONT), "{failed}");
    let restart = format!("/sales/v1/orders/{id}/restart");
    app.post(&restart, &json!({"from": "document"})).await.expect(202);
    app.eventually("the same failure", async || {
        let step = step(&app.get(&path).await.expect(200).json(), "document");
        (step["state"] == "failed" && step["attempt"] == 2).then_some(())
    })
    .await;
    fs::copy(fonts.join(FONT), package.path().join(FONT)).unwrap();
    app.post(&restart, &json!({"from": "document"})).await.expect(202);
    let made = app.eventually("the document", async || {
        let order = app.get(&path).await.expect(200).json();
        (step(&order, "document")["state"] == "done").then_some(order)
    });
    let made = made.await;
    assert_eq!(made["invoiceNumber"], order["invoiceNumber"]);
    let number = made["invoiceNumber"].as_str().unwrap();
    app.get(&format!("/v1/invoices/{number}/content/pdf")).await.expect(200);
}
