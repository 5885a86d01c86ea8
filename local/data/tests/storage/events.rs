//! Events about blobs, from the write to the acknowledgement.

use std::time::Duration;

use local_data::{BlobEvent, Options};
use reqwest::Method;

use crate::account::{Account, answer};

const DEADLINE: Duration = Duration::from_secs(10);

async fn next(account: &Account) -> BlobEvent {
    tokio::time::timeout(DEADLINE, account.services.blob_events().next()).await.expect("an event")
}

fn options() -> Options {
    Options { blob_events: true, ..Options::ephemeral() }
}

#[tokio::test]
async fn a_created_blob_is_told_in_event_grid_s_schema() {
    let account = Account::start(options()).await;
    account.create_container("uploads").await;
    let put = account.put("uploads/dir%2Fa%20b.jpg", "hello").header("content-type", "image/jpeg");
    let written = answer(put.header("x-ms-client-request-id", "mine")).await;
    let event = next(&account).await;
    assert_eq!(
        (event.container.as_str(), event.event_type.as_str()),
        ("uploads", "Microsoft.Storage.BlobCreated")
    );
    let told = &event.event;
    assert_eq!(told["subject"], "/blobServices/default/containers/uploads/blobs/dir/a b.jpg");
    assert!(told["topic"].as_str().unwrap().ends_with("/storageAccounts/devstoreaccount1"));
    assert_eq!(
        (&told["eventType"], &told["metadataVersion"]),
        (&"Microsoft.Storage.BlobCreated".into(), &"1".into())
    );
    let data = &told["data"];
    assert_eq!((&data["api"], &data["blobType"]), (&"PutBlob".into(), &"BlockBlob".into()));
    assert_eq!((&data["contentType"], &data["contentLength"]), (&"image/jpeg".into(), &5.into()));
    assert_eq!(data["eTag"].as_str().unwrap(), written.header("etag").trim_matches('"'));
    assert_eq!(data["url"], format!("{}/uploads/dir/a%20b.jpg", account.services.blob_url()));
    assert_eq!(
        (&data["requestId"], &data["clientRequestId"]),
        (&written.header("x-ms-request-id").into(), &"mine".into())
    );
}

#[tokio::test]
async fn each_way_to_make_a_blob_is_told_in_order() {
    let account = Account::start(options()).await;
    account.create_container("uploads").await;
    answer(account.put("uploads/a", "x")).await;
    answer(account.blob(Method::PUT, "uploads/b?comp=block&blockid=AAAA").body("y")).await;
    let list = "<BlockList><Latest>AAAA</Latest></BlockList>";
    answer(account.blob(Method::PUT, "uploads/b?comp=blocklist").body(list)).await;
    let source = format!("{}/uploads/a?{}", account.services.blob_url(), account.sas);
    answer(account.blob(Method::PUT, "uploads/c").header("x-ms-copy-source", source)).await;
    answer(account.blob(Method::PUT, "uploads/a?comp=metadata").header("x-ms-meta-k", "v")).await;
    answer(account.blob(Method::DELETE, "uploads/a")).await;
    let mut told = Vec::new();
    let mut sequencers = Vec::new();
    for _ in 0..4 {
        let event = next(&account).await;
        let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
        told.push(text(&event.event["data"]["api"]));
        sequencers.push(text(&event.event["data"]["sequencer"]));
        account.services.blob_events().acknowledge(event.id);
    }
    assert_eq!(told, ["PutBlob", "PutBlockList", "CopyBlob", "DeleteBlob"]);
    assert!(sequencers.is_sorted(), "{sequencers:?}");
    assert_eq!(account.services.blob_events().waiting(), 0);
}

#[tokio::test]
async fn what_was_not_acknowledged_is_told_again_after_a_restart() {
    let directory = tempfile::tempdir().unwrap();
    let options = || Options { data: Some(directory.path().to_owned()), ..options() };
    let account = Account::start(options()).await;
    account.create_container("uploads").await;
    for name in ["a", "b", "c"] {
        answer(account.put(&format!("uploads/{name}"), "x")).await;
    }
    let (first, second) = (next(&account).await, next(&account).await);
    account.services.blob_events().acknowledge(second.id);
    account.services.stop().await;

    let account = Account::start(options()).await;
    assert_eq!(next(&account).await, first);
    assert_eq!(
        next(&account).await.event["subject"],
        "/blobServices/default/containers/uploads/blobs/c"
    );
    assert_eq!(account.services.blob_events().waiting(), 2);
}

#[tokio::test]
async fn nothing_is_recorded_for_nobody() {
    let account = Account::empty().await;
    account.create_container("uploads").await;
    answer(account.put("uploads/a", "x")).await;
    assert_eq!(account.services.blob_events().waiting(), 0);
}
