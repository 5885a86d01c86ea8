//! Conditions on what is there, or is not.

use reqwest::Method;

use crate::account::{Account, answer};

/// The checkpoints of Event Hubs in Python ask so before there is a blob, and put it when they are told that there is none.
#[tokio::test]
async fn metadata_for_a_blob_that_must_not_be_there_is_refused_by_what_is_there() {
    let account = Account::empty().await;
    account.create_container("photos").await;
    assert_eq!(answer(account.put("photos/a", "x")).await.status, 201);
    let set = |path: &str| {
        let request = account.blob(Method::PUT, &format!("{path}?comp=metadata"));
        answer(request.header("x-ms-meta-ownerid", "me").header("if-none-match", "*"))
    };
    assert_eq!(set("photos/none").await.refusal(), (404, "BlobNotFound"));
    assert_eq!(set("photos/a").await.refusal(), (412, "ConditionNotMet"));
}
