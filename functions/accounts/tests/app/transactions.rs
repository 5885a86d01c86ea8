//! The list: what was posted and what is pending, newest first.

use crate::support::{Opened, TestApp, kroner};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};

async fn ids(app: &TestApp, opened: &Opened, query: &str) -> Vec<String> {
    let page = app.get(&opened.path(&format!("/transactions{query}"))).await.expect(200).json();
    let items = page["items"].as_array().unwrap();
    items.iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}

async fn captures(app: &TestApp, opened: &Opened, id: &str, amount: &str, members: Value) {
    let mut body = json!({"amount": kroner(amount), "merchant": {"name": id}});
    body.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    assert_eq!(app.tells(opened, id, "capture", body).await, 201);
}

#[tokio::test]
async fn what_is_held_is_pending_until_it_is_posted() {
    let app = TestApp::start().await;
    let opened = app.opened("pending", "100.00").await;
    assert_eq!(app.asks(&opened, "a", "30.00").await, Value::Null);
    let read = async |id: &str| {
        app.get(&opened.path(&format!("/transactions/{id}"))).await.expect(200).json()
    };
    let pending = read("a").await;
    assert_eq!((&pending["state"], &pending["amount"]), (&json!("pending"), &kroner("30.00")));
    assert_eq!(pending["merchant"]["name"], "Kiosk Nord");
    captures(&app, &opened, "c1", "10.00", json!({"authorisation": "a"})).await;
    assert_eq!(ids(&app, &opened, "").await, ["c1", "a"]);
    assert_eq!(ids(&app, &opened, "?state=pending").await, ["a"]);
    assert_eq!(read("a").await["amount"], kroner("20.00"));
    captures(&app, &opened, "c2", "25.00", json!({"authorisation": "a", "last": true})).await;
    assert_eq!(ids(&app, &opened, "").await, ["c2", "c1"]);
    assert_eq!(
        (&read("a").await["state"], &read("c2").await["authorisation"]),
        (&json!("released"), &json!("a"))
    );
    app.get(&opened.path("/transactions/nothing")).await.refused(404, "no-such-transaction", &[]);
}

#[tokio::test]
async fn pages_stay_as_they_are_while_more_is_posted() {
    let app = TestApp::start().await;
    let opened = app.opened("pages", "100.00").await;
    for number in 0..7 {
        captures(&app, &opened, &format!("c{number}"), "1.00", json!({})).await;
    }
    let path = |continuation: &str| opened.path(&format!("/transactions?limit=3{continuation}"));
    let (mut seen, mut next) = (Vec::new(), String::new());
    loop {
        let page = app.get(&path(&next)).await.expect(200).json();
        seen.extend(page["items"].as_array().unwrap().iter().map(|item| item["id"].clone()));
        captures(&app, &opened, &format!("late{}", seen.len()), "1.00", json!({})).await;
        match page["continuation"].as_str() {
            Some(token) => next = format!("&continuation={token}"),
            None => break,
        }
    }
    assert_eq!(seen, ["c6", "c5", "c4", "c3", "c2", "c1", "c0"]);
}

#[tokio::test]
async fn a_list_is_narrowed_by_time_card_and_state() {
    let app = TestApp::start().await;
    let opened = app.opened("narrow", "100.00").await;
    captures(&app, &opened, "c0", "1.00", json!({})).await;
    let at = app.get(&opened.path("/transactions/c0")).await.expect(200).json()["at"].clone();
    let at = at.as_str().unwrap();
    captures(&app, &opened, "c1", "1.00", json!({})).await;
    let others = "01980c6e-7777-7000-8000-00000000ffff";
    for (query, wanted) in [
        (format!("?to={at}"), vec![]),
        (format!("?from={at}"), vec!["c1", "c0"]),
        (format!("?card={}", opened.card), vec!["c1", "c0"]),
        (format!("?card={others}"), vec![]),
        ("?state=pending".to_owned(), vec![]),
    ] {
        assert_eq!(ids(&app, &opened, &query).await, wanted, "{query}");
    }
    for (query, named) in
        [("?from=yesterday", "from"), ("?state=lost", "state"), ("?card=1", "card")]
    {
        let answer = app.get(&opened.path(&format!("/transactions{query}"))).await;
        answer.refused(400, "invalid-parameter", &[named]);
    }
}
