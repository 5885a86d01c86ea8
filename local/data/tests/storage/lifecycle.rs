//! Lifecycle rules, with a driven clock.

use std::time::Duration;

use jiff::SignedDuration;
use local_data::{LifecycleRule, Options};
use pretty_assertions::assert_eq;
use reqwest::Method;

use crate::account::{Account, answer};

/// For what happens by itself.
const DEADLINE: Duration = Duration::from_secs(10);
const LEASE: &str = "7a1c1a4e-0000-4000-8000-000000000001";

fn rule(container: &str, delete_after_days: u32) -> LifecycleRule {
    LifecycleRule { container: container.to_owned(), delete_after_days }
}

/// An account with events, the containers `reports` (30 days) and `invoices` (no rule), and a blob `a` in each.
async fn account() -> Account {
    let account = Account::start(Options { blob_events: true, ..Options::ephemeral() }).await;
    for container in ["reports", "invoices"] {
        account.create_container(container).await;
        answer(account.put(&format!("{container}/a"), "x")).await;
    }
    account.services.set_lifecycle_rules(vec![rule("reports", 30), rule("not-there-yet", 1)]);
    account
}

async fn status(account: &Account, blob: &str) -> u16 {
    answer(account.blob(Method::HEAD, blob)).await.status
}

async fn travel(account: &Account, days: i64) {
    account.services.clock().set_offset(SignedDuration::from_hours(24 * days));
    account.services.step().await;
}

async fn next_event(account: &Account) -> serde_json::Value {
    let events = account.services.blob_events();
    tokio::time::timeout(DEADLINE, events.next()).await.expect("an event").event
}

#[tokio::test]
async fn a_blob_goes_after_the_days_of_its_container_and_others_stay() {
    let account = account().await;
    travel(&account, 29).await;
    assert_eq!(status(&account, "reports/a").await, 200);
    travel(&account, 31).await;
    assert_eq!(status(&account, "reports/a").await, 404);
    assert_eq!(status(&account, "invoices/a").await, 200);
}

#[tokio::test]
async fn its_deletion_is_told_as_any_other() {
    let account = account().await;
    for _ in 0..2 {
        assert_eq!(next_event(&account).await["eventType"], "Microsoft.Storage.BlobCreated");
    }
    travel(&account, 31).await;
    let told = next_event(&account).await;
    assert_eq!(told["eventType"], "Microsoft.Storage.BlobDeleted");
    assert_eq!(told["subject"], "/blobServices/default/containers/reports/blobs/a");
    assert_eq!(
        (&told["data"]["api"], &told["data"]["clientRequestId"]),
        (&"DeleteBlob".into(), &"".into())
    );
    let at: jiff::Timestamp = told["eventTime"].as_str().unwrap().parse().unwrap();
    assert!(at.duration_since(account.services.clock().now()).abs() < SignedDuration::from_mins(1));
}

#[tokio::test]
async fn days_are_counted_from_the_last_modification() {
    let account = account().await;
    travel(&account, 20).await;
    let edit = account.blob(Method::PUT, "reports/a?comp=metadata").header("x-ms-meta-k", "v");
    assert_eq!(answer(edit).await.status, 200);
    travel(&account, 40).await;
    assert_eq!(status(&account, "reports/a").await, 200);
    travel(&account, 51).await;
    assert_eq!(status(&account, "reports/a").await, 404);
}

#[tokio::test]
async fn a_leased_blob_is_left_until_its_lease_is_over() {
    let account = account().await;
    let lease = |action: &str| {
        account
            .blob(Method::PUT, "reports/a?comp=lease")
            .header("x-ms-lease-action", action.to_owned())
            .header("x-ms-lease-duration", "-1")
            .header("x-ms-proposed-lease-id", LEASE)
            .header("x-ms-lease-id", LEASE)
    };
    assert_eq!(answer(lease("acquire")).await.status, 201);
    travel(&account, 31).await;
    assert_eq!(status(&account, "reports/a").await, 200);
    assert_eq!(answer(lease("release")).await.status, 200);
    account.services.step().await;
    assert_eq!(status(&account, "reports/a").await, 404);
}

#[tokio::test]
async fn new_rules_replace_the_old_ones_and_a_reset_clock_spares_what_is_young() {
    let account = account().await;
    account.services.set_lifecycle_rules(vec![rule("invoices", 1)]);
    account.services.clock().set_offset(SignedDuration::from_hours(24 * 31));
    account.services.clock().reset();
    account.services.step().await;
    assert_eq!(status(&account, "invoices/a").await, 200);
    travel(&account, 2).await;
    assert_eq!(status(&account, "reports/a").await, 200);
    assert_eq!(status(&account, "invoices/a").await, 404);
}

#[tokio::test]
async fn more_blobs_than_one_batch_go_by_themselves() {
    let account = account().await;
    for number in 0..120 {
        answer(account.put(&format!("reports/{number}"), "x")).await;
    }
    for _ in 0..122 {
        next_event(&account).await;
    }
    account.services.clock().advance(Duration::from_secs(31 * 24 * 60 * 60));
    for _ in 0..121 {
        assert_eq!(next_event(&account).await["eventType"], "Microsoft.Storage.BlobDeleted");
    }
    assert_eq!(
        answer(account.blob(Method::GET, "reports?restype=container&comp=list"))
            .await
            .elements("Name")
            .len(),
        0
    );
}
