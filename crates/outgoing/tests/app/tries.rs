//! When a call is tried again, and when not.

use crate::server::{Reply, Server};
use outgoing::{Client, Limits, Reason, Request, RetryBudget, StatusCode, header};
use pretty_assertions::assert_eq;
use std::time::{Duration, Instant};

/// As in production, but in a hurry: no test waits for what it does not test.
pub(crate) const HASTY: Limits = Limits {
    first_pause: Duration::from_millis(2),
    longest_pause: Duration::from_millis(8),
    ..Limits::DEFAULT
};

pub(crate) fn client(limits: Limits) -> Client {
    Client::new("the bank", limits)
}

#[tokio::test]
async fn an_answer_arrives_with_headers_and_body_and_the_trace_goes_along() {
    let server = Server::start([Reply::ok(r#"{"rate":"11.2"}"#)]).await;
    let trace = [("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")];
    let request = Request::get(server.url("/rates?code=SEK")).headers(trace);
    let answer = client(HASTY).call(&request).await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    assert!(answer.is_json());
    assert_eq!(answer.json::<serde_json::Value>().unwrap()["rate"], "11.2");
    let head = server.head(0);
    assert!(head.starts_with("get /rates?code=sek "), "{head}");
    assert!(head.contains("traceparent: 00-0af7651916cd43dd8448eb211c80319c-"), "{head}");
}

#[tokio::test]
async fn trouble_that_passes_is_waited_for() {
    for trouble in [Reply::status(500), Reply::status(408), Reply::Broken] {
        let server = Server::start([trouble.clone(), trouble, Reply::ok("{}")]).await;
        let answer = client(HASTY).call(&Request::get(server.url("/"))).await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(server.requests(), 3);
    }
}

#[tokio::test]
async fn trouble_that_stays_is_asked_so_often_and_the_last_answer_handed_on() {
    let server = Server::start([Reply::status(503)]).await;
    let answer = client(HASTY).call(&Request::get(server.url("/"))).await.unwrap();
    assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(server.requests(), HASTY.tries as usize);
}

#[tokio::test]
async fn what_may_have_been_done_is_not_done_twice() {
    for trouble in [Reply::status(500), Reply::Broken] {
        let server = Server::start([trouble, Reply::ok("{}")]).await;
        let order = Request::post(server.url("/orders")).body("{}", "application/json");
        let _ = client(HASTY).call(&order).await;
        assert_eq!(server.requests(), 1);
        let answer = client(HASTY).call(&order.repeatable()).await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK, "with a key it may be");
    }
}

#[tokio::test]
async fn a_throttled_call_waits_as_long_as_it_is_told_even_a_post() {
    let server = Server::start([Reply::with(429, "retry-after: 1"), Reply::ok("{}")]).await;
    let began = Instant::now();
    let answer = client(HASTY).call(&Request::post(server.url("/"))).await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    assert!(began.elapsed() >= Duration::from_secs(1));
    assert_eq!(server.requests(), 2);
}

#[tokio::test]
async fn a_wait_longer_than_the_patience_is_handed_on_instead() {
    let server = Server::start([Reply::with(429, "retry-after: 600")]).await;
    let answer = client(HASTY).call(&Request::get(server.url("/"))).await.unwrap();
    assert_eq!(answer.retry_after(), Some(Duration::from_secs(600)));
    assert_eq!(server.requests(), 1);
}

#[tokio::test]
async fn nobody_at_the_address_is_tried_again_even_for_a_post_and_then_said() {
    let url = Server::start([Reply::Silence]).await.url("/secret?token=1");
    let error = client(HASTY).call(&Request::post(url)).await.unwrap_err();
    assert_eq!(error.reason(), &Reason::Unreachable);
    assert_eq!(error.to_string(), "calling the bank: it cannot be connected to");
}

#[tokio::test]
async fn second_tries_have_a_budget_for_all_calls_together() {
    let server = Server::start([Reply::status(500)]).await;
    let retry_budget = RetryBudget { most_saved: 2, calls_per_retry: 10 };
    let breaker = outgoing::BreakerLimits { failures_to_open: 1000, ..HASTY.breaker };
    let client = client(Limits { retry_budget, breaker, ..HASTY });
    for _ in 0..10 {
        assert!(client.call(&Request::get(server.url("/"))).await.is_ok());
    }
    assert_eq!(server.requests(), 12, "ten calls, and two tries more instead of thirty");
}

#[tokio::test]
async fn a_token_is_sent_and_its_want_is_an_error() {
    let server = Server::start([Reply::ok("{}")]).await;
    let with = client(HASTY).with_bearer(async || Ok("t1".to_owned()));
    with.call(&Request::get(server.url("/"))).await.unwrap();
    assert!(server.head(0).contains("authorization: bearer t1\r\n"));
    let without = client(HASTY).with_bearer(async || Err("nobody vouches".to_owned()));
    let error = without.call(&Request::get(server.url("/"))).await.unwrap_err();
    assert_eq!(error.to_string(), "calling the bank: nobody vouches");
    assert_eq!(server.requests(), 1);
}

#[test]
fn nothing_secret_is_shown() {
    let key = outgoing::HeaderValue::from_static("secret");
    let request = Request::post("https://a.example/secret?code=secret".parse().unwrap())
        .header(header::AUTHORIZATION, key)
        .body("secret", "text/plain");
    assert_eq!(format!("{request:?}"), "POST https://a.example, 6 bytes");
}
