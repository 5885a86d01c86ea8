//! What comes in at the bank.

use crate::support::{Opened, TestApp, kroner};
use app_tests::{Requests, Service};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};
use std::time::Duration;

const A_MONTH: Duration = Duration::from_secs(32 * 24 * 60 * 60);

fn line(id: &str, reference: &str, amount: &Value) -> Value {
    json!({
        "specversion": "1.0", "id": id, "source": "/bank", "type": "com.iommi.bank.payment.v1",
        "time": "2026-12-03T06:00:00Z",
        "data": {"bankId": id, "reference": reference, "amount": amount, "bookedOn": "2026-12-03"},
    })
}

async fn reference(app: &TestApp, opened: &Opened) -> String {
    app.account(opened).await["paymentReference"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_payment_is_posted_once_and_more_than_is_owed_may_be_spent() {
    let app = TestApp::start().await;
    let opened = app.opened("paid", "100.00").await;
    app.tells(&opened, "c1", "capture", json!({"amount": kroner("60.00")})).await;
    let reference = reference(&app, &opened).await;
    for _ in 0..2 {
        app.run_message("payments", &line("L1", &reference, &kroner("40.00"))).await;
        assert_eq!(app.stands(&opened).await.0, "20.00");
    }
    // As somebody types it who does not care for blanks and capitals.
    let typed = reference.replace(' ', "").to_lowercase();
    app.queue("accounts-payments").send_json(&line("L2", &typed, &kroner("50.00"))).await;
    app.eventually("the credit", async || (app.stands(&opened).await.0 == "-30.00").then_some(()))
        .await;
    assert_eq!(app.stands(&opened).await.2, "130.00");
    assert_eq!(app.asks(&opened, "a1", "130.00").await, Value::Null);
    let listed = app.get(&opened.path("/transactions/bank-L2")).await.expect(200).json();
    assert_eq!((&listed["kind"], &listed["amount"]), (&json!("payment"), &kroner("-50.00")));
}

#[tokio::test]
async fn the_banks_ids_are_not_the_card_networks() {
    let app = TestApp::start().await;
    let opened = app.opened("ids", "100.00").await;
    app.tells(&opened, "7", "capture", json!({"amount": kroner("60.00")})).await;
    let reference = reference(&app, &opened).await;
    app.run_message("payments", &line("7", &reference, &kroner("10.00"))).await;
    assert_eq!(app.stands(&opened).await.0, "50.00");
    let page = app.get(&opened.path("/transactions?state=posted")).await.expect(200).json();
    assert_eq!(page["items"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn what_names_no_account_is_for_people_to_look_at() {
    let app = TestApp::start().await;
    let opened = app.opened("wrong", "100.00").await;
    let right = reference(&app, &opened).await;
    app.run_message("payments", &line("again", &right, &kroner("1.00"))).await;
    let swapped = match right.as_bytes()[2] == right.as_bytes()[3] {
        true => right.replacen("RF", "RG", 1),
        false => format!("RF{}{}{}", &right[3..4], &right[2..3], &right[4..]),
    };
    let euros = json!({"amount": "1.00", "currency": "EUR"});
    for (id, reference, amount, reason) in [
        ("L1", swapped.as_str(), kroner("1.00"), "`data.reference`"),
        ("L2", "RF18 5390 0754 7034", kroner("1.00"), "no account has the reference"),
        ("L3", right.as_str(), euros, "in EUR"),
        ("L4", right.as_str(), kroner("0.001"), "smallest unit"),
        ("L 5", right.as_str(), kroner("1.00"), "`data.bankId`"),
        ("again", right.as_str(), kroner("2.00"), "another amount"),
    ] {
        app.run_message("payments", &line(id, reference, &amount)).await;
        let letters = app.get("/accounts/v1/dead-letters?limit=1").await.expect(200).json();
        let detail = letters["items"][0].to_string();
        assert!(detail.contains(reason), "{id}: {detail}");
    }
    assert_eq!(app.stands(&opened).await.0, "-1.00");
}

#[tokio::test]
async fn payments_pay_invoices_the_oldest_first() {
    let app = TestApp::start().await;
    let opened = app.opened("oldest", "1000.00").await;
    for (id, amount) in [("c1", "100.00"), ("c2", "50.00")] {
        app.tells(&opened, id, "capture", json!({"amount": kroner(amount)})).await;
        app.travel(A_MONTH);
        app.run_timer("close_statements").await;
    }
    let states = async || -> Vec<Value> {
        let page = app.get(&opened.path("/invoices")).await.expect(200).json();
        let items = page["items"].as_array().unwrap().iter().rev();
        items
            .map(|invoice| {
                json!([invoice["due"]["amount"], invoice["paid"]["amount"], invoice["state"]])
            })
            .collect()
    };
    let before = states().await;
    assert_eq!(before[0][0], "100.00");
    assert!(before[0][2] != "paid" && before[1][2] != "paid", "{before:?}");
    let reference = reference(&app, &opened).await;
    app.run_message("payments", &line("L1", &reference, &kroner("100.00"))).await;
    let after = states().await;
    assert_eq!((&after[0][1], &after[0][2]), (&json!("100.00"), &json!("paid")));
    assert_ne!(after.last().unwrap()[2], "paid");
    app.run_message("payments", &line("L2", &reference, &kroner("50.00"))).await;
    assert!(states().await.iter().all(|state| state[2] == "paid"));
}

#[tokio::test]
async fn whichever_answer_is_lost_a_payment_is_posted_once() {
    let app = TestApp::start().await;
    let writes = Requests::any().writes().path("/colls/accounts/");
    app.with_each_answer_lost(Service::Cosmos, writes, async |n| {
        let opened = app.opened(&format!("lost-{n}"), "100.00").await;
        let reference = reference(&app, &opened).await;
        for _ in 0..2 {
            let line = line(&format!("L{n}"), &reference, &kroner("10.00"));
            app.run_message("payments", &line).await;
        }
        assert_eq!(app.stands(&opened).await.0, "-10.00");
    })
    .await;
}
