//! Whose a profile is: off unless a setting says who may touch all.

use crate::support::{KIM, TestApp};
use app_tests::Method;
use pretty_assertions::assert_eq;
use serde_json::json;

/// A key of local/callers.json, and the person that it is of.
const KEY: &str = "local-only-person";
const PERSON: &str = "6d0f7a51-2a43-4b0e-8f0e-1a5c3e6b7d06";

#[tokio::test]
async fn a_person_touches_their_own_profile_and_no_other() {
    let app = TestApp::with("PROFILE_OWNERS", "partner/acme").await;
    let mut own = app.stored_profile(KIM).await;
    own["id"] = json!(PERSON);
    app.documents("profiles").put(PERSON, &own).await;
    let send = async |method: Method, path: String, key: &str| {
        let request = app.request(method, &path).header("iommi-subscription-key", key);
        let request = request.header("if-match", "*").merge_patch(&json!({"age": 7}));
        request.send().await.status
    };
    for (method, path) in [
        (Method::GET, ""),
        (Method::PATCH, ""),
        (Method::DELETE, ""),
        (Method::GET, "/subscriptions"),
        (Method::GET, "/subscriptions/home-care"),
        (Method::PUT, "/subscriptions/night-watch"),
        (Method::DELETE, "/subscriptions/home-care"),
        (Method::DELETE, "/picture"),
    ] {
        let others = format!("/v1/profiles/{KIM}{path}");
        assert_eq!(send(method.clone(), others, KEY).await, 404, "{method} {path}");
    }
    assert_eq!(send(Method::GET, format!("/v1/profiles/{PERSON}"), KEY).await, 200);
    assert_eq!(send(Method::PATCH, format!("/v1/profiles/{PERSON}"), KEY).await, 200);
    assert_eq!(send(Method::GET, format!("/v1/profiles/{KIM}"), "local-only-acme").await, 200);
    assert_eq!(send(Method::GET, format!("/v1/profiles/{KIM}"), "local-only-globex").await, 404);
    app.get(&format!("/v1/profiles/{KIM}")).await.refused(404, "no-such-profile", &[]);
}

#[tokio::test]
async fn a_person_finds_nobody_else_in_lists() {
    let app = TestApp::with("PROFILE_OWNERS", "partner/acme").await;
    let list = async |query: &str, key: &str| {
        let request = app.request(Method::GET, &format!("/v1/profiles{query}"));
        request.header("iommi-subscription-key", key).send().await.expect(200).json()
    };
    assert_eq!(list("", KEY).await["items"], json!([]));
    assert_eq!(list("?email=kim.larsen@example.com", KEY).await["items"], json!([]));
    assert_eq!(list("?userName=kim", "local-only-acme").await["items"][0]["id"], KIM);
    assert_eq!(app.get("/v1/profiles").await.expect(200).json()["items"], json!([]));
}
