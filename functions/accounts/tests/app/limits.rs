//! The limit holds, whoever asks at the same time and whatever is lost on the way.

use crate::support::{TestApp, kroner};
use app_tests::{Requests, Service};
use futures::future::join_all;
use pretty_assertions::assert_eq;
use serde_json::{Value, json};
use uuid::Uuid;

fn amounts(posted: &str, held: &str, remaining: &str) -> (String, String, String) {
    (posted.to_owned(), held.to_owned(), remaining.to_owned())
}

#[tokio::test]
async fn of_fifty_who_ask_at_once_ten_get_it_and_the_rest_are_told_why() {
    let app = TestApp::start().await;
    let opened = app.opened("hot", "1000.00").await;
    let opened = &opened;
    // Cards of their own, so that nobody is too fast.
    let cards = join_all((0..5).map(async |number| {
        let token = format!("tok_hot_{number}_abc");
        let body = json!({"token": token, "lastFour": "1111", "expires": "2099-04"});
        let card = format!("/cards/{}", Uuid::now_v7());
        app.put(&opened.path(&card), &body).await.expect(201);
        token
    }))
    .await;
    let ask = async |number: usize| {
        let body = json!({"id": format!("a{number}"), "card": cards[number % 5], "amount": kroner("100.00"), "merchant": {"name": "Kiosk"}});
        // Who is told to try again does, as the processor does.
        loop {
            let answer = app.network("authorisations", &body).await;
            if answer.status == 200 {
                return answer.json()["reason"].clone();
            }
            answer.refused(503, "try-again", &[]);
        }
    };
    let answers = join_all((0..50).map(ask)).await;
    let approved = answers.iter().filter(|reason| reason.is_null()).count();
    assert_eq!(approved, 10);
    assert!(
        answers.iter().all(|reason| reason.is_null() || *reason == "account-limit"),
        "{answers:?}"
    );
    assert_eq!(app.stands(opened).await, amounts("0.00", "1000.00", "0.00"));
}

#[tokio::test]
async fn whichever_answer_is_lost_a_purchase_is_held_and_posted_once() {
    let app = TestApp::start().await;
    let accounts = Requests::any().writes().path("/colls/accounts/");
    app.with_each_answer_lost(Service::Cosmos, accounts, async |n| {
        let opened = app.opened(&format!("lost-{n}"), "500.00").await;
        for _ in 0..2 {
            let reason = app.asks(&opened, &format!("a{n}"), "200.00").await;
            assert_eq!(reason, Value::Null);
        }
        assert_eq!(app.stands(&opened).await, amounts("0.00", "200.00", "300.00"));
        for _ in 0..2 {
            let capture =
                json!({"authorisation": format!("a{n}"), "amount": kroner("150.00"), "last": true});
            let status = app.tells(&opened, &format!("c{n}"), "capture", capture).await;
            assert!(status == 200 || status == 201, "{status}");
        }
        assert_eq!(app.stands(&opened).await, amounts("150.00", "0.00", "350.00"));
        let page = app.get(&opened.path("/transactions")).await.expect(200).json();
        assert_eq!(page["items"].as_array().unwrap().len(), 1);
    })
    .await;
}
