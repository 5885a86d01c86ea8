//! Consent, step by step, and everything in it that must be refused.

use std::time::Duration;

use pretty_assertions::assert_eq;
use reqwest::Method;
use serde_json::{Value, json};

use crate::rig::{CALLBACK, CHALLENGE, Rig, STATE, VERIFIER, sent_back, told, value};

fn error(answer: &(u16, Value)) -> (u16, &str) {
    (answer.0, answer.1["error"].as_str().unwrap_or_default())
}

#[tokio::test]
async fn a_person_approves_and_the_client_reads_accounts_and_transactions() {
    let rig = Rig::start().await;
    let (status, pushed) = rig.push(&[]).await;
    assert_eq!((status, &pushed["expires_in"]), (201, &json!(90)));
    let back = rig.approved("joint").await;
    let issuer = rig.bank.url().trim_end_matches('/').to_owned();
    assert_eq!(value(&back, "state").as_deref(), Some(STATE));
    assert_eq!(value(&back, "iss"), Some(issuer));
    let (status, token) = rig.exchange(&value(&back, "code").unwrap(), &[]).await;
    assert_eq!(
        (status, &token["token_type"], &token["expires_in"]),
        (200, &json!("Bearer"), &json!(3_600))
    );
    assert_eq!(token["scope"], "accounts transactions");
    assert_eq!(token["consent_expires_at"], "2027-01-27T10:00:00Z");
    assert_eq!(token["authorization_details"][0]["days"], 180);
    let token = token["access_token"].as_str().unwrap();
    let accounts = rig.accounts(token).await;
    assert_eq!((accounts.len(), &accounts[0]["joint"]), (1, &json!(true)));
    let path = rig.transactions_path(token).await;
    let (_, page) = rig.get(token, &format!("{path}?from=2020-01-01&to=2026-11-28")).await;
    assert_eq!((&page["from"], &page["to"]), (&json!("2026-06-01"), &json!("2026-11-28")));
}

#[tokio::test]
async fn who_refuses_or_lets_it_expire_gives_no_code() {
    let rig = Rig::start().await;
    let request_uri = rig.request_uri().await;
    let (_, answer) = rig.decide(&request_uri, "salaried", "refuse").await;
    let back = sent_back(answer["location"].as_str().unwrap());
    assert_eq!(value(&back, "error").as_deref(), Some("access_denied"));
    assert_eq!((value(&back, "code"), value(&back, "state").as_deref()), (None, Some(STATE)));
    assert!(value(&back, "iss").is_some());
    let request_uri = rig.request_uri().await;
    let answer = rig.decide(&request_uri, "salaried", "expire").await;
    assert_eq!(answer, (200, json!({"location": null})));
    assert_eq!(rig.decide(&request_uri, "salaried", "approve").await.0, 400);
}

#[tokio::test]
async fn a_request_is_good_once_and_for_ninety_seconds() {
    let rig = Rig::start().await;
    let request_uri = rig.request_uri().await;
    assert_eq!(rig.decide(&request_uri, "salaried", "approve").await.0, 200);
    assert_eq!(
        error(&rig.decide(&request_uri, "salaried", "approve").await),
        (400, "invalid_request")
    );
    let late = rig.request_uri().await;
    rig.clock.advance(Duration::from_secs(90));
    assert_eq!(error(&rig.decide(&late, "salaried", "approve").await), (400, "invalid_request"));
}

#[tokio::test]
async fn what_a_client_may_not_ask_for_is_refused_with_the_rfcs_code() {
    let rig = Rig::start().await;
    let details = |days: i32, until: &str| {
        json!([{"type": "account_information", "purpose": "p", "days": days, "validUntil": until}])
            .to_string()
    };
    let (many, over) = (details(731, "2027-01-01T00:00:00Z"), details(9, "2026-11-28T10:00:00Z"));
    for (name, text, code) in [
        ("response_type", "token", "unsupported_response_type"),
        ("redirect_uri", "http://127.0.0.1:7071/credit/v1/callback/", "invalid_request"),
        ("redirect_uri", "https://elsewhere.example/", "invalid_request"),
        ("scope", "accounts payments", "invalid_scope"),
        ("scope", "", "invalid_scope"),
        ("code_challenge", &CHALLENGE[1..], "invalid_request"),
        ("code_challenge_method", "plain", "invalid_request"),
        ("code_challenge_method", "", "invalid_request"),
        ("client_id", "partner", "invalid_request"),
        ("request_uri", "urn:x", "invalid_request"),
        ("authorization_details", "[]", "invalid_authorization_details"),
        ("authorization_details", &many, "invalid_authorization_details"),
        ("authorization_details", &over, "invalid_authorization_details"),
    ] {
        let answer = rig.push(&[(name, text)]).await;
        assert_eq!(error(&answer), (400, code), "{name}={text}: {}", answer.1);
    }
    let twice = rig.push(&[("state", "a"), ("state", "b")]).await;
    assert_eq!(error(&twice), (400, "invalid_request"));
}

#[tokio::test]
async fn a_client_that_does_not_show_its_secret_is_told_nothing() {
    let rig = Rig::start().await;
    for path in ["par", "token", "revoke"] {
        for secret in [None, Some("wrong")] {
            let mut request = rig.form(path, &[("client_id", "iommi-credit"), ("token", "x")]);
            if let Some(secret) = secret {
                request = request.basic_auth("iommi-credit", Some(secret));
            }
            let answer = request.send().await.unwrap();
            assert!(answer.headers()["www-authenticate"].to_str().unwrap().starts_with("Basic"));
            assert_eq!(error(&told(answer).await), (401, "invalid_client"), "{path} {secret:?}");
        }
    }
}

