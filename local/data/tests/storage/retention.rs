//! Blobs that are kept as they were written, with a driven clock.

use jiff::SignedDuration;
use local_data::{LifecycleRule, RetentionRule};
use pretty_assertions::assert_eq;
use reqwest::Method;

use crate::account::{Account, answer};

const KEPT: (u16, &str) = (409, "BlobImmutableDueToPolicy");

/// An account with the containers `invoices` (kept for ten days) and `reports`, and a blob `a` in each.
async fn account() -> Account {
    let account = Account::empty().await;
    let invoices = || "invoices".to_owned();
    account.services.set_retention_rules(vec![RetentionRule { container: invoices(), days: 10 }]);
    for container in ["invoices", "reports"] {
        account.create_container(container).await;
        let put = account.put(&format!("{container}/a"), "x");
        assert_eq!(answer(put).await.status, 201, "what is new may be written");
    }
    account
}

async fn travel(account: &Account, days: i64) {
    account.services.clock().set_offset(SignedDuration::from_hours(24 * days));
    account.services.step().await;
}

#[tokio::test]
async fn what_is_kept_is_neither_written_over_nor_changed_nor_deleted() {
    let account = account().await;
    let source = format!("{}/reports/a?{}", account.services.blob_url(), account.sas);
    let list = "<BlockList></BlockList>";
    for (what, request) in [
        ("put", account.put("invoices/a", "y")),
        ("blocks", account.blob(Method::PUT, "invoices/a?comp=blocklist").body(list)),
        ("copy", account.blob(Method::PUT, "invoices/a").header("x-ms-copy-source", source)),
        ("metadata", account.blob(Method::PUT, "invoices/a?comp=metadata")),
        ("headers", account.blob(Method::PUT, "invoices/a?comp=properties")),
        ("delete", account.blob(Method::DELETE, "invoices/a")),
    ] {
        assert_eq!(answer(request).await.refusal(), KEPT, "{what}");
    }
    let again = account.put("invoices/a", "y").header("if-none-match", "*");
    assert_eq!(answer(again).await.refusal(), (409, "BlobAlreadyExists"));
    let gone = answer(account.blob(Method::DELETE, "invoices?restype=container")).await;
    assert_eq!(gone.refusal(), (409, "ContainerProtectedFromDeletion"));
    assert_eq!(answer(account.blob(Method::GET, "invoices/a")).await.body, b"x");
    let about = answer(account.blob(Method::HEAD, "invoices?restype=container")).await;
    assert_eq!(about.header("x-ms-has-immutability-policy"), "true");
    assert_eq!(answer(account.put("reports/a", "y")).await.status, 201, "another container");
}

#[tokio::test]
async fn after_its_days_it_can_be_deleted_and_still_not_be_changed() {
    let account = account().await;
    let expire = LifecycleRule { container: "invoices".to_owned(), delete_after_days: 1 };
    account.services.set_lifecycle_rules(vec![expire]);
    travel(&account, 9).await;
    assert_eq!(answer(account.blob(Method::HEAD, "invoices/a")).await.status, 200, "no rule");
    account.services.set_lifecycle_rules(Vec::new());
    travel(&account, 11).await;
    assert_eq!(answer(account.put("invoices/a", "y")).await.refusal(), KEPT);
    assert_eq!(answer(account.blob(Method::DELETE, "invoices/a")).await.status, 202);
    let gone = answer(account.blob(Method::DELETE, "invoices?restype=container")).await;
    assert_eq!(gone.status, 202, "there is nothing in it any more");
}
