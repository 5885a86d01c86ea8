//! Documents as earlier versions wrote them, and as instances of the version before read them during a deployment.

use crate::support::{KIM, TestApp, erased};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};

const FIRST: &str = "2026-03-01T08:00:00Z";

#[tokio::test]
async fn whom_an_earlier_version_erased_gets_no_ticket() {
    let app = TestApp::start().await;
    let record = json!({
        "id": "erasure", "kind": "erasure", "profileId": KIM, "erasedAt": FIRST, "startedAt": FIRST,
        "completedAt": FIRST, "photos": [], "strayUploads": 0,
    });
    app.documents("photos").put(KIM, &record).await;
    app.ask("image/jpeg", 10).await.refused(404, "no-such-profile", &[]);
}

#[tokio::test]
async fn an_erasure_that_an_earlier_version_began_is_finished() {
    let app = TestApp::start().await;
    let waiting = app.ticket("image/jpeg", 10).await;
    let record = json!({
        "id": "erasure", "kind": "erasure", "profileId": KIM, "erasedAt": FIRST, "startedAt": FIRST,
        "completedAt": null, "strayUploads": 0,
        "photos": [{"photoId": KIM, "at": FIRST, "uploads": 1, "quarantine": 0, "published": 3, "cases": 0}],
    });
    app.documents("photos").put(KIM, &record).await;
    app.invoke("erase", &erased(KIM)).await;
    let record = app
        .eventually("the erasure to be complete", async || {
            let record = app.document("erasure").await?;
            record["completedAt"].is_string().then_some(record)
        })
        .await;
    assert_eq!(
        (&record["removed"]["photos"], &record["removed"]["published"]),
        (&json!(2), &json!(3))
    );
    assert_eq!(app.document("gate").await.unwrap()["closed"], true);
    assert_eq!(app.document(&waiting.id).await.unwrap()["state"], "erased");
}

/// Whoever finds a document of this id takes the profile for erased, or cannot read it.
#[tokio::test]
async fn an_open_gate_is_no_document_that_an_earlier_version_takes_for_an_erasure() {
    let app = TestApp::start().await;
    let open = json!({"id": "erasure", "kind": "open", "profileId": KIM});
    app.documents("photos").put(KIM, &open).await;
    app.ticket("image/jpeg", 10).await;
    assert_eq!(app.document("erasure").await, None);
    assert_eq!(app.document("gate").await.unwrap()["closed"], false);
    app.documents("photos").put(KIM, &open).await;
    app.invoke("erase", &erased(KIM)).await;
    app.eventually("the erasure to be complete", async || {
        app.document("erasure").await?["completedAt"].is_string().then_some(())
    })
    .await;
    app.ask("image/jpeg", 10).await.refused(404, "no-such-profile", &[]);
}

#[tokio::test]
async fn a_photo_that_an_earlier_version_wrote_is_shown_and_erased() {
    let app = TestApp::start().await;
    let id = app.ticket("image/jpeg", 10).await.id;
    let mut photo = app.document(&id).await.unwrap();
    let checking = json!({"since": FIRST, "attempts": 1, "leasedUntil": null});
    let hash = json!({"hash": "0".repeat(64), "quality": 100});
    let stored =
        json!({"contentType": "image/jpeg", "bytes": 1, "width": 60, "height": 50, "digest": "0"});
    photo["checking"] = checking;
    photo["picture"] = json!({
        "format": "image/jpeg", "original": stored, "large": stored, "thumb": stored,
        "blurhash": "LEHV6nWB2yk8", "hashes": [hash],
    });
    photo["state"] = json!("checking");
    for member in ["uploadDigest", "sweepFailures"] {
        assert_eq!(photo.as_object_mut().unwrap().remove(member), None::<Value>);
    }
    app.documents("photos").put(KIM, &photo).await;
    assert_eq!(app.photo(&id).await.expect(200).json()["width"], 60);
    app.delete(&format!("/v1/photos/{id}")).await.expect(204);
    assert_eq!(app.document(&id).await.unwrap()["state"], "erased");
}
