//! Uploads that are not what they should be: each is refused with a code that stays.

use crate::support::{Scene, TestApp};
use image::ImageFormat;
use pretty_assertions::assert_eq;

/// Uploads the file as a JPEG and reads the code.
async fn code(app: &TestApp, file: Vec<u8>) -> String {
    let photo = app.uploaded_until(file, "rejected").await;
    let id = photo["id"].as_str().unwrap();
    app.expect_hidden(id).await;
    app.appeal(id).await.refused(409, "not-appealable", &[]);
    app.eventually("everything of it to be gone", || async {
        app.blobs(id).await.is_empty().then_some(())
    })
    .await;
    photo["reason"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_file_that_is_no_picture_is_refused_with_its_code() {
    let app = TestApp::start().await;
    let jpeg = Scene::harmless(1).jpeg();
    assert_eq!(
        code(&app, b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec()).await,
        "unsupported-format"
    );
    assert_eq!(code(&app, b"hello, I am a picture".to_vec()).await, "not-an-image");
    assert_eq!(code(&app, jpeg[..jpeg.len() / 2].to_vec()).await, "truncated");
    assert_eq!(code(&app, Scene::harmless(1).encoded(ImageFormat::Png)).await, "type-mismatch");
    assert_eq!(
        code(&app, [&jpeg[..], b"PK\x03\x04 and an archive"].concat()).await,
        "trailing-data"
    );
    assert_eq!(code(&app, Scene::harmless(1).sized(20, 20).jpeg()).await, "too-small");
    assert_eq!(app.content_safety().requests(), 0, "none of them is worth asking");
}

#[tokio::test]
async fn an_upload_that_is_not_what_the_ticket_says_is_refused() {
    let app = TestApp::start().await;
    let jpeg = Scene::harmless(1).jpeg();
    let ticket = app.ticket("image/jpeg", jpeg.len() + 1).await;
    assert_eq!(app.send(&ticket, jpeg.clone()).await, 201);
    assert_eq!(app.wait_for(&ticket.id, "rejected").await["reason"], "length-mismatch");
    let ticket = app.ticket("image/jpeg", jpeg.len()).await;
    if app.send_as(&ticket, "image/png", jpeg).await == 201 {
        assert_eq!(app.wait_for(&ticket.id, "rejected").await["reason"], "type-mismatch");
    }
}

#[tokio::test]
async fn an_upload_larger_than_any_ticket_is_never_read() {
    let app = TestApp::start().await;
    let ticket = app.ticket("image/jpeg", 1_000).await;
    assert_eq!(app.send(&ticket, vec![0xff; 13 * 1024 * 1024]).await, 201);
    assert_eq!(app.wait_for(&ticket.id, "rejected").await["reason"], "too-many-bytes");
}
