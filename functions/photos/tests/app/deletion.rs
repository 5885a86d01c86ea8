//! Deleting a photo.

use crate::support::{Scene, TestApp};
use serde_json::json;

#[tokio::test]
async fn a_deleted_photo_is_gone_with_everything_that_showed_it() {
    let app = TestApp::start().await;
    let photo = app.uploaded_until(Scene::harmless(1).jpeg(), "approved").await;
    let id = photo["id"].as_str().unwrap();
    let known = app.content(id, "thumb").await.expect(200);
    app.delete(&format!("/v1/photos/{id}")).await.expect(204);
    app.expect_hidden(id).await;
    let path = format!("/v1/photos/{id}/content/thumb");
    let again = app.request(reqwest::Method::GET, &path).header("if-none-match", known.etag());
    again.send().await.refused(404, "no-such-photo", &[]);
    app.photo(id).await.refused(404, "no-such-photo", &[]);
    assert_eq!(app.blobs(id).await, Vec::<String>::new());
    app.delete(&format!("/v1/photos/{id}")).await.expect(204);
    let document = app.document(id).await.unwrap();
    assert_eq!((&document["picture"], &document["state"]), (&json!(null), &json!("erased")));
}

#[tokio::test]
async fn an_upload_for_a_deleted_photo_is_thrown_away() {
    let app = TestApp::start().await;
    let jpeg = Scene::harmless(1).jpeg();
    let ticket = app.ticket("image/jpeg", jpeg.len()).await;
    app.delete(&format!("/v1/photos/{}", ticket.id)).await.expect(204);
    assert_eq!(app.send(&ticket, jpeg).await, 201, "the URL itself lives on");
    app.eventually("the upload to be thrown away", || async {
        app.blobs(&ticket.id).await.is_empty().then_some(())
    })
    .await;
    app.photo(&ticket.id).await.expect(404);
}
