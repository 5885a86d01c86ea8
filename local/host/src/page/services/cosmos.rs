//! Cosmos DB: databases, containers, documents.

use bytes::Bytes;
use futures::future::join_all;
use http::{Method, Response};
use serde::Serialize;
use serde_json::Value;

use super::{Ask, Listed, Services, escape, header};
use crate::triggers::WireError;

/// The version of the protocol that is spoken.
const VERSION: &str = "2018-12-31";

/// How many documents a page has.
const DOCUMENTS_A_PAGE: usize = 25;

/// How many pages of a listing, or of a count, are read.
const PAGES_MAX: usize = 20;

/// A container.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::page) struct ContainerSummary {
    pub(in crate::page) database: String,
    pub(in crate::page) name: String,
    pub(in crate::page) partition_key: String,
    /// `null` when it could not be counted.
    pub(in crate::page) documents: Option<u64>,
}

impl Services {
    pub(in crate::page) async fn containers(&self) -> Result<Vec<ContainerSummary>, WireError> {
        let mut found = Vec::new();
        for database in self.all("/dbs", "Databases").await? {
            let Some(database) = database["id"].as_str() else { continue };
            let path = format!("/dbs/{}/colls", escape(database));
            for container in self.all(&path, "DocumentCollections").await? {
                found.push(ContainerSummary {
                    database: database.to_owned(),
                    name: container["id"].as_str().unwrap_or_default().to_owned(),
                    partition_key: partition_key(&container),
                    documents: None,
                });
            }
        }
        let counts = found.iter().map(|container| self.count(&container.database, &container.name));
        for (count, container) in join_all(counts).await.into_iter().zip(&mut found) {
            container.documents = count.ok();
        }
        Ok(found)
    }

    /// A page of a container's documents, without the properties that Cosmos DB adds.
    pub(in crate::page) async fn documents(
        &self,
        database: &str,
        container: &str,
        continuation: Option<&str>,
    ) -> Result<Listed<Value>, WireError> {
        let operation = format!("reading documents of container {database}/{container}");
        let mut headers = vec![
            ("x-ms-version", VERSION.to_owned()),
            ("x-ms-max-item-count", DOCUMENTS_A_PAGE.to_string()),
        ];
        headers.extend(continuation.map(|token| ("x-ms-continuation", token.to_owned())));
        let url = format!("{}{}", self.cosmos, documents_of(database, container));
        let mut items = Vec::new();
        // Pages end at the borders of ranges and may be empty: go on until there is something to show.
        for _page in 0..PAGES_MAX {
            let ask = Ask {
                operation: &operation,
                method: Method::GET,
                url: url.clone(),
                headers: &headers,
                body: Bytes::new(),
            };
            let response = self.ask(ask).await?;
            let next = header(&response, "x-ms-continuation");
            items.extend(array(&operation, &response, "Documents")?);
            headers.retain(|(name, _)| *name != "x-ms-continuation");
            match next {
                Some(next) if items.len() < DOCUMENTS_A_PAGE => {
                    headers.push(("x-ms-continuation", next))
                }
                next => return Ok(Listed { items, next }),
            }
        }
        Ok(Listed { items, next: None })
    }

    async fn count(&self, database: &str, container: &str) -> Result<u64, WireError> {
        let operation = format!("counting documents of container {database}/{container}");
        let mut headers = vec![
            ("x-ms-version", VERSION.to_owned()),
            ("content-type", "application/query+json".to_owned()),
            ("x-ms-documentdb-isquery", "True".to_owned()),
            ("x-ms-documentdb-query-enablecrosspartition", "True".to_owned()),
        ];
        let mut sum = 0;
        // Each range counts for itself.
        for _page in 0..PAGES_MAX {
            let ask = Ask {
                operation: &operation,
                method: Method::POST,
                url: format!("{}{}", self.cosmos, documents_of(database, container)),
                headers: &headers,
                body: Bytes::from_static(
                    br#"{"query":"SELECT VALUE COUNT(1) FROM c","parameters":[]}"#,
                ),
            };
            let response = self.ask(ask).await?;
            let counts = array(&operation, &response, "Documents")?;
            sum += counts.iter().filter_map(Value::as_u64).sum::<u64>();
            headers.retain(|(name, _)| *name != "x-ms-continuation");
            match header(&response, "x-ms-continuation") {
                Some(next) => headers.push(("x-ms-continuation", next)),
                None => break,
            }
        }
        Ok(sum)
    }

    /// The whole of a listing.
    async fn all(&self, path: &str, key: &str) -> Result<Vec<Value>, WireError> {
        let operation = format!("listing {path} of Cosmos DB");
        let headers = [("x-ms-version", VERSION.to_owned())];
        let (url, body) = (format!("{}{path}", self.cosmos), Bytes::new());
        let ask = Ask { operation: &operation, method: Method::GET, url, headers: &headers, body };
        array(&operation, &self.ask(ask).await?, key)
    }
}

fn documents_of(database: &str, container: &str) -> String {
    format!("/dbs/{}/colls/{}/docs", escape(database), escape(container))
}

fn array(operation: &str, response: &Response<Bytes>, key: &str) -> Result<Vec<Value>, WireError> {
    let mut json: Value = serde_json::from_slice(response.body())
        .map_err(|error| WireError::unreadable(operation, error))?;
    match json[key].take() {
        Value::Array(items) => Ok(items),
        _ => Err(WireError::unreadable(operation, format!("it has no {key}"))),
    }
}

fn partition_key(container: &Value) -> String {
    let paths = container["partitionKey"]["paths"].as_array().into_iter().flatten();
    paths.filter_map(Value::as_str).collect::<Vec<_>>().join(", ")
}
