//! What the bank said is nowhere, in the middle and at the end.

use crate::support::TestApp;
use pretty_assertions::assert_eq;
use serde_json::Value;

const CONTAINERS: [&str; 6] =
    ["assessments", "consents", "partners", "reviews", "requests", "dead-letters"];

#[tokio::test(flavor = "multi_thread")]
async fn no_name_number_or_text_of_the_bank_and_no_token_is_in_any_document() {
    let app = TestApp::start().await;
    let token = app.token("joint").await;
    let body = serde_json::json!({ "bankToken": token, "customerReference": "marked-reference" });
    let id = app.begun(&body).await;
    app.is(&id, "scored").await;
    app.granted("another-marked-reference", "salaried").await;
    let markers = app.look_at_bank("markers").await;
    let mut words = Vec::new();
    collect(&markers, &mut words);
    assert!(words.len() > 10, "{markers}");
    words.push(token);
    words.push("marked-reference".to_owned());
    for container in CONTAINERS {
        let all = Value::from(app.documents(container).all().await).to_string();
        for word in &words {
            assert!(!all.contains(word.as_str()), "{container} says {word}");
        }
    }
    let shown = app.read(&format!("assessments/{id}")).await;
    assert_eq!(shown["customerReference"], "marked-reference", "who has the key reads it");
}

/// All texts that tell of somebody: long enough not to be met by chance.
pub(crate) fn collect(value: &Value, words: &mut Vec<String>) {
    match value {
        Value::String(text) if text.chars().count() >= 6 => words.push(text.clone()),
        Value::Array(list) => list.iter().for_each(|one| collect(one, words)),
        Value::Object(members) => members.values().for_each(|one| collect(one, words)),
        _ => {}
    }
}
