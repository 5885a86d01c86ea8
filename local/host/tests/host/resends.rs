//! Proxied requests that met a handler which died: sent again, or not.

use local_host::Outcome;
use pretty_assertions::assert_eq;

use crate::support::{TestApp, eventually};

#[tokio::test]
async fn a_request_without_a_connection_is_sent_again_until_the_respawned_handler_listens() {
    let app = TestApp::new().start().await;
    let before: u32 = app.text("/pid").await.parse().unwrap();
    app.host.kill_handler("app").await;
    let sent = app.post("/pid", "a body that no attempt may lose").await;
    let after: u32 = sent.text().await.unwrap().parse().unwrap();
    assert_ne!(before, after);
    app.host.kill_handler("app").await;
    let once_more: u32 = app.text("/pid").await.parse().unwrap();
    assert_ne!(after, once_more);
}

#[tokio::test]
async fn a_crash_before_the_answer_is_not_seen_by_a_client_that_sent_no_body() {
    for method in ["GET", "DELETE", "POST"] {
        let folder = tempfile::tempdir().unwrap();
        let seen = folder.path().join("seen");
        let app = TestApp::new().setting("SEEN", seen.to_str().unwrap()).start().await;
        let asked = app.client.request(method.parse().unwrap(), app.url("/die-first/2"));
        let answer = asked.header("content-length", "0").send().await.unwrap();
        assert_eq!((answer.status().as_u16(), app.host.invocations().len()), (200, 1), "{method}");
        let ids = std::fs::read_to_string(&seen).unwrap();
        let id = app.invocation().await.id.to_string();
        assert_eq!(ids.lines().collect::<Vec<_>>(), [id.as_str(); 3], "{method}: one id for all");
    }
}

#[tokio::test]
async fn a_request_that_crashes_every_handler_stops_the_host() {
    let app = TestApp::new().start().await;
    let answer = app.get("/exit/1").await;
    assert_eq!(answer.status(), 503);
    assert!(answer.text().await.unwrap().contains("exited with code 1"));
    assert_eq!(app.status("/echo").await, 503);
    let records = app.host.invocations();
    assert!(matches!(records.last().unwrap().outcome, Outcome::Failed(_)), "{records:?}");
}

#[tokio::test]
async fn a_body_that_was_begun_is_not_sent_again() {
    let app = TestApp::new().start().await;
    let response = app.post("/exit/1", "body").await;
    assert_eq!(response.status(), 500);
    assert_eq!(response.text().await.unwrap(), "");
    assert_eq!(app.status("/echo").await, 200, "one crash only: the handler is back");
    assert_eq!(app.host.invocations().len(), 2);
}

#[tokio::test]
async fn an_answer_that_has_begun_is_not_asked_for_again() {
    let app = TestApp::new().start().await;
    assert!(app.get("/break-off").await.bytes().await.is_err());
    eventually("the handler is back", || async {
        (app.status("/echo").await == 200).then_some(())
    })
    .await;
    let broken = app.host.invocations().into_iter().filter(|it| it.about == "GET /break-off");
    assert_eq!(broken.count(), 1);
}
