//! Statements: closed once, and every entry in one of them.

use crate::support::{Opened, TestApp, kroner};
use app_tests::{Fault, Requests, Rule, Service, When};
use futures::future::join_all;
use jiff::Timestamp;
use pretty_assertions::assert_eq;
use serde_json::{Value, json};
use std::time::Duration;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// Longer than any month.
const A_MONTH: Duration = Duration::from_secs(32 * 24 * 60 * 60);

fn units(amount: &Value) -> i64 {
    amount["amount"].as_str().unwrap().replace('.', "").parse().unwrap()
}

async fn spends(app: &TestApp, opened: &Opened, id: &str, amount: &str) {
    let status = app.tells(opened, id, "capture", json!({"amount": kroner(amount)})).await;
    assert!(status == 201 || status == 200, "{status}");
}

/// All of them, the oldest first; page by page.
async fn invoices(app: &TestApp, opened: &Opened) -> Vec<Value> {
    let (mut all, mut next) = (Vec::new(), String::new());
    loop {
        let page = app.get(&opened.path(&format!("/invoices?limit=2{next}"))).await.expect(200);
        let page = page.json();
        all.extend(page["items"].as_array().unwrap().clone());
        match page["continuation"].as_str() {
            Some(continuation) => next = format!("&continuation={continuation}"),
            None => break,
        }
    }
    all.reverse();
    all
}

/// Each begins where the one before ended, and what was posted is in them or after them; says how much is in them.
async fn add_up(app: &TestApp, opened: &Opened) -> Vec<Value> {
    let all = invoices(app, opened).await;
    let (mut at, mut owed) = (Value::Null, 0);
    for (index, invoice) in all.iter().enumerate() {
        assert_eq!(invoice["number"], index + 1);
        assert!(index == 0 || invoice["from"] == at, "{invoice}");
        assert_eq!(units(&invoice["opening"]), owed);
        let sums = ["purchases", "refunds", "chargebacks", "payments"];
        owed += sums.iter().map(|kind| units(&invoice[kind])).sum::<i64>();
        assert_eq!(units(&invoice["closing"]), owed);
        at = invoice["to"].clone();
    }
    let listed = app.get(&opened.path("/transactions?state=posted&limit=100")).await.expect(200);
    let listed = listed.json();
    let entries = listed["items"].as_array().unwrap();
    let end = at.as_str().map_or(Timestamp::MIN, |end| end.parse().unwrap());
    let is_later =
        |entry: &&Value| entry["at"].as_str().unwrap().parse::<Timestamp>().unwrap() >= end;
    let later = entries.iter().filter(is_later);
    let inside: u64 = all.iter().map(|invoice| invoice["entries"].as_u64().unwrap()).sum();
    assert_eq!(inside + later.clone().count() as u64, entries.len() as u64);
    let later: i64 = later.map(|entry| units(&entry["amount"])).sum();
    assert_eq!(owed + later, units(&app.account(opened).await["posted"]));
    all
}

/// Day by day, so that what is owed is not overdue yet, whatever day of the month the test begins on.
async fn until_closed(app: &TestApp, opened: &Opened) -> Vec<Value> {
    for _ in 0..32 {
        app.travel(DAY);
        app.run_timer("close_statements").await;
        let all = add_up(app, opened).await;
        if !all.is_empty() {
            return all;
        }
    }
    panic!("no period was closed in 32 days");
}

