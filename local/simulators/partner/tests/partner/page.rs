//! The page, and the page that people come back to.

use pretty_assertions::assert_eq;
use reqwest::Method;
use serde_json::json;

use crate::rig::{Rig, http};

#[tokio::test]
async fn the_page_shows_what_came_and_shows_no_key() {
    let rig = Rig::start().await;
    rig.send("msg_1").await;
    rig.send_signed(
        "other",
        &crate::rig::signed(&webhooks::Signer::new(rig.secret.clone()), "msg_<b>", 0),
        "{}",
    )
    .await;
    let page = rig.text("").await;
    for part in ["msg_1", "invoice.paid", "/hooks/main", "whsec_", "has no key yet"] {
        assert!(page.contains(part), "{part}");
    }
    let secret = rig.secret.expose();
    assert!(!page.contains(&secret) && !page.contains("msg_<b>"), "{page}");
    let receivers = rig.text("v1/simulation/receivers").await;
    assert!(!receivers.contains(&secret), "{receivers}");
}

#[tokio::test]
async fn keys_are_set_by_the_form_and_by_json_and_taken_away() {
    let rig = Rig::start().await;
    let secret = webhooks::Secret::generate().expose();
    let form = [("name", "second"), ("key", secret.as_str()), ("previous", "")];
    let text: Vec<_> = form
        .iter()
        .map(|(name, value)| format!("{name}={}", value.replace('+', "%2B").replace('=', "%3D")))
        .collect();
    let sent = http().post(rig.url("page/keys")).body(text.join("&")).send().await.unwrap();
    assert_eq!(sent.status(), 303);
    let names = async || {
        let receivers = rig.get("v1/simulation/receivers").await;
        receivers["receivers"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["name"].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(names().await, ["main", "second"]);
    rig.ask(Method::DELETE, "v1/simulation/receivers/second", &json!(null)).await;
    assert_eq!(names().await, ["main"]);
    for (name, body) in [
        ("main", json!({"keys": []})),
        ("Main", json!({"keys": [secret]})),
        ("main", json!({"key": secret})),
    ] {
        let (status, problem) =
            rig.ask(Method::PUT, &format!("v1/simulation/receivers/{name}"), &body).await;
        assert_eq!(status, 400, "{problem}");
        assert!(!problem.to_string().contains(&secret), "{problem}");
    }
}

#[tokio::test]
async fn who_comes_back_from_the_bank_is_remembered_with_the_consent() {
    let rig = Rig::start().await;
    let page = rig.text("return?consentId=01980c6e-7777&state=x").await;
    assert!(page.contains("01980c6e-7777"), "{page}");
    assert!(rig.text("return?consentId=%3Cscript%3E").await.contains("&#60;script"));
    assert_eq!(rig.ask(Method::GET, "return", &json!(null)).await.0, 400);
    let returns = rig.get("v1/simulation/returns").await;
    let first = &returns["returns"][0];
    assert_eq!(
        (&first["consentId"], &first["parameters"]),
        (&json!("01980c6e-7777"), &json!(["consentId", "state"]))
    );
    assert_eq!(returns["returns"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn what_is_not_there_says_what_is() {
    let rig = Rig::start().await;
    for path in ["v1/simulation/nothing", "hooks/", "hooks/A", "hooks/a/b"] {
        let (status, problem) = rig.ask(Method::POST, path, &json!({})).await;
        assert_eq!(status, 404, "{path}");
        assert!(problem["detail"].to_string().contains("/hooks/{receiver}"), "{problem}");
    }
    assert_eq!(rig.ask(Method::GET, "hooks/main", &json!(null)).await.0, 405);
}
