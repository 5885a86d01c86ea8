//! Numbers without a gap, whatever is lost.

use crate::delivered::{self, deliver, documented, id, kim, look};
use app_tests::{Platform, Requests, Service};
use pretty_assertions::assert_eq;
use serde_json::json;

const DELIVERED: &str = "2026-12-01T10:00:00.000Z";

/// The numbers of these orders, sorted.
async fn numbers(app: &Platform, orders: u64) -> Vec<String> {
    let mut numbers = Vec::new();
    for n in 1..=orders {
        let order = app.documents("orders").get(&id(n), &id(n)).await.unwrap();
        numbers.push(order["invoiceNumber"].as_str().unwrap().to_owned());
    }
    numbers.sort_unstable();
    numbers
}

fn without_gap(orders: u64) -> Vec<String> {
    (1..=orders).map(|n| format!("IODK-2026-{n:06}")).collect()
}

#[tokio::test]
async fn fifty_orders_whose_messages_come_twice_have_fifty_numbers() {
    let app = delivered::start().await;
    for n in 1..=50 {
        deliver(&app, n, &kim(), DELIVERED).await;
    }
    for n in (1..=50).chain(1..=50) {
        app.queue("sales-invoice-everywhere").send_json(&look(&id(n))).await;
    }
    for n in 1..=50 {
        documented(&app, &id(n)).await;
    }
    assert_eq!(numbers(&app, 50).await, without_gap(50));
    let records = app.documents("invoice-series").all().await;
    assert_eq!(records.len(), 51, "the counter, and a record for each");
}

#[tokio::test]
async fn whichever_answer_is_lost_between_number_and_invoice_the_number_stays() {
    let app = delivered::start().await;
    let writes = Requests::any().writes().path("/colls/invoice");
    let lost = app
        .with_each_answer_lost(Service::Cosmos, writes, async |n| {
            let id = deliver(&app, n, &kim(), DELIVERED).await;
            for _ in 0..2 {
                app.run_message("invoice_step", &look(&id)).await;
            }
            let order = app.documents("orders").get(&id, &id).await.unwrap();
            assert_eq!(order["invoiceNumber"], format!("IODK-2026-{n:06}"));
        })
        .await;
    assert!(lost >= 2, "the number and the invoice: {lost}");
    assert_eq!(numbers(&app, lost + 1).await, without_gap(lost + 1));
}

#[tokio::test]
async fn an_order_that_was_killed_after_its_number_gets_the_same_number_and_the_same_day() {
    let app = delivered::start().await;
    let order = deliver(&app, 1, &kim(), DELIVERED).await;
    app.run_message("invoice_step", &look(&order)).await;
    let invoices = app.documents("invoices");
    let number = "IODK-2026-000001";
    let first = invoices.get(number, number).await.unwrap();
    // As if all after the number had not happened.
    invoices.delete(number, number).await;
    deliver(&app, 1, &kim(), DELIVERED).await;
    app.travel(std::time::Duration::from_secs(3 * 24 * 60 * 60));
    app.run_message("invoice_step", &look(&order)).await;
    let again = invoices.get(number, number).await.unwrap();
    assert_eq!(
        (&first["invoice"], &first["issuedOn"], &first["ublSha256"]),
        (&again["invoice"], &again["issuedOn"], &again["ublSha256"])
    );
    assert_eq!(app.documents("invoice-series").all().await.len(), 2);
}

#[tokio::test]
async fn a_second_before_midnight_where_the_seller_is_makes_the_year_of_the_number() {
    let app = delivered::start().await;
    for (n, at, number) in [
        (1, "2026-12-31T22:59:59.999Z", "IODK-2026-000001"),
        (2, "2026-12-31T23:00:00.000Z", "IODK-2027-000001"),
    ] {
        let order = deliver(&app, n, &kim(), at).await;
        app.run_message("invoice_step", &look(&order)).await;
        let order = app.documents("orders").get(&order, &order).await.unwrap();
        assert_eq!(order["invoiceNumber"], json!(number));
    }
}
