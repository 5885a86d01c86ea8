//! What the machine does to the decoding of a picture is not the picture's fault.

use crate::support::{Scene, TestApp};
use image::ImageFormat;
use pretty_assertions::assert_eq;
use serde_json::json;
use std::time::Duration;

/// A picture that takes long enough to find the process that decodes it.
fn slow(seed: u32) -> Vec<u8> {
    Scene::harmless(seed).sized(5_000, 4_000).encoded(ImageFormat::Png)
}

/// Kills the processes that decode a picture for this app now; whether there were any.
fn kill_decoders(app: &TestApp) -> bool {
    let mut killed = false;
    for handler in app.host().handler_pids("photos") {
        let threads = std::fs::read_dir(format!("/proc/{handler}/task"));
        for thread in threads.into_iter().flatten().flatten() {
            let children = std::fs::read_to_string(thread.path().join("children"));
            for child in children.unwrap_or_default().split_whitespace() {
                let command = std::fs::read(format!("/proc/{child}/cmdline")).unwrap_or_default();
                if command.windows(8).any(|part| part == b"--decode") {
                    let kill = std::process::Command::new("kill").args(["-KILL", child]).status();
                    killed |= kill.unwrap().success();
                }
            }
        }
    }
    killed
}

#[tokio::test]
async fn a_photo_whose_decoding_was_killed_is_checked_again() {
    let app = TestApp::start().await;
    let id = app.upload("image/png", slow(1)).await;
    app.eventually("a process that decodes", async || kill_decoders(&app).then_some(())).await;
    let approved = async || {
        let document = app.document(&id).await?;
        (document["state"] == "approved").then_some(())
    };
    app.eventually_with_time("the photo to be approved", Duration::from_secs(5), approved).await;
}

#[tokio::test]
async fn a_photo_whose_decoding_is_killed_every_time_goes_to_a_person() {
    // Long before the time for checking is over.
    let app = TestApp::start_with(&[("MAX_CHECKING", "PT24H")]).await;
    let id = app.upload("image/png", slow(2)).await;
    let given_up = async || {
        kill_decoders(&app);
        let document = app.document(&id).await?;
        (document["state"] != "awaiting-upload" && document["state"] != "checking")
            .then_some(document)
    };
    let step = Duration::from_secs(30);
    let document = app.eventually_with_time("a person to look at it", step, given_up).await;
    assert_eq!(
        (&document["state"], &document["reason"]),
        (&json!("review"), &json!("not-processed"))
    );
    app.settled(&id).await;
    assert_eq!(app.blobs(&id).await, ["photo-uploads"], "the upload stays for the person");
}
