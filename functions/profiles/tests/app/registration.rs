use crate::support::{TestApp, registration};
use app_tests::Method;
use futures::future::join_all;
use pretty_assertions::assert_eq;
use serde_json::json;

#[tokio::test]
async fn a_customer_registers_and_is_found_by_address_and_name() {
    let app = TestApp::start().await;
    let registered = app.register("Robin.Okafor@example.com", "Robin").await.expect(201);
    let location = registered.header("location").unwrap().to_owned();
    assert_eq!(location, format!("/v1/profiles/{}", registered.id()));
    let read = app.get(&location).await.expect(200);
    assert_eq!(read.json(), registered.json());
    assert_eq!((read.etag(), registered.etag()), ("\"1\"", "\"1\""));
    for filter in ["email=robin.okafor%40EXAMPLE.com", "userName=ROBIN"] {
        let found = app.get(&format!("/v1/profiles?{filter}")).await.expect(200).json();
        assert_eq!(found, json!({"items": [registered.json()], "continuation": null}), "{filter}");
    }
}

#[tokio::test]
async fn an_address_in_use_is_refused_and_every_taken_field_is_named() {
    let app = TestApp::start().await;
    app.register("robin@example.com", "robin").await.expect(201);
    app.register("ROBIN@example.com", "other").await.refused(
        409,
        "already-taken",
        &["/account/emailAddress"],
    );
    app.register("other@example.com", "Robin").await.refused(
        409,
        "already-taken",
        &["/account/userName"],
    );
    let both = app.register("robin@example.com", "robin").await;
    both.refused(409, "already-taken", &["/account/emailAddress", "/account/userName"]);
    app.register("robin@bücher.example", "robin3").await.expect(201);
    let same = app.register("robin@xn--bcher-kva.example", "robin4").await;
    same.refused(409, "already-taken", &["/account/emailAddress"]);
    let quoted = app.register(r#""robin"@example.com"#, "robin5").await;
    quoted.refused(409, "already-taken", &["/account/emailAddress"]);
    // What was refused holds nothing back.
    app.register("other@example.com", "other").await.expect(201);
}

#[tokio::test]
async fn of_fifty_registrations_of_one_address_at_once_one_wins() {
    let app = TestApp::start().await;
    let attempts = (0..50).map(|n| {
        let (app, name) = (&app, format!("robin{n}"));
        async move { app.register("robin@example.com", &name).await }
    });
    let mut statuses: Vec<u16> =
        join_all(attempts).await.into_iter().map(|answer| answer.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [vec![201], vec![409; 49]].concat());
    // The names of those who lost are free.
    let found = app.get("/v1/profiles?email=robin@example.com").await.expect(200).json();
    let winner = found["items"][0]["account"]["userName"].as_str().unwrap().to_owned();
    let loser = if winner == "robin1" { "robin2" } else { "robin1" };
    app.register("second@example.com", loser).await.expect(201);
}

#[tokio::test]
async fn a_repeated_request_gets_the_same_answer_and_registers_nobody_twice() {
    let app = TestApp::start().await;
    let body = registration("robin@example.com", "robin");
    let send = |body: &serde_json::Value| {
        app.request(Method::POST, "/v1/register")
            .header("idempotency-key", "\"k-1\"")
            .json(body)
            .send()
    };
    let first = send(&body).await.expect(201);
    let again = send(&body).await.expect(201);
    assert_eq!(
        (again.json(), again.etag(), again.header("location")),
        (first.json(), first.etag(), first.header("location"))
    );
    let mut other = body.clone();
    other["age"] = json!(31);
    send(&other).await.refused(422, "idempotency-key-reused", &["Idempotency-Key"]);
}

#[tokio::test]
async fn a_request_repeated_at_once_registers_one_customer() {
    let app = TestApp::start().await;
    let body = registration("robin@example.com", "robin");
    let attempts = (0..10).map(|_| {
        app.request(Method::POST, "/v1/register")
            .header("idempotency-key", "once")
            .json(&body)
            .send()
    });
    let answers = join_all(attempts).await;
    let mut ids: Vec<String> =
        answers.iter().filter(|answer| answer.status == 201).map(|answer| answer.id()).collect();
    ids.dedup();
    assert_eq!(ids.len(), 1, "{answers:?}");
    assert!(answers.iter().all(|answer| [201, 409].contains(&answer.status)), "{answers:?}");
}

#[tokio::test]
async fn every_wrong_field_is_named_at_once() {
    let app = TestApp::start().await;
    let body = json!({"account": {"emailAddress": "robin", "userName": "robin", "admin": true}, "givenName": 7, "age": "30"});
    let answer = app.request(Method::POST, "/v1/register").json(&body).send().await;
    answer.refused(
        422,
        "invalid-body",
        &["/account/emailAddress", "/account/admin", "/givenName", "/familyName", "/age"],
    );
}

#[tokio::test]
async fn what_cannot_be_read_is_refused_with_the_place_and_the_remedy() {
    let app = TestApp::start().await;
    let post = || app.request(Method::POST, "/v1/register");
    let cut = post().body("application/json", "{\"account\": {").send().await.refused(
        400,
        "invalid-json",
        &[],
    );
    assert!(cut.json()["detail"].as_str().unwrap().contains("line 1"), "{cut:?}");
    post().body("application/json", "\u{feff}nonsense").send().await.refused(
        400,
        "invalid-json",
        &[],
    );
    post().body("application/json", vec![0xff, 0xfe]).send().await.refused(
        400,
        "invalid-json",
        &[],
    );
    post().body("application/json", "[]").send().await.refused(422, "invalid-body", &[""]);
    post().body("text/plain", "{}").send().await.expect(415);
    post().send().await.expect(415);
    let large = format!("{{\"x\": \"{}\"}}", "x".repeat(300_000));
    post().body("application/json", large).send().await.refused(413, "content-too-large", &[]);
    let key = "k".repeat(300);
    let answer = post()
        .header("idempotency-key", &key)
        .json(&registration("a@example.com", "abc"))
        .send()
        .await;
    answer.refused(400, "invalid-idempotency-key", &["Idempotency-Key"]);
}

#[tokio::test]
async fn names_of_every_script_come_back_as_they_were_sent() {
    let app = TestApp::start().await;
    let names = ["Łukasz", "مريم", "שרה", "佐藤", "👩‍👩‍👧", "Zoë e\u{301}", "علی\u{200c}رضا"];
    for (n, name) in names.iter().enumerate() {
        let mut body = registration(&format!("n{n}@example.com"), &format!("name{n}"));
        body["givenName"] = json!(name);
        let answer = app.request(Method::POST, "/v1/register").json(&body).send().await.expect(201);
        let read = app.get(&format!("/v1/profiles/{}", answer.id())).await.expect(200);
        assert_eq!(read.json()["givenName"], json!(name));
    }
}

#[tokio::test]
async fn names_that_show_something_else_are_refused() {
    let app = TestApp::start().await;
    for name in ["Kim\u{202e}nasraL", "Kim\u{2028}Larsen", "Ki\u{200b}m", "\u{3164}"] {
        let mut body = registration("kim@example.com", "kimmy");
        body["familyName"] = json!(name);
        let refused = app.request(Method::POST, "/v1/register").json(&body).send().await;
        refused.refused(422, "invalid-body", &["/familyName"]);
    }
}

#[tokio::test]
async fn a_letter_that_only_looks_alike_finds_nobody_else() {
    let app = TestApp::start().await;
    app.register("m\u{131}ke@example.com", "dotless").await.expect(201);
    let found = app.get("/v1/profiles?email=mike@example.com").await.expect(200).json();
    assert_eq!(found["items"], json!([]));
    app.register("jose\u{301}@example.com", "decomposed").await.expect(201);
    app.register("jos\u{e9}@example.com", "composed").await.refused(
        409,
        "already-taken",
        &["/account/emailAddress"],
    );
}
