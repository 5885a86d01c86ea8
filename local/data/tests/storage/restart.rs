//! A data directory outlives the run.

use std::{path::Path, time::Duration};

use local_data::Options;
use reqwest::Method;

use crate::account::{Account, answer};

fn options(directory: &Path) -> Options {
    Options { data: Some(directory.to_owned()), ..Options::ephemeral() }
}

fn files(directory: &Path) -> usize {
    let folders = std::fs::read_dir(directory.join("blobs")).unwrap();
    folders.map(|folder| std::fs::read_dir(folder.unwrap().path()).unwrap().count()).sum()
}

#[tokio::test]
async fn queues_and_messages_are_there_again() {
    let directory = tempfile::tempdir().unwrap();
    let account = Account::start(options(directory.path())).await;
    answer(account.message(Method::PUT, "jobs").header("x-ms-meta-owner", "checks")).await;
    answer(account.message(Method::PUT, "deleted")).await;
    let send = |text: &str| {
        let body = format!("<QueueMessage><MessageText>{text}</MessageText></QueueMessage>");
        answer(account.message(Method::POST, "jobs/messages").body(body))
    };
    for text in ["one", "two", "three"] {
        send(text).await;
    }
    let held = answer(account.message(Method::GET, "jobs/messages?visibilitytimeout=600")).await;
    answer(account.message(Method::DELETE, "deleted")).await;
    account.services.stop().await;

    let account = Account::start(options(directory.path())).await;
    let described = answer(account.message(Method::GET, "jobs?comp=metadata")).await;
    assert_eq!(described.header("x-ms-meta-owner"), "checks");
    assert_eq!(described.header("x-ms-approximate-messages-count"), "3");
    let peek = "jobs/messages?peekonly=true&numofmessages=32";
    assert_eq!(
        answer(account.message(Method::GET, peek)).await.elements("MessageText"),
        ["two", "three"]
    );
    let receipt = held.element("PopReceipt").replace('+', "%2B");
    let path = format!("jobs/messages/{}?popreceipt={receipt}", held.element("MessageId"));
    assert_eq!(answer(account.message(Method::DELETE, &path)).await.status, 204);
    assert_eq!(answer(account.message(Method::GET, "deleted?comp=metadata")).await.status, 404);
    account.services.clock().advance(Duration::from_secs(700));
    assert_eq!(
        answer(account.message(Method::GET, peek)).await.elements("MessageText"),
        ["two", "three"]
    );
}

#[tokio::test]
async fn a_cleared_queue_stays_clear() {
    let directory = tempfile::tempdir().unwrap();
    let account = Account::start(options(directory.path())).await;
    answer(account.message(Method::PUT, "jobs")).await;
    let body = "<QueueMessage><MessageText>x</MessageText></QueueMessage>";
    answer(account.message(Method::POST, "jobs/messages").body(body)).await;
    answer(account.message(Method::DELETE, "jobs/messages")).await;
    account.services.stop().await;
    let account = Account::start(options(directory.path())).await;
    let described = answer(account.message(Method::GET, "jobs?comp=metadata")).await;
    assert_eq!(described.header("x-ms-approximate-messages-count"), "0");
}

#[tokio::test]
async fn containers_blobs_and_staged_blocks_are_there_again() {
    let directory = tempfile::tempdir().unwrap();
    let account = Account::start(options(directory.path())).await;
    account.create_container("photos").await;
    let large = "0123456789".repeat(300_000);
    let put = account
        .put("photos/large", large.clone())
        .header("x-ms-meta-k", "v")
        .header("x-ms-tags", "t=1");
    let written = answer(put).await;
    answer(account.blob(Method::PUT, "photos/staged?comp=block&blockid=AAAA").body("abc")).await;
    answer(
        account
            .blob(Method::PUT, "photos/large?comp=lease")
            .header("x-ms-lease-action", "acquire")
            .header("x-ms-lease-duration", "-1"),
    )
    .await;
    account.services.stop().await;

    let account = Account::start(options(directory.path())).await;
    let read = answer(account.blob(Method::GET, "photos/large")).await;
    assert!(read.text() == large);
    assert_eq!(read.header("etag"), written.header("etag"));
    assert_eq!((read.header("x-ms-meta-k"), read.header("x-ms-tag-count")), ("v", "1"));
    assert_eq!(answer(account.put("photos/large", "x")).await.refusal(), (412, "LeaseIdMissing"));
    let list = "<BlockList><Latest>AAAA</Latest></BlockList>";
    let newer = answer(account.blob(Method::PUT, "photos/staged?comp=blocklist").body(list)).await;
    assert_eq!(newer.status, 201);
    assert!(newer.header("etag") > written.header("etag"));
    assert_eq!(answer(account.blob(Method::GET, "photos/staged")).await.text(), "abc");
}

