//! Holds that are over, and what does not fit.

use crate::support::{TestApp, kroner};
use app_tests::{Requests, Service};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};
use std::time::Duration;

const WEEK: Duration = Duration::from_secs(7 * 24 * 60 * 60);
const A_MINUTE: Duration = Duration::from_secs(60);

fn amounts(posted: &str, held: &str, remaining: &str) -> (String, String, String) {
    (posted.to_owned(), held.to_owned(), remaining.to_owned())
}

#[tokio::test]
async fn what_no_shop_captured_for_a_week_is_free_again_and_a_late_capture_is_posted_all_the_same()
{
    let app = TestApp::start().await;
    let opened = app.opened("late", "100.00").await;
    for id in ["a", "b"] {
        assert_eq!(app.asks(&opened, id, "30.00").await, Value::Null);
    }
    app.run_timer("expire_holds").await;
    assert_eq!(app.stands(&opened).await, amounts("0.00", "60.00", "40.00"));
    app.travel(WEEK - A_MINUTE);
    app.run_timer("expire_holds").await;
    assert_eq!(app.stands(&opened).await.1, "60.00");
    app.travel(2 * A_MINUTE);
    for _ in 0..2 {
        app.run_timer("expire_holds").await;
        assert_eq!(app.stands(&opened).await, amounts("0.00", "0.00", "100.00"));
    }
    let capture = json!({"authorisation": "a", "amount": kroner("35.00"), "last": true});
    assert_eq!(app.tells(&opened, "c", "capture", capture).await, 201);
    assert_eq!(app.stands(&opened).await, amounts("35.00", "0.00", "65.00"));
}

#[tokio::test]
async fn whichever_answer_is_lost_and_whoever_else_writes_a_hold_is_released_once() {
    let app = TestApp::start().await;
    let writes = Requests::any().writes().path("/colls/accounts/");
    app.with_each_answer_lost(Service::Cosmos, writes, async |n| {
        let opened = app.opened(&format!("lost-{n}"), "100.00").await;
        for id in ["a", "b"] {
            app.asks(&opened, &format!("{id}{n}"), "30.00").await;
        }
        app.travel(WEEK + A_MINUTE);
        let capture = json!({"authorisation": format!("a{n}"), "amount": kroner("10.00")});
        let captured =
            async || app.tells(&opened, &format!("c{n}"), "capture", capture.clone()).await;
        let runs = async || {
            tokio::join!(app.run_timer("expire_holds"), app.run_timer("expire_holds"));
        };
        tokio::join!(captured(), runs());
        captured().await;
        app.run_timer("expire_holds").await;
        assert_eq!(app.stands(&opened).await, amounts("10.00", "0.00", "90.00"));
    })
    .await;
}

#[tokio::test]
async fn an_account_that_is_not_what_its_documents_come_to_is_found_and_left_as_it_is() {
    let app = TestApp::start().await;
    let (fine, wrong) = (app.opened("fine", "100.00").await, app.opened("wrong", "100.00").await);
    for opened in [&fine, &wrong] {
        app.asks(opened, "a", "30.00").await;
        let capture = json!({"authorisation": "a", "amount": kroner("10.00")});
        app.tells(opened, "c", "capture", capture).await;
    }
    let found = async || {
        app.run_timer("sweep").await;
        let places = app.documents("places");
        let accounts = places.get("accounts", "accounts").await.unwrap();
        let tokens = places.get("card-tokens", "card-tokens").await.unwrap();
        (app_place(&accounts), app_place(&tokens))
    };
    assert_eq!(found().await, (0, 0));
    app.documents("accounts").change(&wrong.account, "account", &json!({"held": 1999})).await;
    app.documents("accounts").delete(&fine.account, &format!("card:{}", fine.card)).await;
    assert_eq!(found().await, (1, 0), "a claim may be younger than its card");
    app.travel(20 * A_MINUTE);
    assert_eq!(found().await, (1, 1));
    assert_eq!(app.stands(&wrong).await.1, "19.99");
}

fn app_place(place: &Value) -> u64 {
    assert_eq!(place["after"], Value::Null);
    place["foundBefore"].as_u64().unwrap()
}
