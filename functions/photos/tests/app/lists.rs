//! The photos of a profile.

use crate::support::{KIM, TestApp};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};

fn ids(page: &Value) -> Vec<String> {
    let items = page["items"].as_array().unwrap();
    items.iter().map(|photo| photo["id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn photos_are_listed_page_by_page_in_the_order_of_their_tickets() {
    let app = TestApp::start().await;
    let mut asked = Vec::new();
    for _ in 0..5 {
        asked.push(app.ticket("image/jpeg", 10).await.id);
    }
    app.delete(&format!("/v1/photos/{}", asked.remove(1))).await.expect(204);
    let path = format!("/v1/profiles/{KIM}/photos?limit=3");
    let first = app.get(&path).await.expect(200).json();
    let rest = format!("{path}&continuation={}", first["continuation"].as_str().unwrap());
    let rest = app.get(&rest).await.expect(200).json();
    assert_eq!([ids(&first), ids(&rest)].concat(), asked);
    assert_eq!(rest["continuation"], json!(null));
    app.get(&format!("{path}&continuation=x")).await.refused(
        400,
        "invalid-parameter",
        &["continuation"],
    );
    let nobody = app.get("/v1/profiles/01980c6e-1111-7000-8000-00000000000f/photos").await;
    assert_eq!(nobody.expect(200).json(), json!({"items": [], "continuation": null}));
}