#[tokio::test]
async fn no_file_stays_that_nothing_names() {
    let directory = tempfile::tempdir().unwrap();
    let account = Account::start(options(directory.path())).await;
    account.create_container("photos").await;
    for n in 0..3 {
        answer(account.put("photos/a", format!("version {n}"))).await;
    }
    assert_eq!(files(directory.path()), 1);
    let source = format!("{}/photos/a?{}", account.services.blob_url(), account.sas);
    answer(account.blob(Method::PUT, "photos/copy").header("x-ms-copy-source", source)).await;
    answer(account.blob(Method::DELETE, "photos/a")).await;
    // The copy shares its file.
    assert_eq!(files(directory.path()), 1);
    assert_eq!(answer(account.blob(Method::GET, "photos/copy")).await.text(), "version 2");
    for id in ["AAAA", "BBBB"] {
        answer(
            account.blob(Method::PUT, &format!("photos/blocks?comp=block&blockid={id}")).body(id),
        )
        .await;
    }
    let list = "<BlockList><Latest>AAAA</Latest></BlockList>";
    answer(account.blob(Method::PUT, "photos/blocks?comp=blocklist").body(list)).await;
    assert_eq!(files(directory.path()), 2);
    answer(account.blob(Method::DELETE, "photos?restype=container")).await;
    assert_eq!(files(directory.path()), 0);
    account.services.stop().await;

    let stray = directory.path().join("blobs/0/00000000000000000000000000000000");
    std::fs::write(&stray, "left by a crash").unwrap();
    let account = Account::start(options(directory.path())).await;
    assert_eq!(files(directory.path()), 0);
    account.services.stop().await;
}

#[tokio::test]
async fn a_blob_is_read_to_its_end_while_it_is_replaced() {
    let directory = tempfile::tempdir().unwrap();
    let account = Account::start(options(directory.path())).await;
    account.create_container("photos").await;
    let old = "old ".repeat(2_000_000);
    answer(account.put("photos/a", old.clone())).await;
    let mut reading = account.blob(Method::GET, "photos/a").send().await.unwrap();
    let mut read = reading.chunk().await.unwrap().unwrap().to_vec();
    answer(account.put("photos/a", "new")).await;
    while let Some(chunk) = reading.chunk().await.unwrap() {
        read.extend_from_slice(&chunk);
    }
    assert!(read == old.as_bytes());
    assert_eq!(answer(account.blob(Method::GET, "photos/a")).await.text(), "new");
}

#[tokio::test]
async fn a_queue_of_many_messages_is_cleared_and_stays_clear() {
    let directory = tempfile::tempdir().unwrap();
    let account = Account::start(options(directory.path())).await;
    answer(account.message(Method::PUT, "jobs")).await;
    let body = "<QueueMessage><MessageText>x</MessageText></QueueMessage>";
    for _ in 0..1_500 {
        answer(account.message(Method::POST, "jobs/messages").body(body)).await;
    }
    answer(account.message(Method::DELETE, "jobs/messages")).await;
    answer(account.message(Method::POST, "jobs/messages").body(body)).await;
    // Perhaps before everything was cleared away.
    account.services.stop().await;
    for _ in 0..2 {
        let account = Account::start(options(directory.path())).await;
        let described = answer(account.message(Method::GET, "jobs?comp=metadata")).await;
        assert_eq!(described.header("x-ms-approximate-messages-count"), "1");
        account.services.stop().await;
    }
}
