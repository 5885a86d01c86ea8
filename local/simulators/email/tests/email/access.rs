//! Who is let in.

use base64::{Engine, engine::general_purpose::STANDARD};
use email::LOCAL_ACCESS_KEY;
use jiff::{SignedDuration, Timestamp, fmt::rfc2822::DateTimePrinter};
use pretty_assertions::assert_eq;
use reqwest::RequestBuilder;
use ring::{digest, hmac};
use uuid::Uuid;

use crate::rig::{Rig, VERSION, mail, told};

/// Signs as the documentation says, independently of the service.
fn signed(rig: &Rig, key: &str, at: Timestamp, signed_body: &str, body: &str) -> RequestBuilder {
    let path = format!("/emails:send?{VERSION}");
    let host = rig.email.url().trim_start_matches("http://").trim_end_matches('/').to_owned();
    let date = DateTimePrinter::new().timestamp_to_rfc9110_string(&at).unwrap();
    let content = STANDARD.encode(digest::digest(&digest::SHA256, signed_body.as_bytes()));
    let text = format!("POST\n{path}\n{date};{host};{content}");
    let key = hmac::Key::new(hmac::HMAC_SHA256, &STANDARD.decode(key).unwrap());
    let signature = STANDARD.encode(hmac::sign(&key, text.as_bytes()));
    let header = format!(
        "HMAC-SHA256 SignedHeaders=x-ms-date;host;x-ms-content-sha256&Signature={signature}"
    );
    let request = rig.http.post(rig.url(&path[1..])).header("x-ms-date", date);
    let request = request.header("x-ms-content-sha256", content).header("authorization", header);
    request.body(body.to_owned())
}

#[tokio::test]
async fn a_signature_with_the_access_key_opens_and_any_other_does_not() {
    let rig = Rig::start().await;
    let (now, body) = (rig.clock.now(), mail("kim@example.com").to_string());
    let answer = signed(&rig, LOCAL_ACCESS_KEY, now, &body, &body).send().await.unwrap();
    assert_eq!(answer.status(), 202);
    let old = now - SignedDuration::from_mins(6);
    let other = STANDARD.encode("somebody else's key");
    for (request, said) in [
        (signed(&rig, &other, now, &body, &body), "Signature"),
        (signed(&rig, LOCAL_ACCESS_KEY, old, &body, &body), "five minutes"),
        (signed(&rig, LOCAL_ACCESS_KEY, now, &body, &format!("{body} ")), "SHA-256"),
    ] {
        let (status, refused) = told(request.send().await.unwrap()).await;
        assert_eq!((status, refused["error"]["code"].as_str()), (401, Some("Denied")), "{refused}");
        assert!(refused["error"]["message"].as_str().unwrap().contains(said), "{refused}");
    }
    // The query is signed too.
    let request = signed(&rig, LOCAL_ACCESS_KEY, now, &body, &body).build().unwrap();
    let mut elsewhere = request.try_clone().unwrap();
    elsewhere.url_mut().set_query(Some("api-version=2023-03-31"));
    assert_eq!(rig.http.execute(elsewhere).await.unwrap().status(), 401);
    assert_eq!(rig.http.execute(request).await.unwrap().status(), 202);
    assert_eq!(rig.get("v1/simulation").await["mails"], 2);
}

#[tokio::test]
async fn a_token_is_for_this_service_and_nobody_comes_without() {
    let rig = Rig::start().await;
    let mail = mail("kim@example.com");
    let with = |header: Option<&str>| {
        let url = rig.url(&format!("emails:send?{VERSION}"));
        let request = rig.http.post(url).body(mail.to_string());
        match header {
            Some(header) => request.header("authorization", header),
            None => request,
        }
    };
    for header in [
        None,
        Some("Bearer made-up"),
        Some("Basic loopback"),
        Some("HMAC-SHA256 SignedHeaders=host&Signature=x"),
    ] {
        assert_eq!(with(header).send().await.unwrap().status(), 401, "{header:?}");
    }
    assert_eq!(with(Some("Bearer loopback")).send().await.unwrap().status(), 202);
    let url = rig.url(&format!("emails/operations/{}?{VERSION}", Uuid::nil()));
    assert_eq!(rig.http.get(url).send().await.unwrap().status(), 401);
}
