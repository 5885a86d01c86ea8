//! Showing an approved photo.

use crate::support::{Scene, TestApp};
use pretty_assertions::assert_eq;
use reqwest::Method;

#[tokio::test]
async fn a_picture_has_a_version_and_may_be_kept_by_its_reader_only() {
    let app = TestApp::start().await;
    let photo = app.uploaded_until(Scene::harmless(1).jpeg(), "approved").await;
    let path = format!("/v1/photos/{}/content/large", photo["id"].as_str().unwrap());
    let whole = app.get(&path).await.expect(200);
    assert_eq!(whole.header("content-type"), Some("image/jpeg"));
    assert_eq!(whole.header("cache-control"), Some("private, max-age=86400"));
    assert_eq!(whole.header("x-content-type-options"), Some("nosniff"));
    let again = app.request(Method::GET, &path).header("if-none-match", whole.etag()).send().await;
    assert_eq!(again.expect(304).etag(), whole.etag());
    let head = app.request(Method::HEAD, &path).send().await.expect(200);
    let length = whole.body.len().to_string();
    assert_eq!((head.etag(), head.header("content-length")), (whole.etag(), Some(length.as_str())));
}

#[tokio::test]
async fn parts_of_a_picture_can_be_asked_for() {
    let app = TestApp::start().await;
    let photo = app.uploaded_until(Scene::harmless(1).jpeg(), "approved").await;
    let path = format!("/v1/photos/{}/content/original", photo["id"].as_str().unwrap());
    let whole = app.get(&path).await.expect(200);
    let length = whole.body.len();
    let ask = |range: &str| app.request(Method::GET, &path).header("range", range).send();
    let part = ask("bytes=10-19").await.expect(206);
    assert_eq!(part.body, whole.body[10..20]);
    assert_eq!(part.header("content-range"), Some(format!("bytes 10-19/{length}").as_str()));
    assert_eq!(ask("bytes=-5").await.expect(206).body, whole.body[length - 5..]);
    assert_eq!(ask("bytes=0-1,4-5").await.expect(200).body, whole.body);
    let beyond = ask(&format!("bytes={length}-")).await;
    let beyond = beyond.refused(416, "range-not-satisfiable", &["Range"]);
    assert_eq!(beyond.header("content-range"), Some(format!("bytes */{length}").as_str()));
    let other = app.request(Method::GET, &path).header("range", "bytes=1-2");
    let other = other.header("if-range", "\"another\"").send().await;
    assert_eq!(other.expect(200).body, whole.body);
}

#[tokio::test]
async fn what_does_not_exist_is_not_found_at_every_url() {
    let app = TestApp::start().await;
    let nobody = "01980c6e-2222-7000-8000-00000000000f";
    app.expect_hidden(nobody).await;
    app.photo(nobody).await.refused(404, "no-such-photo", &[]);
    app.delete(&format!("/v1/photos/{nobody}")).await.refused(404, "no-such-photo", &[]);
    app.appeal(nobody).await.refused(404, "no-such-photo", &[]);
    app.content(nobody, "huge").await.refused(400, "invalid-parameter", &["variant"]);
    app.photo("7").await.refused(400, "invalid-parameter", &["photoId"]);
    app.get("/v1/photos/x/y/z").await.refused(404, "not-found", &[]);
}
