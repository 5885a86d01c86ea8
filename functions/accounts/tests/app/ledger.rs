//! The general ledger: whatever the change feed does, each entry is in it once, and the trial balance shows it.

use crate::support::{Opened, TestApp, kroner};
use app_tests::{Fault, Requests, Rule, Service, When};
use futures::future::join_all;
use pretty_assertions::assert_eq;
use serde_json::{Value, json};

const TRIAL_BALANCE: &str = "/accounts/v1/ledger/trial-balance";

impl TestApp {
    /// The trial balance once everything has arrived.
    pub(crate) async fn balanced(&self) -> Value {
        self.eventually("the books balance", async || {
            let found = self.get(TRIAL_BALANCE).await.expect(200).json();
            assert_ne!(found["state"], "unbalanced", "{found:#}");
            (found["state"] == "balanced").then_some(found)
        })
        .await
    }

    /// Everything in the container `accounts`, as the change feed would bring it from the beginning.
    async fn feed_again(&self) {
        let documents = Value::Array(self.documents("accounts").all().await);
        self.run_message("changes", &documents).await;
    }
}

/// Name and balance of the ledger accounts of the only currency.
fn lines(found: &Value) -> Vec<(String, String)> {
    let lines = found["currencies"][0]["ledgerAccounts"].as_array().unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    lines.iter().map(|line| (text(&line["name"]), text(&line["balance"]["amount"]))).collect()
}

fn balances(receivables: &str, clearing: &str) -> Vec<(String, String)> {
    vec![
        ("receivables".to_owned(), receivables.to_owned()),
        ("clearing".to_owned(), clearing.to_owned()),
    ]
}

async fn spends(app: &TestApp, opened: &Opened, ids: std::ops::Range<u32>) {
    for number in ids {
        let capture = json!({"amount": kroner("10.00")});
        app.tells(opened, &format!("c{number}"), "capture", capture).await;
    }
}

#[tokio::test]
async fn what_is_posted_arrives_in_the_ledger_and_the_books_balance() {
    let app = TestApp::start().await;
    assert_eq!(app.balanced().await["currencies"], json!([]));
    let (one, two) = (app.opened("one", "1000.00").await, app.opened("two", "1000.00").await);
    spends(&app, &one, 0..3).await;
    spends(&app, &two, 0..2).await;
    app.tells(&one, "r", "refund", json!({"amount": kroner("4.00")})).await;
    let found = app.balanced().await;
    assert_eq!(lines(&found), balances("46.00", "-46.00"));
    let dkk = &found["currencies"][0];
    assert_eq!(
        dkk["accounts"],
        json!({"count": 2, "posted": kroner("46.00"), "difference": kroner("0.00")})
    );
    assert_eq!((&dkk["sum"], &dkk["pending"]), (&kroner("0.00"), &json!(0)));
    assert_eq!(dkk["ledgerAccounts"][0]["entries"], 6);
}

#[tokio::test]
async fn an_entry_that_the_feed_brings_again_and_to_several_at_once_counts_once() {
    let app = TestApp::start().await;
    let opened = app.opened("again", "1000.00").await;
    // More than one batch has room for.
    spends(&app, &opened, 0..120).await;
    join_all((0..4).map(|_| app.feed_again())).await;
    let found = app.balanced().await;
    assert_eq!(lines(&found), balances("1200.00", "-1200.00"));
    app.feed_again().await;
    assert_eq!(app.balanced().await["currencies"], found["currencies"]);
}

#[tokio::test]
async fn whichever_answer_of_the_ledger_is_lost_the_books_balance() {
    let app = TestApp::start().await;
    let writes = Requests::any().writes().path("/colls/ledger-balances/");
    let opened = app.opened("lost", "100000.00").await;
    let lost = app
        .with_each_answer_lost(Service::Cosmos, writes, async |n| {
            let ids = u32::try_from(n).unwrap() * 10;
            spends(&app, &opened, ids..ids + 2).await;
            app.balanced().await;
        })
        .await;
    assert!(lost >= 2, "{lost}");
    let spent = format!("{}.00", (lost + 1) * 20);
    assert_eq!(lines(&app.balanced().await), balances(&spent, &format!("-{spent}")));
}

#[tokio::test]
async fn a_ledger_that_lost_all_or_a_part_is_as_before_once_the_feed_has_begun_anew() {
    let app = TestApp::start().await;
    let opened = app.opened("restored", "1000.00").await;
    let ledger = app.documents("ledger-balances");
    spends(&app, &opened, 0..2).await;
    app.balanced().await;
    let then = ledger.all().await;
    spends(&app, &opened, 2..5).await;
    let before = app.balanced().await;
    for restored in [then, Vec::new()] {
        for document in ledger.all().await {
            let text = |name: &str| document[name].as_str().unwrap().to_owned();
            ledger.delete(&text("ledgerAccount"), &text("id")).await;
        }
        for document in &restored {
            ledger.put(document["ledgerAccount"].as_str().unwrap(), document).await;
        }
        let found = app.get(TRIAL_BALANCE).await.expect(200).json();
        assert_eq!(
            found["state"], "pending",
            "what the feed has not brought explains it: {found:#}"
        );
        app.feed_again().await;
        assert_eq!(app.balanced().await["currencies"], before["currencies"]);
    }
}

#[tokio::test]
async fn what_does_not_fit_is_called_unbalanced_and_while_the_feed_stands_still_pending() {
    let app = TestApp::start().await;
    let opened = app.opened("wrong", "1000.00").await;
    let fault = Rule {
        service: Service::Cosmos,
        only: Requests::any().writes().path("/colls/ledger-balances/"),
        fault: Fault::Forbidden,
        when: When::Always,
    };
    let rule = app.faults().add(fault);
    spends(&app, &opened, 0..1).await;
    let found = app.get(TRIAL_BALANCE).await.expect(200).json();
    assert_eq!(
        (&found["state"], &found["currencies"][0]["pending"]),
        (&json!("pending"), &json!(1))
    );
    app.faults().remove(rule);
    app.balanced().await;
    // Nothing is posted any more that could explain it.
    app.travel(std::time::Duration::from_secs(60));
    app.documents("accounts").change(&opened.account, "account", &json!({"posted": 999})).await;
    let found = app.get(TRIAL_BALANCE).await.expect(200).json();
    assert_eq!(found["state"], "unbalanced");
    let dkk = &found["currencies"][0];
    assert_eq!((&dkk["sum"], &dkk["accounts"]["difference"]), (&kroner("0.00"), &kroner("-0.01")));
    app.run_timer("sweep").await;
}
