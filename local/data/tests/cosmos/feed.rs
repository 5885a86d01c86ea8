//! The change feed: range by range by plain HTTP, as the host's trigger reads it, and by the SDK.

use std::{collections::BTreeSet, num::NonZeroU32};

use azure_data_cosmos::{
    feed::{ContinuationToken, FeedScope},
    options::{ChangeFeedOptions, ChangeFeedStartFrom, MaxItemCountHint},
};
use futures::StreamExt;
use pretty_assertions::assert_eq;
use serde_json::{Value, json};

use crate::account::Account;

/// One reader of the feed of a container: a position per range.
pub(crate) struct Reader {
    container: String,
    positions: Vec<(String, Option<String>)>,
    since: Option<String>,
}

impl Reader {
    /// A reader that starts at the beginning.
    pub(crate) fn of(container: &str) -> Self {
        let positions = (0..4).map(|range| (range.to_string(), None)).collect();
        Self { container: container.to_owned(), positions, since: None }
    }

    /// A reader of the whole container at once, which names no range.
    pub(crate) fn unranged(container: &str) -> Self {
        Self { positions: vec![(String::new(), None)], ..Self::of(container) }
    }

    /// The same that starts now.
    pub(crate) fn starting_now(mut self) -> Self {
        for (_, position) in &mut self.positions {
            *position = Some("*".to_owned());
        }
        self
    }

    /// The same that starts at a point in time.
    pub(crate) fn since(mut self, date: &str) -> Self {
        self.since = Some(date.to_owned());
        self
    }

    /// Reads every range until it has nothing new, and returns the ids in the order of each range.
    pub(crate) async fn read(&mut self, account: &Account) -> Vec<String> {
        let mut ids = Vec::new();
        for index in 0..self.positions.len() {
            loop {
                let (status, body) = self.poll(account, index).await;
                if status == 304 {
                    break;
                }
                assert_eq!(status, 200, "{body}");
                let documents = body["Documents"].as_array().unwrap();
                assert!(!documents.is_empty());
                ids.extend(documents.iter().map(|item| item["id"].as_str().unwrap().to_owned()));
            }
        }
        ids
    }

    /// Reads one page of every range.
    pub(crate) async fn read_a_page(&mut self, account: &Account) -> Vec<String> {
        let mut ids = Vec::new();
        for index in 0..self.positions.len() {
            let (_, body) = self.poll(account, index).await;
            let documents = body["Documents"].as_array().map(Vec::as_slice).unwrap_or_default();
            ids.extend(documents.iter().map(|item| item["id"].as_str().unwrap().to_owned()));
        }
        ids
    }

    async fn poll(&mut self, account: &Account, index: usize) -> (u16, Value) {
        let (range, position) = &mut self.positions[index];
        let path = format!("dbs/db/colls/{}/docs", self.container);
        let mut request = account.request(
            "GET",
            &path,
            &[("a-im", "Incremental Feed"), ("x-ms-max-item-count", "3")],
        );
        if !range.is_empty() {
            request = request.header("x-ms-documentdb-partitionkeyrangeid", range.as_str());
        }
        if let Some(position) = position {
            request = request.header("if-none-match", position.as_str());
        }
        if let Some(since) = &self.since {
            request = request.header("if-modified-since", since);
        }
        let response = request.send().await.unwrap();
        let etag = response.headers().get("etag").expect("a position").to_str().unwrap();
        *position = Some(etag.to_owned());
        let status = response.status().as_u16();
        let text = response.text().await.unwrap();
        (status, serde_json::from_str(&text).unwrap_or_default())
    }
}

fn names(ids: impl IntoIterator<Item = String>) -> BTreeSet<String> {
    ids.into_iter().collect()
}

/// Writes `from..to` as items of as many partition keys.
pub(crate) async fn write(
    account: &Account,
    container: &str,
    numbers: std::ops::Range<usize>,
) -> BTreeSet<String> {
    let mut written = BTreeSet::new();
    for n in numbers {
        let id = format!("item {n}");
        let item = json!({ "id": id, "pk": format!("p{n}"), "n": n });
        let key = format!("[\"p{n}\"]");
        let headers =
            [("x-ms-documentdb-partitionkey", key.as_str()), ("x-ms-documentdb-is-upsert", "true")];
        let path = format!("dbs/db/colls/{container}/docs");
        let (status, body) =
            account.answer(account.request("POST", &path, &headers).body(item.to_string())).await;
        assert!(status == 200 || status == 201, "{body}");
        written.insert(id);
    }
    written
}

