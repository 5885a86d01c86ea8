//! A container of Cosmos DB: its documents and its change feed.

use bytes::Bytes;
use http::{HeaderMap, Method};
use jiff::Timestamp;
use local_wire::{WireError, escape, rfc1123};
use serde::Deserialize;
use serde_json::{Value, json};

use super::cosmos_db::{CosmosDb, Target};

/// Pages of a query that are read; a binding that finds more is an error.
const MAX_QUERY_PAGES: usize = 100;

const PARTITION: &str = "x-ms-documentdb-partitionkey";

/// Where a reading of a change feed begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ChangesFrom {
    /// With the oldest document.
    Beginning,
    /// With the next change.
    Now,
    /// With changes after a moment.
    Time(Timestamp),
    /// Where an earlier reading ended: its ETag, as it was.
    Continuation(String),
}

/// One answer of a change feed.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct FeedPage {
    /// Where to go on; opaque.
    pub(crate) continuation: String,
    /// Flat documents; empty = nothing new.
    pub(crate) documents: Vec<Value>,
}

/// A part of a container's key space.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
pub(crate) struct PartitionKeyRange {
    /// Its id, unique in the container for ever.
    pub(crate) id: String,
    /// The ranges that were split to make it, oldest first.
    #[serde(default)]
    pub(crate) parents: Vec<String>,
}

#[derive(Deserialize)]
struct PartitionKeyRanges {
    #[serde(rename = "PartitionKeyRanges")]
    ranges: Vec<PartitionKeyRange>,
}

/// A container of an account.
#[derive(Clone, Debug)]
pub(crate) struct Container {
    account: CosmosDb,
    /// `dbs/<database>/colls/<container>`, unescaped, as signatures want it.
    link: String,
}

impl Container {
    pub(super) fn new(account: CosmosDb, database: &str, container: &str) -> Self {
        Self { account, link: format!("dbs/{database}/colls/{container}") }
    }

    /// `<database>/<container>`, for messages.
    pub(crate) fn name(&self) -> String {
        self.link.replacen("dbs/", "", 1).replacen("/colls/", "/", 1)
    }

    /// The path of the partition key, such as `/id`.
    pub(crate) async fn partition_key_path(&self) -> Result<String, WireError> {
        let operation = format!("reading the settings of container {}", self.name());
        let target = Target { kind: "colls", link: &self.link, path: self.path("") };
        let response =
            self.account.call(&operation, Method::GET, target, &[], Bytes::new()).await?;
        let container = json_of(&operation, response.body())?;
        let path = container.pointer("/partitionKey/paths/0").and_then(Value::as_str);
        path.map(str::to_owned).ok_or_else(|| WireError::unreadable(&operation, "no partition key"))
    }

    /// The partition key ranges.
    pub(crate) async fn ranges(&self) -> Result<Vec<PartitionKeyRange>, WireError> {
        let operation = format!("reading the partition key ranges of container {}", self.name());
        let target = Target { kind: "pkranges", link: &self.link, path: self.path("/pkranges") };
        let response =
            self.account.call(&operation, Method::GET, target, &[], Bytes::new()).await?;
        let ranges: PartitionKeyRanges = serde_json::from_slice(response.body())
            .map_err(|error| WireError::unreadable(&operation, error))?;
        Ok(ranges.ranges)
    }

    /// One page of the changes in a range.
    pub(crate) async fn changes(
        &self,
        range: &str,
        from: &ChangesFrom,
        max_items: Option<u32>,
    ) -> Result<FeedPage, WireError> {
        let operation =
            format!("reading the change feed of range {range} of container {}", self.name());
        let mut headers = vec![
            ("a-im", "Incremental Feed".to_owned()),
            ("x-ms-documentdb-partitionkeyrangeid", range.to_owned()),
        ];
        // −1 lets the service choose; flat documents come when no wire format version is asked for.
        headers.push((
            "x-ms-max-item-count",
            max_items.map_or("-1".to_owned(), |count| count.to_string()),
        ));
        headers.extend(match from {
            ChangesFrom::Beginning => None,
            ChangesFrom::Now => Some(("if-none-match", "*".to_owned())),
            ChangesFrom::Time(moment) => Some(("if-modified-since", rfc1123(*moment))),
            ChangesFrom::Continuation(etag) => Some(("if-none-match", etag.clone())),
        });
        let target = Target { kind: "docs", link: &self.link, path: self.path("/docs") };
        let response =
            self.account.call(&operation, Method::GET, target, &headers, Bytes::new()).await?;
        let no_etag = || WireError::unreadable(&operation, "no etag header");
        let continuation = header(response.headers(), "etag").ok_or_else(no_etag)?;
        if response.status().as_u16() == 304 {
            return Ok(FeedPage { continuation, documents: Vec::new() });
        }
        let lsn = header(response.headers(), "lsn").and_then(|lsn| lsn.parse().ok());
        let documents = documents(json_of(&operation, response.body())?, lsn);
        Ok(FeedPage { continuation, documents })
    }

    /// Creates a document; refused with 409 when there is one of this id.
    pub(crate) async fn create(
        &self,
        partition: &str,
        document: &Value,
    ) -> Result<Value, WireError> {
        let operation = format!("creating a document in container {}", self.name());
        self.write(&operation, partition, document, &[]).await
    }

