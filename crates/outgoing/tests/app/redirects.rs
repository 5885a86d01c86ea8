//! Redirects: none unless asked, and never with secrets to somebody else.

use crate::{
    server::{Reply, Server},
    tries::{HASTY, client},
};
use outgoing::{HeaderName, HeaderValue, Limits, Reason, Request, StatusCode};
use pretty_assertions::assert_eq;

const FOLLOWING: Limits = Limits { redirects: 2, ..HASTY };

fn moved(to: &str) -> Reply {
    Reply::with(302, &format!("location: {to}"))
}

#[tokio::test]
async fn a_redirect_is_an_answer_unless_asked_for() {
    let server = Server::start([moved("/elsewhere"), Reply::ok("{}")]).await;
    let answer = client(HASTY).call(&Request::get(server.url("/"))).await.unwrap();
    assert_eq!(answer.status(), StatusCode::FOUND);
    assert_eq!(server.requests(), 1);
}

#[tokio::test]
async fn what_is_asked_for_is_followed_with_secrets_only_to_the_same_server() {
    let other = Server::start([Reply::ok("{}")]).await;
    let server = Server::start([moved("/b"), moved(other.url("/c").as_str())]).await;
    let mut key = HeaderValue::from_static("k1");
    key.set_sensitive(true);
    let request = Request::get(server.url("/a")).header(HeaderName::from_static("x-key"), key);
    let client = client(FOLLOWING).with_bearer(async || Ok("t1".to_owned()));
    assert_eq!(client.call(&request).await.unwrap().status(), StatusCode::OK);
    let same = server.head(1);
    assert!(
        same.starts_with("get /b ") && same.contains("bearer t1") && same.contains("x-key: k1")
    );
    let others = other.head(0);
    assert!(others.starts_with("get /c "), "{others}");
    assert!(!others.contains("t1") && !others.contains("k1"), "{others}");
}

#[tokio::test]
async fn a_circle_ends_and_so_does_a_way_to_nowhere() {
    for to in ["/again", "http://[", "ftp://127.0.0.1/"] {
        let server = Server::start([moved(to)]).await;
        let error = client(FOLLOWING).call(&Request::get(server.url("/"))).await.unwrap_err();
        assert_eq!(error.reason(), &Reason::LostOnTheWay, "{to}");
        assert!(server.requests() <= 3);
    }
}

#[tokio::test]
async fn a_body_goes_to_nobody_but_the_one_whom_we_asked() {
    let other = Server::start([Reply::ok("{}")]).await;
    let location = format!("location: {}", other.url("/"));
    let server = Server::start([Reply::with(307, &location)]).await;
    let post = Request::post(server.url("/")).body("secret", "text/plain");
    let answer = client(FOLLOWING).call(&post).await.unwrap();
    assert_eq!(answer.status(), StatusCode::TEMPORARY_REDIRECT);
    assert_eq!(other.requests(), 0);
}