#[tokio::test]
async fn every_change_is_read_once_and_only_the_latest_version() {
    let account = Account::empty().await;
    account.container("items").await;
    let mut reader = Reader::of("items");
    let written = write(&account, "items", 0..20).await;
    write(&account, "items", 5..10).await;
    let read = reader.read(&account).await;
    assert_eq!((read.len(), names(read)), (20, written));
    assert_eq!(reader.read(&account).await, Vec::<String>::new());
    let again = write(&account, "items", 3..5).await;
    assert_eq!(names(reader.read(&account).await), again);
}

#[tokio::test]
async fn a_reader_that_starts_now_sees_only_what_comes_later() {
    let account = Account::empty().await;
    account.container("items").await;
    write(&account, "items", 0..10).await;
    let mut ranges = Reader::of("items").starting_now();
    let mut whole = Reader::unranged("items").starting_now();
    assert_eq!(ranges.read(&account).await, Vec::<String>::new());
    assert_eq!(whole.read(&account).await, Vec::<String>::new());
    let later = write(&account, "items", 10..14).await;
    assert_eq!(names(ranges.read(&account).await), later);
    assert_eq!(names(whole.read(&account).await), later);
}

#[tokio::test]
async fn a_reader_that_names_no_range_skips_nothing() {
    let account = Account::empty().await;
    account.container("items").await;
    let mut reader = Reader::unranged("items");
    for round in 0..5 {
        let written = write(&account, "items", round * 7..round * 7 + 7).await;
        let read = reader.read(&account).await;
        assert_eq!((read.len(), names(read)), (7, written), "round {round}");
    }
}

#[tokio::test]
async fn a_reader_can_start_at_a_point_in_time() {
    let account = Account::empty().await;
    account.container("items").await;
    let written = write(&account, "items", 0..10).await;
    let mut from_the_epoch = Reader::of("items").since("Thu, 01 Jan 1970 00:00:00 GMT");
    assert_eq!(names(from_the_epoch.read(&account).await), written);
    let mut from_tomorrow = Reader::of("items").since("Sat, 01 Jan 2056 00:00:00 GMT");
    assert_eq!(from_tomorrow.read(&account).await, Vec::<String>::new());
    let mut whole = Reader::unranged("items").since("Thu, 01 Jan 1970 00:00:00 GMT");
    assert_eq!(names(whole.read(&account).await), written);
}

#[tokio::test]
async fn an_idle_poll_answers_until_the_next_write_and_not_beyond_it() {
    let account = Account::empty().await;
    account.container("items").await;
    let mut reader = Reader::of("items");
    for n in 0..30 {
        assert_eq!(reader.read(&account).await, Vec::<String>::new());
        let written = write(&account, "items", n..n + 1).await;
        assert_eq!(names(reader.read(&account).await), written);
    }
}

#[tokio::test]
async fn a_position_of_another_account_starts_at_the_beginning() {
    let (one, other) = (Account::empty().await, Account::empty().await);
    one.container("items").await;
    other.container("items").await;
    let mut reader = Reader::of("items");
    write(&one, "items", 0..30).await;
    reader.read(&one).await;
    let written = write(&other, "items", 0..5).await;
    assert_eq!(names(reader.read(&other).await), written);
}

#[tokio::test]
async fn the_sdk_reads_from_the_beginning_and_resumes() {
    let account = Account::empty().await;
    let items = account.container("items").await;
    let page = MaxItemCountHint::Limit(NonZeroU32::new(4).unwrap());
    let options = || ChangeFeedOptions::default().with_max_item_count(page);
    let ranges = items.read_feed_ranges(None).await.unwrap().len();
    let mut token: Option<ContinuationToken> = None;
    for round in 0..3 {
        let written = write(&account, "items", round * 9..round * 9 + 9).await;
        let options = match token.take() {
            Some(token) => options().with_continuation_token(token),
            None => options(),
        };
        let feed = items.query_change_feed::<Value>(
            FeedScope::full_container(),
            ChangeFeedStartFrom::Beginning,
            Some(options),
        );
        let mut feed = feed.await.unwrap();
        let (mut read, mut idle) = (Vec::new(), 0);
        while idle < ranges {
            let page = feed.next().await.expect("a change feed does not end").unwrap();
            let ids = page
                .items()
                .iter()
                .map(|item| item.current().unwrap()["id"].as_str().unwrap().to_owned());
            let before = read.len();
            read.extend(ids);
            idle = if read.len() == before { idle + 1 } else { 0 };
        }
        assert_eq!((read.len(), names(read)), (9, written), "round {round}");
        token = Some(feed.to_continuation_token().unwrap());
    }
}
