//! Somebody who tries to see a photo that is not approved, at every moment and every URL.

use crate::support::{Answer, Scene, TestApp, VARIANTS};
use futures::future::join_all;
use serde_json::json;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// Readers that try at the same time.
const READERS: usize = 4;

/// Reads the photo's content until it is told to stop; how often it was served.
async fn try_to_see(app: &TestApp, id: &str, stop: &AtomicBool, judge: impl Fn(&Answer)) -> usize {
    let mut served = 0;
    while !stop.load(Ordering::SeqCst) {
        for variant in VARIANTS {
            let answer = app.content(id, variant).await;
            match answer.status {
                200 => {
                    served += 1;
                    judge(&answer);
                }
                404 => {}
                other => panic!("{other}: {answer:?}"),
            }
        }
    }
    served
}

#[tokio::test]
async fn no_reader_sees_a_photo_that_ends_in_review_or_rejected() {
    let app = TestApp::start().await;
    for (scene, end) in [(Scene::doubtful(1), "review"), (Scene::terrible(2), "rejected")] {
        let jpeg = scene.jpeg();
        let ticket = app.ticket("image/jpeg", jpeg.len()).await;
        let stop = AtomicBool::new(false);
        let never = |answer: &Answer| panic!("served: {answer:?}");
        let readers = (0..READERS).map(|_| try_to_see(&app, &ticket.id, &stop, never));
        let upload = async {
            assert_eq!(app.send(&ticket, jpeg).await, 201);
            app.wait_for(&ticket.id, end).await;
            if end == "rejected" {
                app.appeal(&ticket.id).await.expect(202);
            }
            app.sweep(&ticket.id).await;
            stop.store(true, Ordering::SeqCst);
        };
        futures::join!(join_all(readers), upload);
    }
}

#[tokio::test]
async fn a_reader_sees_a_photo_from_its_approval_to_its_undoing_and_no_longer() {
    let app = TestApp::start().await;
    let jpeg = Scene::harmless(1).jpeg();
    let ticket = app.ticket("image/jpeg", jpeg.len()).await;
    let (stop, undone) = (AtomicBool::new(false), AtomicBool::new(false));
    let seen = AtomicUsize::new(0);
    let read = async {
        while !stop.load(Ordering::SeqCst) {
            let too_late = undone.load(Ordering::SeqCst);
            let before = app.photo(&ticket.id).await.expect(200).json();
            let answer = app.content(&ticket.id, "original").await;
            let after = app.photo(&ticket.id).await.expect(200).json();
            if answer.status == 200 {
                seen.fetch_add(1, Ordering::SeqCst);
                assert!(!too_late, "served after the undo was stored");
                let approved = [&before, &after].iter().any(|photo| photo["state"] == "approved");
                assert!(approved, "served between {before} and {after}");
            }
        }
    };
    let happen = async {
        assert_eq!(app.send(&ticket, jpeg).await, 201);
        app.wait_for(&ticket.id, "approved").await;
        app.eventually("somebody to see it", || async {
            (seen.load(Ordering::SeqCst) > 2).then_some(())
        })
        .await;
        // What a moderator's undo writes.
        app.change_document(&ticket.id, &json!({"state": "review", "reason": "not-checked"})).await;
        undone.store(true, Ordering::SeqCst);
        app.sweep(&ticket.id).await;
        app.eventually("the photo to be looked after", || async {
            let document = app.document(&ticket.id).await.unwrap();
            (document["sweepAfter"].as_i64() > Some(0)).then_some(())
        })
        .await;
        app.expect_hidden(&ticket.id).await;
        stop.store(true, Ordering::SeqCst);
    };
    futures::join!(read, happen);
}

#[tokio::test]
async fn a_photo_deleted_at_any_moment_never_comes_back() {
    let app = TestApp::start().await;
    for seed in 0..6 {
        let jpeg = Scene::harmless(seed).jpeg();
        let ticket = app.ticket("image/jpeg", jpeg.len()).await;
        assert_eq!(app.send(&ticket, jpeg).await, 201);
        // Each time a little later in the pipeline.
        for _ in 0..seed * 3 {
            app.photo(&ticket.id).await.expect(200);
        }
        app.delete(&format!("/v1/photos/{}", ticket.id)).await.expect(204);
        app.expect_hidden(&ticket.id).await;
        app.eventually("every blob to be gone", || async {
            app.blobs(&ticket.id).await.is_empty().then_some(())
        })
        .await;
        app.expect_hidden(&ticket.id).await;
        assert_eq!(app.document(&ticket.id).await.unwrap()["state"], "erased");
    }
}