    /// Creates a document or replaces the one of the same id.
    pub(crate) async fn upsert(
        &self,
        partition: &str,
        document: &Value,
    ) -> Result<Value, WireError> {
        let operation = format!("upserting a document into container {}", self.name());
        self.write(
            &operation,
            partition,
            document,
            &[("x-ms-documentdb-is-upsert", "true".to_owned())],
        )
        .await
    }

    async fn write(
        &self,
        operation: &str,
        partition: &str,
        document: &Value,
        headers: &[(&'static str, String)],
    ) -> Result<Value, WireError> {
        let mut headers = headers.to_vec();
        headers.push((PARTITION, partition.to_owned()));
        let target = Target { kind: "docs", link: &self.link, path: self.path("/docs") };
        let body = document.to_string().into();
        let response = self.account.call(operation, Method::POST, target, &headers, body).await?;
        json_of(operation, response.body())
    }

    /// Replaces a document whose ETag is still this one; 412 otherwise.
    pub(crate) async fn replace(
        &self,
        partition: &str,
        id: &str,
        document: &Value,
        etag: &str,
    ) -> Result<Value, WireError> {
        let operation = format!("replacing document {id} of container {}", self.name());
        let headers = [(PARTITION, partition.to_owned()), ("if-match", etag.to_owned())];
        let link = format!("{}/docs/{id}", self.link);
        let target =
            Target { kind: "docs", link: &link, path: self.path(&format!("/docs/{}", escape(id))) };
        let body = document.to_string().into();
        let response = self.account.call(&operation, Method::PUT, target, &headers, body).await?;
        json_of(&operation, response.body())
    }

    /// Reads a document; `None` when it is not there.
    pub(crate) async fn read(&self, partition: &str, id: &str) -> Result<Option<Value>, WireError> {
        let operation = format!("reading document {id} of container {}", self.name());
        let link = format!("{}/docs/{id}", self.link);
        let target =
            Target { kind: "docs", link: &link, path: self.path(&format!("/docs/{}", escape(id))) };
        let headers = [(PARTITION, partition.to_owned())];
        match self.account.call(&operation, Method::GET, target, &headers, Bytes::new()).await {
            Ok(response) => json_of(&operation, response.body()).map(Some),
            Err(error) if error.has_status(404) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Deletes a document.
    pub(crate) async fn delete(&self, partition: &str, id: &str) -> Result<(), WireError> {
        let operation = format!("deleting document {id} of container {}", self.name());
        let link = format!("{}/docs/{id}", self.link);
        let target =
            Target { kind: "docs", link: &link, path: self.path(&format!("/docs/{}", escape(id))) };
        let headers = [(PARTITION, partition.to_owned())];
        self.account
            .call(&operation, Method::DELETE, target, &headers, Bytes::new())
            .await
            .map(|_| ())
    }

    /// All results of a query, in one partition (the value of its key as a JSON array) or across all of them.
    pub(crate) async fn query(
        &self,
        query: &str,
        parameters: &[(&str, Value)],
        partition: Option<&str>,
    ) -> Result<Vec<Value>, WireError> {
        let operation = format!("querying container {}", self.name());
        let parameters: Vec<Value> = parameters
            .iter()
            .map(|(name, value)| json!({ "name": name, "value": value }))
            .collect();
        let body: Bytes = json!({ "query": query, "parameters": parameters }).to_string().into();
        let mut headers = vec![
            ("content-type", "application/query+json".to_owned()),
            ("x-ms-documentdb-isquery", "True".to_owned()),
        ];
        headers.push(match partition {
            Some(partition) => (PARTITION, partition.to_owned()),
            None => ("x-ms-documentdb-query-enablecrosspartition", "True".to_owned()),
        });
        let mut found = Vec::new();
        let mut continuation: Option<String> = None;
        for _page in 0..MAX_QUERY_PAGES {
            let mut headers = headers.clone();
            headers.extend(continuation.take().map(|token| ("x-ms-continuation", token)));
            let target = Target { kind: "docs", link: &self.link, path: self.path("/docs") };
            let response =
                self.account.call(&operation, Method::POST, target, &headers, body.clone()).await?;
            continuation = header(response.headers(), "x-ms-continuation");
            let mut page = json_of(&operation, response.body())?;
            if let Value::Array(documents) = page["Documents"].take() {
                found.extend(documents);
            }
            if continuation.is_none() {
                return Ok(found);
            }
        }
        let why = format!("more than {MAX_QUERY_PAGES} pages were found; narrow the query");
        Err(WireError::unreadable(&operation, why))
    }

    fn path(&self, rest: &str) -> String {
        let escaped: Vec<String> = self.link.split('/').map(escape).collect();
        format!("/{}{rest}", escaped.join("/"))
    }
}

/// The documents of a page. The `_lsn` is that of each document where the service says so; otherwise that of the
/// page's last change, which the real service puts into the documents itself.
fn documents(mut page: Value, lsn: Option<i64>) -> Vec<Value> {
    let Value::Array(mut documents) = page["Documents"].take() else { return Vec::new() };
    for document in documents.iter_mut().filter_map(Value::as_object_mut) {
        if let Some(lsn) = lsn.filter(|_| !document.contains_key("_lsn")) {
            document.insert("_lsn".to_owned(), lsn.into());
        }
    }
    documents
}

fn header(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
}

fn json_of(operation: &str, body: &Bytes) -> Result<Value, WireError> {
    serde_json::from_slice(body).map_err(|error| WireError::unreadable(operation, error))
}
