//! Snapshots and copies that stay pending: what keeps a blob from being deleted.

use local_data::{Fault, Options, Requests, Rule, Service, When};
use reqwest::Method;

use crate::account::{Account, Answer, answer};

async fn snapshot(account: &Account, path: &str) -> String {
    let made = answer(account.blob(Method::PUT, &format!("{path}?comp=snapshot"))).await;
    assert_eq!(made.status, 201);
    made.header("x-ms-snapshot").to_owned()
}

async fn delete(account: &Account, path: &str, snapshots: &str) -> Answer {
    let request = account.blob(Method::DELETE, path);
    answer(match snapshots {
        "" => request,
        snapshots => request.header("x-ms-delete-snapshots", snapshots),
    })
    .await
}

async fn read(account: &Account, path: &str) -> (u16, Vec<u8>) {
    let read = answer(account.blob(Method::GET, path)).await;
    (read.status, if read.status == 200 { read.body } else { Vec::new() })
}

#[tokio::test]
async fn a_blob_with_snapshots_is_deleted_only_by_who_says_what_becomes_of_them() {
    let account = Account::empty().await;
    account.create_container("ups").await;
    answer(account.put("ups/a", "one")).await;
    let first = snapshot(&account, "ups/a").await;
    answer(account.put("ups/a", "two")).await;
    let second = snapshot(&account, "ups/a").await;
    assert!(first < second);
    assert_eq!(read(&account, &format!("ups/a?snapshot={first}")).await, (200, b"one".to_vec()));
    assert_eq!(delete(&account, "ups/a", "").await.refusal(), (409, "SnapshotsPresent"));
    assert_eq!(delete(&account, &format!("ups/a?snapshot={first}"), "").await.status, 202);
    assert_eq!(read(&account, &format!("ups/a?snapshot={first}")).await.0, 404);
    assert_eq!(delete(&account, "ups/a", "only").await.status, 202);
    assert_eq!(read(&account, "ups/a").await, (200, b"two".to_vec()));
    snapshot(&account, "ups/a").await;
    assert_eq!(delete(&account, "ups/a", "include").await.status, 202);
    let list =
        answer(account.blob(Method::GET, "ups?restype=container&comp=list&include=snapshots"))
            .await;
    assert_eq!(list.elements("Name"), [""; 0]);
}

#[tokio::test]
async fn a_list_shows_snapshots_before_their_blob_also_across_pages() {
    let account = Account::empty().await;
    account.create_container("ups").await;
    for name in ["ups/a", "ups/b"] {
        answer(account.put(name, "x")).await;
    }
    let (first, second) = (snapshot(&account, "ups/a").await, snapshot(&account, "ups/a").await);
    let (mut found, mut marker) = (Vec::new(), String::new());
    loop {
        let path = format!(
            "ups?restype=container&comp=list&include=snapshots&maxresults=1&marker={marker}"
        );
        let page = answer(account.blob(Method::GET, &path)).await;
        found.push((page.element("Name").to_owned(), page.element("Snapshot").to_owned()));
        marker = page.element("NextMarker").to_owned();
        if marker.is_empty() {
            break;
        }
    }
    let is = |name: &str, time: &str| (name.to_owned(), time.to_owned());
    assert_eq!(found, [is("a", &first), is("a", &second), is("a", ""), is("b", "")]);
    let plain = answer(account.blob(Method::GET, "ups?restype=container&comp=list")).await;
    assert_eq!(plain.elements("Name"), ["a", "b"]);
}

#[tokio::test]
async fn snapshots_outlive_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let options = || Options { data: Some(folder.path().to_owned()), ..Options::ephemeral() };
    let account = Account::start(options()).await;
    account.create_container("ups").await;
    answer(account.put("ups/a", "one")).await;
    let time = snapshot(&account, "ups/a").await;
    answer(account.put("ups/a", "two")).await;
    account.services.stop().await;
    let account = Account::start(options()).await;
    assert_eq!(read(&account, &format!("ups/a?snapshot={time}")).await, (200, b"one".to_vec()));
    assert_eq!(delete(&account, "ups/a", "").await.refusal(), (409, "SnapshotsPresent"));
}

#[tokio::test]
async fn a_pending_copy_keeps_its_blob_until_it_is_aborted() {
    let account = Account::empty().await;
    account.create_container("ups").await;
    answer(account.put("ups/source", "slow")).await;
    account.services.faults().add(Rule {
        service: Service::Blob,
        only: Requests::any().method("PUT").path("/ups/a"),
        fault: Fault::PendingCopy,
        when: When::Nth(1),
    });
    let source = format!("{}/ups/source?{}", account.services.blob_url(), account.sas);
    let copy = account.blob(Method::PUT, "ups/a").header("x-ms-copy-source", source);
    let begun = answer(copy).await;
    assert_eq!((begun.status, begun.header("x-ms-copy-status")), (202, "pending"));
    let id = begun.header("x-ms-copy-id");
    for refused in
        [delete(&account, "ups/a", "include").await, answer(account.put("ups/a", "x")).await]
    {
        assert_eq!(refused.refusal(), (409, "PendingCopyOperation"));
    }
    let abort = |id: &str| {
        let path = format!("ups/a?comp=copy&copyid={id}");
        account.blob(Method::PUT, &path).header("x-ms-copy-action", "abort")
    };
    assert_eq!(answer(abort("other")).await.refusal(), (409, "CopyIdMismatch"));
    assert_eq!(answer(abort(id)).await.status, 204);
    assert_eq!(answer(abort(id)).await.refusal(), (409, "NoPendingCopyOperation"));
    assert_eq!(delete(&account, "ups/a", "").await.status, 202);
}
