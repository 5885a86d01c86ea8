use crate::support::{KIM, TestApp};
use futures::future::join_all;
use pretty_assertions::assert_eq;
use serde_json::Value;
use std::collections::HashSet;

async fn register(app: &TestApp, prefix: &str, count: usize) -> Vec<String> {
    let names: Vec<String> = (0..count).map(|n| format!("{prefix}{n}")).collect();
    let mut ids = Vec::new();
    for some in names.chunks(20) {
        let answers = join_all(some.iter().map(|name| async move {
            app.register(&format!("{name}@example.com"), name).await.expect(201).id()
        }));
        ids.extend(answers.await);
    }
    ids
}

#[tokio::test]
async fn a_list_is_read_to_its_end_while_others_write() {
    let app = TestApp::start().await;
    let before = register(&app, "early", 60).await;
    let (mut seen, mut pages, mut next) = (Vec::new(), 0, String::new());
    loop {
        let page = app.get(&format!("/v1/profiles?limit=10{next}")).await.expect(200).json();
        let items = page["items"].as_array().unwrap();
        assert!(items.len() <= 10);
        seen.extend(items.iter().map(|profile| profile["id"].as_str().unwrap().to_owned()));
        pages += 1;
        // Others register and leave between any two pages.
        register(&app, &format!("late{pages}x"), 2).await;
        if pages == 2 {
            app.delete(&format!("/v1/profiles/{}", before[59])).await.expect(204);
        }
        match &page["continuation"] {
            Value::String(continuation) => next = format!("&continuation={continuation}"),
            _ => break,
        }
    }
    let distinct: HashSet<&String> = seen.iter().collect();
    assert_eq!(distinct.len(), seen.len(), "nobody is listed twice");
    let missing: Vec<&String> = before[..59].iter().filter(|id| !distinct.contains(id)).collect();
    assert!(missing.is_empty(), "{missing:?}");
    assert!(seen.is_sorted(), "in the order of registration");
}

#[tokio::test]
async fn the_last_page_says_so_even_if_it_is_full() {
    let app = TestApp::start().await;
    let all = app.get("/v1/services?limit=5").await.expect(200).json();
    assert_eq!((all["items"].as_array().unwrap().len(), &all["continuation"]), (5, &Value::Null));
    let first = app.get("/v1/services?limit=4").await.expect(200).json();
    let rest =
        format!("/v1/services?limit=4&continuation={}", first["continuation"].as_str().unwrap());
    let rest = app.get(&rest).await.expect(200).json();
    assert_eq!(rest["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn limits_and_continuations_that_make_no_sense_are_refused() {
    let app = TestApp::start().await;
    for limit in ["0", "101", "-1", "ten", "1.5", ""] {
        let answer = app.get(&format!("/v1/profiles?limit={limit}")).await;
        answer.refused(400, "invalid-parameter", &["limit"]);
    }
    for token in ["x", "AAAA", ""] {
        let answer = app.get(&format!("/v1/services?continuation={token}")).await;
        answer.refused(400, "invalid-parameter", &["continuation"]);
    }
    // The token of one list does not open another.
    let services = app.get("/v1/services?limit=1").await.json();
    let token = services["continuation"].as_str().unwrap();
    app.get(&format!("/v1/profiles?continuation={token}")).await.refused(
        400,
        "invalid-parameter",
        &["continuation"],
    );
    app.get(&format!("/v1/profiles/{KIM}/subscriptions?continuation={token}")).await.refused(
        400,
        "invalid-parameter",
        &["continuation"],
    );
}

#[tokio::test]
async fn unknown_and_repeated_parameters_are_refused() {
    let app = TestApp::start().await;
    app.get("/v1/profiles?offset=3").await.refused(400, "invalid-parameter", &["offset"]);
    app.get("/v1/profiles?limit=1&limit=2").await.refused(400, "invalid-parameter", &["limit"]);
    app.get("/v1/profiles?email=kim").await.refused(400, "invalid-parameter", &["email"]);
    app.get("/v1/profiles?email=kim@example.com&userName=kim").await.refused(
        400,
        "invalid-parameter",
        &["userName"],
    );
}
