//! Deadlines and bounds.

use crate::{
    server::{Reply, Server},
    tries::{HASTY, client},
};
use outgoing::{Limits, Reason, Request};
use pretty_assertions::assert_eq;
use std::time::{Duration, Instant};

/// Far more than any of the deadlines below.
const SOON: Duration = Duration::from_secs(5);

#[tokio::test]
async fn a_try_ends_at_its_deadline_and_is_made_again() {
    for reply in [Reply::Silence, Reply::Half] {
        let server = Server::start([reply]).await;
        let try_deadline = Duration::from_millis(50);
        let client = client(Limits { try_deadline, tries: 2, ..HASTY });
        let began = Instant::now();
        let error = client.call(&Request::get(server.url("/"))).await.unwrap_err();
        assert_eq!(error.reason(), &Reason::TimedOut(try_deadline));
        assert!(began.elapsed() < SOON, "{:?}", began.elapsed());
        assert_eq!(server.requests(), 2);
    }
}

#[tokio::test]
async fn all_tries_together_end_at_the_callers_deadline() {
    let server = Server::start([Reply::Silence]).await;
    let request = Request::get(server.url("/")).within(Duration::from_millis(100));
    let began = Instant::now();
    let error = client(Limits { tries: 1000, ..HASTY }).call(&request).await.unwrap_err();
    assert!(error.to_string().contains("no answer within"), "{error}");
    assert!(began.elapsed() < SOON, "{:?}", began.elapsed());
}

#[tokio::test]
async fn a_token_that_does_not_come_counts_against_the_deadline() {
    let server = Server::start([Reply::ok("{}")]).await;
    let limits = Limits { try_deadline: Duration::from_millis(20), tries: 1, ..HASTY };
    let client = client(limits).with_bearer(std::future::pending);
    let error = client.call(&Request::get(server.url("/"))).await.unwrap_err();
    assert_eq!(error.reason(), &Reason::TimedOut(limits.try_deadline));
}

#[tokio::test]
async fn a_body_without_an_end_is_read_to_the_limit_and_no_further() {
    let server = Server::start([Reply::Endless]).await;
    let limits = Limits { max_answer_bytes: 10_000, ..HASTY };
    let error = client(limits).call(&Request::get(server.url("/"))).await.unwrap_err();
    assert_eq!(error.reason(), &Reason::AnswerTooLarge { max_bytes: 10_000 });
    assert_eq!(server.requests(), 1, "another try would be as long");
}

#[tokio::test]
async fn a_body_that_fills_the_limit_is_read_and_one_byte_more_is_not() {
    let body = "x".repeat(1000);
    let server = Server::start([Reply::ok(&body)]).await;
    let get = Request::get(server.url("/"));
    let fits = client(Limits { max_answer_bytes: 1000, ..HASTY }).call(&get).await.unwrap();
    assert_eq!(fits.body().len(), 1000);
    let too_small = client(Limits { max_answer_bytes: 999, ..HASTY }).call(&get).await;
    assert_eq!(too_small.unwrap_err().reason(), &Reason::AnswerTooLarge { max_bytes: 999 });
}

#[tokio::test]
async fn at_a_glance_the_status_counts_whatever_the_body_does() {
    let limits = Limits { glance_for: Some(Duration::from_millis(100)), ..HASTY };
    let limits =
        Limits { max_answer_bytes: 1000, try_deadline: SOON, total_deadline: SOON, ..limits };
    for (reply, bytes) in [(Reply::Endless, 1000..=1000), (Reply::Half, 0..=999)] {
        let server = Server::start([reply]).await;
        let began = Instant::now();
        let answer = client(limits).call(&Request::get(server.url("/"))).await.unwrap();
        assert_eq!(answer.status(), 200);
        assert!(bytes.contains(&answer.body().len()), "{}", answer.body().len());
        assert!(began.elapsed() < SOON, "{:?}", began.elapsed());
    }
}

#[tokio::test]
async fn a_request_that_is_too_large_is_not_sent() {
    let server = Server::start([Reply::ok("{}")]).await;
    let request = Request::post(server.url("/")).body("12345", "text/plain");
    let limits = Limits { max_request_bytes: 4, ..HASTY };
    let error = client(limits).call(&request).await.unwrap_err();
    assert_eq!(error.reason(), &Reason::RequestTooLarge { max_bytes: 4 });
    assert_eq!(server.requests(), 0);
}
