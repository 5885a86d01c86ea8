//! A service in trouble is left alone. Where minutes pass, the clock is moved on.

use crate::{
    server::{Reply, Server},
    tries::HASTY,
};
use outgoing::{BreakerLimits, Client, Limits, Reason, Request, StatusCode};
use pretty_assertions::assert_eq;
use std::time::Duration;

/// Opens after two tries; each call makes one.
const WARY: Limits =
    Limits { breaker: BreakerLimits { failures_to_open: 2, ..HASTY.breaker }, tries: 1, ..HASTY };

/// Lets time pass without waiting.
async fn pass(time: Duration) {
    tokio::time::pause();
    tokio::time::advance(time).await;
    tokio::time::resume();
}

async fn status(
    client: &Client,
    server: &Server,
) -> Result<StatusCode, (Reason, Option<Duration>)> {
    let called = client.call(&Request::get(server.url("/"))).await;
    called.map(|answer| answer.status()).map_err(|e| (e.reason().clone(), e.retry_after()))
}

#[tokio::test]
async fn it_opens_lets_one_ask_for_all_and_closes_again() {
    let failing = Reply::status(500);
    let server = Server::start([failing.clone(), failing.clone(), failing, Reply::ok("{}")]).await;
    let client = Client::new("the bank", WARY);
    for _ in 0..2 {
        assert_eq!(status(&client, &server).await, Ok(StatusCode::INTERNAL_SERVER_ERROR));
    }
    let (reason, wait) = status(&client, &server).await.unwrap_err();
    assert_eq!(reason, Reason::LeftAlone);
    let wait = wait.unwrap();
    assert!(wait <= WARY.breaker.open_for);
    assert_eq!(server.requests(), 2, "nobody asked");

    pass(wait).await;
    assert_eq!(status(&client, &server).await, Ok(StatusCode::INTERNAL_SERVER_ERROR));
    let (_, wait) = status(&client, &server).await.unwrap_err();
    let wait = wait.unwrap();
    assert!(wait > WARY.breaker.open_for, "twice as long: {wait:?}");
    assert_eq!(server.requests(), 3);

    pass(wait).await;
    assert_eq!(status(&client, &server).await, Ok(StatusCode::OK));
    assert_eq!(status(&client, &server).await, Ok(StatusCode::OK));
}

#[tokio::test]
async fn a_destination_in_trouble_does_not_close_the_way_to_another() {
    let ill = Server::start([Reply::Broken]).await;
    let well = Server::start([Reply::ok("{}")]).await;
    let client = Client::new("a webhook", WARY);
    for _ in 0..3 {
        assert!(status(&client, &ill).await.is_err());
    }
    assert_eq!(ill.requests(), 2);
    assert_eq!(status(&client, &well).await, Ok(StatusCode::OK));
}

#[tokio::test]
async fn a_refusal_says_nothing_against_the_service() {
    let server = Server::start([Reply::status(404)]).await;
    let client = Client::new("the bank", WARY);
    for _ in 0..5 {
        assert_eq!(status(&client, &server).await, Ok(StatusCode::NOT_FOUND));
    }
}

#[tokio::test]
async fn it_stays_open_as_long_as_the_service_asked_for() {
    let server = Server::start([Reply::with(503, "retry-after: 60")]).await;
    let client = Client::new("the bank", WARY);
    for _ in 0..2 {
        assert!(status(&client, &server).await.is_ok());
    }
    pass(WARY.breaker.open_for * 2).await;
    assert_eq!(status(&client, &server).await.unwrap_err().0, Reason::LeftAlone);
    pass(Duration::from_secs(60)).await;
    assert!(status(&client, &server).await.is_ok());
}
