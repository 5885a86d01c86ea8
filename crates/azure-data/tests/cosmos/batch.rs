use super::{Account, count, document};
use azure_data::{BatchError, MAX_BATCH_BYTES, MAX_BATCH_OPERATIONS};
use pretty_assertions::assert_eq;
use serde_json::json;

#[tokio::test]
async fn a_batch_writes_everything_and_gives_the_entity_tag_of_each_document() {
    let account = Account::start().await;
    let items = account.items();
    let counter = items.create("p", "counter", &document("counter", 1)).await.unwrap();
    let old = items.create("p", "old", &document("old", 1)).await.unwrap();
    let etags = items
        .batch("p")
        .replace("counter", &document("counter", 2), &counter)
        .create(&document("new", 1))
        .upsert(&document("latest", 2))
        .delete("old", &old)
        .commit()
        .await
        .unwrap();
    assert_eq!(etags.len(), 4);
    for (id, etag) in [("counter", &etags[0]), ("new", &etags[1]), ("latest", &etags[2])] {
        let item = items.read::<serde_json::Value>("p", id).await.unwrap().unwrap();
        assert_eq!(Some(&item.etag), etag.as_ref(), "{id}");
    }
    assert_eq!(count(&items, "counter").await, Some(2));
    assert_eq!(count(&items, "old").await, None);
}

#[tokio::test]
async fn one_stale_entity_tag_rolls_all_of_it_back_and_is_named() {
    let account = Account::start().await;
    let items = account.items();
    let stale = items.create("p", "counter", &document("counter", 1)).await.unwrap();
    items.replace("p", "counter", &document("counter", 2), &stale).await.unwrap();
    let batch = items
        .batch("p")
        .create(&document("new", 1))
        .replace("counter", &document("counter", 3), &stale)
        .create(&document("newer", 1));
    let refused = batch.commit().await.unwrap_err();
    assert!(matches!(refused, BatchError::Refused { operation: 1, status: 412 }), "{refused:?}");
    assert!(refused.is_conflict());
    assert_eq!(count(&items, "counter").await, Some(2));
    assert_eq!((count(&items, "new").await, count(&items, "newer").await), (None, None));
}

#[tokio::test]
async fn what_is_there_already_is_not_created_again() {
    let account = Account::start().await;
    let items = account.items();
    items.create("p", "1", &document("1", 1)).await.unwrap();
    let batch = items.batch("p").upsert(&document("2", 1)).create(&document("1", 2));
    let refused = batch.commit().await.unwrap_err();
    assert_eq!(refused.to_string(), "operation 1 of the batch was refused with status 409");
    assert_eq!((count(&items, "1").await, count(&items, "2").await), (Some(1), None));
}

#[tokio::test]
async fn a_batch_that_cosmos_db_would_not_take_is_not_sent() {
    let account = Account::start().await;
    let items = account.items();
    let fill = |operations: usize| {
        let documents = (0..operations).map(|number| document(&number.to_string(), 1));
        documents.fold(items.batch("p"), |batch, document| batch.create(&document))
    };
    let refused = fill(MAX_BATCH_OPERATIONS + 1).commit().await;
    assert!(matches!(refused, Err(BatchError::TooManyOperations { operations: 101 })));
    assert_eq!(fill(MAX_BATCH_OPERATIONS).commit().await.unwrap().len(), MAX_BATCH_OPERATIONS);

    let large = json!({"id": "large", "pk": "p", "text": "x".repeat(MAX_BATCH_BYTES)});
    let refused = items.batch("p").create(&large).commit().await;
    assert!(matches!(refused, Err(BatchError::TooLarge { .. })), "{refused:?}");
    assert!(items.batch("p").commit().await.unwrap().is_empty());
}
