use super::{Account, count, document};
use azure_data::{
    Attempt, Change, ChangeError, Container, Exhausted, MAX_ATTEMPTS, retry_conflicts,
};
use local_data::{Fault, Requests, Rule, Service, When};
use pretty_assertions::assert_eq;
use serde_json::Value;
use std::{convert::Infallible, future::ready, sync::Arc};
use tokio::task::JoinSet;

/// How many write the same document at the same moment.
const WRITERS: u32 = 12;

/// Counts one more; the new count.
async fn count_one_more(items: &Container, id: &str) -> Result<u64, ChangeError<Infallible>> {
    items
        .change("p", id, |current: Option<&Value>| {
            let count = current.map_or(0, |document| document["count"].as_u64().unwrap()) + 1;
            Ok(Change::Write(document(id, u32::try_from(count).unwrap()), count))
        })
        .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_who_write_one_document_at_once_lose_nothing() {
    let account = Account::start().await;
    let items = Arc::new(account.items());
    let mut writers = JoinSet::new();
    for _ in 0..WRITERS {
        let items = Arc::clone(&items);
        writers.spawn(async move { count_one_more(&items, "visits").await.unwrap() });
    }
    let mut counts = writers.join_all().await;
    counts.sort_unstable();
    assert_eq!(counts, (1..=u64::from(WRITERS)).collect::<Vec<_>>());
    assert_eq!(count(&items, "visits").await, Some(WRITERS.into()));
}

#[tokio::test]
async fn a_document_is_created_where_there_was_none_and_deleted_where_there_is_one() {
    let account = Account::start().await;
    let items = account.items();
    assert_eq!(count_one_more(&items, "1").await.unwrap(), 1);
    assert_eq!(count(&items, "1").await, Some(1));
    let delete = async || {
        let delete =
            |current: Option<&Value>| Ok::<_, Infallible>(Change::Delete(current.is_some()));
        items.change("p", "1", delete).await.unwrap()
    };
    assert!(delete().await);
    assert_eq!(count(&items, "1").await, None);
    assert!(!delete().await, "what is not there need not be deleted");
}

#[tokio::test]
async fn a_decision_to_keep_or_to_refuse_writes_nothing() {
    let account = Account::start().await;
    let items = account.items();
    items.create("p", "1", &document("1", 7)).await.unwrap();
    let before = items.read::<Value>("p", "1").await.unwrap().unwrap();
    let keep = |current: Option<&Value>| {
        Ok::<_, Infallible>(Change::Keep(current.unwrap()["count"].as_u64()))
    };
    assert_eq!(items.change("p", "1", keep).await.unwrap(), Some(7));
    let refuse = |_: Option<&Value>| Err::<Change<Value, ()>, _>("seven is enough");
    let refused = items.change("p", "1", refuse).await;
    assert!(matches!(refused, Err(ChangeError::Refused("seven is enough"))));
    assert_eq!(items.read("p", "1").await.unwrap().unwrap(), before);
}

#[tokio::test]
async fn who_meets_a_conflict_every_time_is_told_so_and_has_written_nothing() {
    let account = Account::start().await;
    let items = account.items();
    let mut attempts = 0;
    let exhausted = retry_conflicts("meeting others", || {
        attempts += 1;
        ready(Err::<(), _>(Attempt::<Infallible>::Conflict))
    })
    .await;
    assert_eq!(attempts, MAX_ATTEMPTS);
    let Err(ChangeError::Exhausted(exhausted)) = exhausted else { panic!("{exhausted:?}") };
    assert_eq!(
        exhausted.to_string(),
        "meeting others: others changed the same thing in each of 16 attempts"
    );

    // A decision that always comes too late: somebody else creates the document and deletes it again.
    let rival = items.create("p", "1", &document("1", 1)).await.unwrap();
    items.delete("p", "1", &rival).await.unwrap();
    let late = retry_conflicts("writing late", async || {
        items.replace("p", "1", &document("1", 2), &rival).await?;
        Ok::<_, Attempt<Infallible>>(())
    });
    assert!(matches!(late.await, Err(ChangeError::Exhausted(Exhausted { .. }))));
    assert_eq!(count(&items, "1").await, None);
}

#[tokio::test]
async fn a_write_whose_answer_is_lost_fails_and_is_not_tried_again() {
    let account = Account::start().await;
    let items = account.items();
    count_one_more(&items, "1").await.unwrap();
    let lasting = Rule {
        service: Service::Cosmos,
        only: Requests::default(),
        fault: Fault::InternalError,
        when: When::Always,
    };
    account.services.faults().add(lasting);
    let mut decisions = 0;
    let failed = items
        .change("p", "1", |_: Option<&Value>| {
            decisions += 1;
            Ok::<_, Infallible>(Change::Write(document("1", 9), ()))
        })
        .await;
    assert!(matches!(failed, Err(ChangeError::Failed(_))), "{failed:?}");
    assert!(decisions <= 1, "{decisions}");
}