#[tokio::test]
async fn a_period_is_closed_once_and_asks_for_what_is_owed() {
    let app = TestApp::start().await;
    let opened = app.opened("period", "1000.00").await;
    spends(&app, &opened, "c1", "120.50").await;
    let refund = json!({"amount": kroner("20.50")});
    assert_eq!(app.tells(&opened, "r1", "refund", refund).await, 201);
    let all = until_closed(&app, &opened).await;
    app.run_timer("close_statements").await;
    assert_eq!(add_up(&app, &opened).await, all);
    let first = &all[0];
    assert_eq!(
        (&first["purchases"], &first["refunds"], &first["due"], &first["entries"]),
        (&kroner("120.50"), &kroner("-20.50"), &kroner("100.00"), &json!(2))
    );
    assert_eq!((&first["paid"], &first["state"]), (&kroner("0.00"), &json!("open")));
    let period = first["period"].as_str().unwrap();
    let one = app.get(&opened.path(&format!("/invoices/{period}"))).await.expect(200).json();
    assert_eq!(one, *first);
    let print = async || {
        let path = opened.path(&format!("/invoices/{period}/content"));
        app.get(&path).await.expect(200).body
    };
    let printed = print().await;
    assert!(printed.starts_with(b"%PDF-") && printed == print().await);
    for word in ["Nordlys ApS", "120.50 DKK", "100.00 DKK"] {
        assert!(printed.windows(word.len()).any(|part| part == word.as_bytes()), "{word}");
    }
    app.get(&opened.path("/invoices/1999-01")).await.refused(404, "no-such-invoice", &[]);
    app.get(&opened.path("/invoices/last")).await.refused(400, "invalid-parameter", &["period"]);
}

#[tokio::test]
async fn months_that_were_missed_are_closed_one_after_another() {
    let app = TestApp::start().await;
    let opened = app.opened("missed", "1000.00").await;
    spends(&app, &opened, "c1", "10.00").await;
    app.travel(4 * A_MONTH);
    spends(&app, &opened, "c2", "5.00").await;
    app.run_timer("close_statements").await;
    let all = add_up(&app, &opened).await;
    assert!(all.len() >= 4, "{all:?}");
    assert_eq!((&all[0]["entries"], &all[1]["entries"]), (&json!(1), &json!(0)));
    assert_eq!(all[1]["opening"], kroner("10.00"));
}

#[tokio::test]
async fn what_is_posted_while_periods_are_closed_is_in_one_of_them() {
    let app = TestApp::start().await;
    let opened = app.opened("race", "100000.00").await;
    for round in 0..3 {
        let (app, opened) = (&app, &opened);
        let posting = join_all((0..12).map(async |n| {
            spends(app, opened, &format!("r{round}-{n}"), "1.00").await;
        }));
        let closing = join_all((0..3).map(async |_| app.run_timer("close_statements").await));
        app.travel(A_MONTH);
        tokio::join!(posting, closing);
        app.run_timer("close_statements").await;
        add_up(app, opened).await;
    }
}

#[tokio::test]
async fn whichever_answer_is_lost_a_period_is_closed_once() {
    // More than the writes of the scenario. Each on a platform of its own: what time brings to others would be met too.
    for n in 1..=6 {
        let app = TestApp::start().await;
        let only = Requests::any().writes().path("/colls/accounts/");
        let (fault, when) = (Fault::LoseAnswer, When::Nth(n));
        app.faults().add(Rule { service: Service::Cosmos, only, fault, when });
        let opened = app.opened("lost", "1000.00").await;
        spends(&app, &opened, "c1", "10.00").await;
        app.travel(A_MONTH);
        for _ in 0..2 {
            app.run_timer("close_statements").await;
        }
        let all = add_up(&app, &opened).await;
        assert_eq!(all[0]["entries"], 1);
    }
}

#[tokio::test]
async fn a_day_and_a_zone_that_are_changed_change_the_next_end() {
    let app = TestApp::start().await;
    let opened = app.opened("day", "1000.00").await;
    for patch in
        [json!({"statementDay": 28, "zone": "Pacific/Auckland"}), json!({"statementDay": 2})]
    {
        spends(&app, &opened, &format!("c{}", patch["statementDay"]), "10.00").await;
        let tag = app.get(&opened.path("")).await.expect(200).etag().to_owned();
        app.patch(&opened.path(""), &tag, &patch).await.expect(200);
        app.travel(A_MONTH + DAY);
        app.run_timer("close_statements").await;
        add_up(&app, &opened).await;
    }
    let tag = app.get(&opened.path("")).await.expect(200).etag().to_owned();
    let wrong = json!({"zone": "Mars/Phobos"});
    app.patch(&opened.path(""), &tag, &wrong).await.refused(422, "invalid-body", &["/zone"]);
}