#[tokio::test]
async fn a_code_needs_its_verifier_its_address_and_its_minute() {
    let rig = Rig::start().await;
    let other = "x".repeat(43);
    for (name, text, code) in [
        ("code_verifier", &*other, "invalid_grant"),
        ("code_verifier", &VERIFIER[1..], "invalid_request"),
        ("redirect_uri", "http://localhost:7071/credit/v1/callback", "invalid_grant"),
        ("code", "made-up", "invalid_grant"),
        ("grant_type", "refresh_token", "unsupported_grant_type"),
    ] {
        let given = rig.code("salaried").await;
        let answer = rig.exchange(&given, &[(name, text)]).await;
        assert_eq!(error(&answer), (400, code), "{name}={text}: {}", answer.1);
    }
    let late = rig.code("salaried").await;
    rig.clock.advance(Duration::from_secs(60));
    assert_eq!(error(&rig.exchange(&late, &[]).await), (400, "invalid_grant"));
}

#[tokio::test]
async fn a_code_is_good_once_and_twice_revokes_the_tokens() {
    let rig = Rig::start().await;
    let code = rig.code("salaried").await;
    let (_, token) = rig.exchange(&code, &[]).await;
    let token = token["access_token"].as_str().unwrap();
    assert_eq!(rig.get(token, "accounts").await.0, 200);
    assert_eq!(error(&rig.exchange(&code, &[]).await), (400, "invalid_grant"));
    assert_eq!(error(&rig.get(token, "accounts").await), (401, "invalid_token"));
}

#[tokio::test]
async fn of_many_who_use_a_code_at_once_nobody_keeps_a_token() {
    let rig = Rig::start().await;
    let code = rig.code("salaried").await;
    let (a, b, c, d) = tokio::join!(
        rig.exchange(&code, &[]),
        rig.exchange(&code, &[]),
        rig.exchange(&code, &[]),
        rig.exchange(&code, &[])
    );
    let tokens: Vec<_> = [a, b, c, d].into_iter().filter(|(status, _)| *status == 200).collect();
    assert_eq!(tokens.len(), 1);
    let token = tokens[0].1["access_token"].as_str().unwrap();
    assert_eq!(rig.get(token, "accounts").await.0, 401);
}

#[tokio::test]
async fn a_revoked_token_opens_nothing_and_revoking_never_fails() {
    let rig = Rig::start().await;
    let token = rig.token_by_consent("salaried").await;
    for _ in 0..2 {
        assert_eq!(rig.as_credit("revoke", &[("token", &token)]).await.0, 200);
        assert_eq!(error(&rig.get(&token, "accounts").await), (401, "invalid_token"));
    }
    assert_eq!(rig.as_credit("revoke", &[("token", "made-up")]).await.0, 200);
    let partners = rig.token("salaried").await;
    let answer = rig.as_credit("revoke", &[("token", &partners)]).await;
    assert_eq!(error(&answer), (400, "unauthorized_client"));
}

#[tokio::test]
async fn a_consent_ends_at_its_time_or_when_the_customer_says_so() {
    let rig = Rig::start().await;
    let token = rig.token_by_consent("saver").await;
    let (_, answer) = rig.post("v1/simulation/withdrawals", &json!({"customer": "saver"})).await;
    assert_eq!(answer, json!({"withdrawn": 1}));
    assert_eq!(error(&rig.get(&token, "accounts").await), (403, "consent_gone"));
    let token = rig.token_by_consent("saver").await;
    rig.clock.advance(Duration::from_hours(1));
    assert_eq!(error(&rig.get(&token, "accounts").await), (401, "invalid_token"));
    rig.clock.advance(Duration::from_hours(24 * 60));
    assert_eq!(error(&rig.get(&token, "accounts").await), (403, "consent_gone"));
}

#[tokio::test]
async fn a_token_opens_what_was_consented_to_and_nobody_elses_account() {
    let rig = Rig::start().await;
    let body = json!({"customer": "salaried", "scope": "accounts"});
    let (_, token) = rig.post("v1/simulation/tokens", &body).await;
    let token = token["access_token"].as_str().unwrap();
    let path = rig.transactions_path(token).await;
    assert_eq!(error(&rig.get(token, &path).await), (403, "insufficient_scope"));
    let other = rig.token("freelancer").await;
    assert_eq!(error(&rig.get(&other, &path).await), (404, "no_account"));
    let nobody = rig.http.get(rig.url("accounts")).send().await.unwrap();
    assert_eq!(error(&told(nobody).await), (401, "invalid_token"));
}

#[tokio::test]
async fn the_metadata_says_what_there_is() {
    let rig = Rig::start().await;
    let url = rig.url(".well-known/oauth-authorization-server");
    let (_, metadata) = told(rig.http.get(url).send().await.unwrap()).await;
    let issuer = rig.bank.url().trim_end_matches('/').to_owned();
    assert_eq!(metadata["issuer"], json!(issuer));
    assert_eq!(metadata["pushed_authorization_request_endpoint"], json!(format!("{issuer}/par")));
    assert_eq!(metadata["code_challenge_methods_supported"], json!(["S256"]));
}

#[tokio::test]
async fn another_address_can_be_registered_while_it_runs() {
    let rig = Rig::start().await;
    let other = "http://127.0.0.1:9999/credit/v1/callback";
    let url = rig.url("v1/simulation/clients/iommi-credit");
    let body = json!({"redirectUris": [other]}).to_string();
    rig.http.request(Method::PUT, url).body(body).send().await.unwrap().error_for_status().unwrap();
    assert_eq!(rig.push(&[("redirect_uri", other)]).await.0, 201);
    assert_eq!(rig.push(&[("redirect_uri", CALLBACK)]).await.0, 400);
}
