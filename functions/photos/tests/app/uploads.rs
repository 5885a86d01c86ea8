//! From an upload to a photo that can be seen.

use crate::support::{KIM, Scene, TestApp, VARIANTS, with_exif};
use image::ImageFormat;
use pretty_assertions::assert_eq;
use serde_json::json;

#[tokio::test]
async fn an_upload_is_approved_and_shown_without_its_metadata() {
    let app = TestApp::start().await;
    let secret = "GPS 55.6761 N 12.5683 E";
    let jpeg = with_exif(&Scene::harmless(1).sized(2_000, 1_000).jpeg(), secret);
    let photo = app.uploaded_until(jpeg, "approved").await;
    assert_eq!((&photo["width"], &photo["height"]), (&json!(2_000), &json!(1_000)));
    assert_eq!(photo["reason"], json!(null));
    assert!(photo["blurhash"].is_string() && photo["decidedAt"].is_string(), "{photo}");
    let id = photo["id"].as_str().unwrap();
    for (variant, width) in [("original", 2_000), ("large", 1_600), ("thumb", 320)] {
        let content = app.content(id, variant).await.expect(200);
        let shown = image::load_from_memory(&content.body).unwrap();
        assert_eq!(shown.width(), width, "{variant}");
        let found = content.body.windows(6).any(|part| part == &secret.as_bytes()[..6]);
        assert!(!found, "{variant} has the metadata");
    }
    assert_eq!(
        app.blobs(id).await.iter().filter(|blob| blob.starts_with("photo-published")).count(),
        3
    );
}

#[tokio::test]
async fn every_format_is_taken() {
    let app = TestApp::start().await;
    for (seed, format, content_type) in [
        (0, ImageFormat::Png, "image/png"),
        (1, ImageFormat::WebP, "image/webp"),
        (2, ImageFormat::Gif, "image/gif"),
    ] {
        let file = Scene::harmless(seed).encoded(format);
        let id = app.upload(content_type, file).await;
        app.wait_for(&id, "approved").await;
        app.content(&id, "thumb").await.expect(200);
    }
}

#[tokio::test]
async fn an_upload_through_the_api_goes_the_same_way() {
    let app = TestApp::start().await;
    let jpeg = Scene::harmless(1).jpeg();
    let ticket = app.ticket("image/jpeg", jpeg.len()).await;
    app.put(&ticket.id, "image/png", jpeg.clone()).await.refused(
        422,
        "upload-differs",
        &["Content-Type"],
    );
    let short = jpeg[1..].to_vec();
    app.put(&ticket.id, "image/jpeg", short).await.refused(
        422,
        "upload-differs",
        &["Content-Length"],
    );
    app.put(&ticket.id, "image/jpeg", jpeg.clone()).await.expect(202);
    app.wait_for(&ticket.id, "approved").await;
    let other = Scene::harmless(2).jpeg();
    app.put(&ticket.id, "image/jpeg", other).await.refused(409, "upload-not-expected", &[]);
    let huge = vec![0; 6 * 1024 * 1024 + 1];
    app.put(&ticket.id, "image/jpeg", huge).await.refused(413, "content-too-large", &[]);
}

#[tokio::test]
async fn what_content_safety_doubts_a_person_decides_and_nobody_sees() {
    let app = TestApp::start().await;
    let photo = app.uploaded_until(Scene::doubtful(1).jpeg(), "review").await;
    assert_eq!((&photo["reason"], &photo["blurhash"]), (&json!("content-violence"), &json!(null)));
    let id = photo["id"].as_str().unwrap();
    app.expect_hidden(id).await;
    let document = app.document(id).await.unwrap();
    assert_eq!(document["severities"]["Violence"], 2);
    let case = app.eventually("the case", || app.document_in("cases", id, id)).await;
    assert_eq!(case["photoId"], id);
    for variant in VARIANTS {
        assert!(app.blobs(id).await.contains(&format!("photo-quarantine/{variant}")));
    }
}

#[tokio::test]
async fn what_was_rejected_is_recognised_without_asking_again() {
    let app = TestApp::start().await;
    let scene = Scene::terrible(7).sized(800, 600);
    let photo = app.uploaded_until(scene.jpeg(), "rejected").await;
    assert_eq!(photo["reason"], "content-violence");
    app.expect_hidden(photo["id"].as_str().unwrap()).await;
    app.eventually("the picture to be remembered", || async {
        let document = app.document(photo["id"].as_str().unwrap()).await.unwrap();
        (document["duties"] == json!([])).then_some(())
    })
    .await;
    let asked = app.content_safety().requests();
    // The same picture in another format: other bytes, the same perceptual hash.
    let id = app.upload("image/png", scene.encoded(ImageFormat::Png)).await;
    let photo = app.wait_for(&id, "rejected").await;
    assert_eq!(photo["reason"], "known-image");
    assert_eq!(app.content_safety().requests(), asked);
}

#[tokio::test]
async fn the_history_says_who_when_why_and_by_which_model() {
    let app = TestApp::start().await;
    let photo = app.uploaded_until(Scene::doubtful(3).jpeg(), "review").await;
    let document = app.document(photo["id"].as_str().unwrap()).await.unwrap();
    let history = document["history"].as_array().unwrap();
    let way: Vec<_> = history.iter().map(|entry| entry["to"].as_str().unwrap()).collect();
    assert_eq!(way, ["awaiting-upload", "checking", "review"]);
    assert_eq!(
        (&history[2]["by"]["kind"], &history[2]["why"], &history[2]["from"]),
        (&json!("pipeline"), &json!("content-violence"), &json!("checking"))
    );
    assert!(history[2]["model"].as_str().unwrap().contains("2024-09-01"), "{document}");
    assert_eq!(document["profileId"], KIM);
}
