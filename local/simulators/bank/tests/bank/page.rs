//! The pages for people.

use std::time::Duration;

use serde_json::Value;

use crate::rig::{CALLBACK, Rig, told};

#[tokio::test]
async fn the_page_asks_who_it_is_and_sends_the_person_back() {
    let rig = Rig::start().await;
    let request_uri = rig.request_uri().await;
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs([("client_id", "iommi-credit"), ("request_uri", &request_uri)])
        .finish();
    let answer = rig.http.get(rig.url(&format!("authorize?{query}"))).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["referrer-policy"], "no-referrer");
    let policy = answer.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.contains("frame-ancestors 'none'") && !policy.contains("form-action"));
    let page = answer.text().await.unwrap();
    for part in [
        "lang=\"en\"",
        "<legend>Who are you?</legend>",
        "value=\"overdrawn\"",
        "value=\"approve\"",
        "value=\"refuse\"",
        "value=\"expire\"",
        "180 days",
        "2027-01-27 10:00 UTC",
    ] {
        assert!(page.contains(part), "{part} is not on the page:\n{page}");
    }
    assert!(!page.contains("<script"));
    // Who looks at the page has more than ninety seconds.
    rig.clock.advance(Duration::from_mins(5));
    let form = [
        ("request_uri", &*request_uri),
        ("customer", "salaried"),
        ("other", " salaried-17 "),
        ("decision", "approve"),
    ];
    let answer = rig.form("authorize", &form).send().await.unwrap();
    assert_eq!(answer.status(), 303);
    let location = answer.headers()["location"].to_str().unwrap().to_owned();
    assert!(location.starts_with(&format!("{CALLBACK}?code=")), "{location}");
    let again = rig.form("authorize", &form).send().await.unwrap();
    assert_eq!((again.status().as_u16(), again.headers().get("location")), (400, None));
}

#[tokio::test]
async fn who_comes_without_a_request_is_told_so_and_sent_nowhere() {
    let rig = Rig::start().await;
    for query in ["", "?client_id=iommi-credit", "?client_id=iommi-credit&request_uri=made-up"] {
        let answer = rig.http.get(rig.url(&format!("authorize{query}"))).send().await.unwrap();
        assert_eq!((answer.status().as_u16(), answer.headers().get("location")), (400, None));
        assert!(answer.text().await.unwrap().contains("This does not work"));
    }
    let request_uri = rig.request_uri().await;
    let form = [("request_uri", &*request_uri), ("customer", "nobody"), ("decision", "approve")];
    assert_eq!(rig.form("authorize", &form).send().await.unwrap().status(), 400);
    let form = [("request_uri", &*request_uri), ("decision", "expire")];
    let answer = rig.form("authorize", &form).send().await.unwrap();
    assert_eq!((answer.status().as_u16(), answer.headers().get("location")), (200, None));
    assert!(answer.text().await.unwrap().contains("let the request expire"));
}

#[tokio::test]
async fn the_first_page_shows_counts_consents_and_customers_and_no_token() {
    let rig = Rig::start().await;
    let token = rig.token_by_consent("gambler").await;
    rig.get(&token, "accounts").await;
    let page = rig.http.get(rig.url("")).send().await.unwrap().text().await.unwrap();
    for part in ["Being answered", "iommi-credit", "thin-file", "JSON that ends in the middle"] {
        assert!(page.contains(part), "{part} is not on the page:\n{page}");
    }
    let (_, log) = told(rig.http.get(rig.url("log")).send().await.unwrap()).await;
    let (page, log) = (page, Value::to_string(&log));
    assert!(!page.contains(&token) && !log.contains(&token));
}

#[tokio::test]
async fn other_addresses_and_methods_are_refused() {
    let rig = Rig::start().await;
    let get = async |path: &str| rig.http.get(rig.url(path)).send().await.unwrap();
    assert_eq!(get("payments").await.status(), 404);
    let answer = get("token").await;
    assert_eq!(
        (answer.status().as_u16(), answer.headers()["allow"].as_bytes()),
        (405, &b"POST"[..])
    );
}
