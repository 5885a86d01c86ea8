//! What a Cosmos DB address names, and what a request wants done with it.
//! <https://learn.microsoft.com/rest/api/cosmos-db/cosmosdb-resource-uri-syntax-for-rest>

use http::{HeaderMap, Method};
use percent_encoding::percent_decode_str;
use serde::{Deserialize, Serialize};

/// A database and one of its containers, by their ids.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct ContainerName {
    pub(super) database: String,
    pub(super) container: String,
}

/// What the path of a request names.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Resource {
    Account,
    Databases,
    Database(String),
    Containers(String),
    Container(ContainerName),
    Ranges(ContainerName),
    Documents(ContainerName),
    Document(ContainerName, String),
    Offers,
    Offer(String),
    Other,
}

impl Resource {
    /// Reads a path; empty segments do not count, since Python's SDK ends every path with a slash.
    pub(super) fn parse(path: &str) -> Self {
        let segments: Vec<String> = path
            .split('/')
            .filter(|segment| !segment.is_empty())
            .map(|segment| percent_decode_str(segment).decode_utf8_lossy().into_owned())
            .collect();
        let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
        let named = |database: &str, container: &str| ContainerName {
            database: database.to_owned(),
            container: container.to_owned(),
        };
        match segments.as_slice() {
            [] => Self::Account,
            ["dbs"] => Self::Databases,
            ["dbs", db] => Self::Database((*db).to_owned()),
            ["dbs", db, "colls"] => Self::Containers((*db).to_owned()),
            ["dbs", db, "colls", coll] => Self::Container(named(db, coll)),
            ["dbs", db, "colls", coll, "pkranges"] => Self::Ranges(named(db, coll)),
            ["dbs", db, "colls", coll, "docs"] => Self::Documents(named(db, coll)),
            ["dbs", db, "colls", coll, "docs", id] => {
                Self::Document(named(db, coll), (*id).to_owned())
            }
            ["offers"] => Self::Offers,
            ["offers", id] => Self::Offer((*id).to_owned()),
            _ => Self::Other,
        }
    }
}

/// How a document is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Write {
    Create,
    Upsert,
    Replace,
    Patch,
    Delete,
    Batch,
}

/// What a request wants, as far as this adapter treats requests differently.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Operation {
    /// Databases, containers and throughput are created, changed or deleted.
    ChangeCatalogue(Resource),
    /// Documents are written; the id is `None` where the path has none.
    WriteDocuments(ContainerName, Option<String>, Write),
    /// One document is read.
    ReadDocument(ContainerName, String),
    /// Documents are listed or queried.
    ListDocuments(ContainerName),
    /// Documents are read in the order they changed.
    ReadChangeFeed(ContainerName),
    /// Throughput offers are listed or queried.
    ListOffers,
    /// Everything else goes to the emulator as it came.
    Other,
}

impl Operation {
    /// What `method` with `headers` wants of `resource`.
    pub(super) fn of(method: &Method, resource: Resource, headers: &HeaderMap) -> Self {
        let says = |name: &str| says(headers, name);
        let is_query = is_query(headers);
        match (method, resource) {
            (&Method::POST, Resource::Documents(name)) if is_query => Self::ListDocuments(name),
            (&Method::POST, Resource::Documents(name)) => {
                let write = if says("x-ms-cosmos-is-batch-request") {
                    Write::Batch
                } else if says("x-ms-documentdb-is-upsert") {
                    Write::Upsert
                } else {
                    Write::Create
                };
                Self::WriteDocuments(name, None, write)
            }
            (&Method::GET, Resource::Documents(name)) if headers.contains_key("a-im") => {
                Self::ReadChangeFeed(name)
            }
            (&Method::GET, Resource::Documents(name)) => Self::ListDocuments(name),
            (&Method::GET, Resource::Document(name, id)) => Self::ReadDocument(name, id),
            (&Method::PUT, Resource::Document(name, id)) => {
                Self::WriteDocuments(name, Some(id), Write::Replace)
            }
            (&Method::PATCH, Resource::Document(name, id)) => {
                Self::WriteDocuments(name, Some(id), Write::Patch)
            }
            (&Method::DELETE, Resource::Document(name, id)) => {
                Self::WriteDocuments(name, Some(id), Write::Delete)
            }
            (&Method::POST, Resource::Databases | Resource::Containers(_)) if is_query => {
                Self::Other
            }
            (
                &Method::POST | &Method::PUT | &Method::DELETE,
                resource @ (Resource::Databases
                | Resource::Database(_)
                | Resource::Containers(_)
                | Resource::Container(_)
                | Resource::Offer(_)),
            ) => Self::ChangeCatalogue(resource),
            (&Method::GET | &Method::POST, Resource::Offers) => Self::ListOffers,
            _ => Self::Other,
        }
    }
}

/// Whether the body is a query, to be run or to be planned.
pub(super) fn is_query(headers: &HeaderMap) -> bool {
    is_plan(headers)
        || says(headers, "x-ms-documentdb-isquery")
        || says(headers, "x-ms-documentdb-query")
}

/// Whether the body is a query to be planned.
pub(super) fn is_plan(headers: &HeaderMap) -> bool {
    says(headers, "x-ms-cosmos-is-query-plan-request")
}

fn says(headers: &HeaderMap, name: &str) -> bool {
    headers.get(name).is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"true"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name() -> ContainerName {
        ContainerName { database: "colls".into(), container: "docs".into() }
    }

    #[test]
    fn a_path_is_read_by_position_so_that_things_may_be_called_like_keywords() {
        assert_eq!(
            Resource::parse("/dbs/colls/colls/docs/docs/a%2Fb/"),
            Resource::Document(name(), "a/b".into())
        );
        assert_eq!(Resource::parse("/"), Resource::Account);
        assert_eq!(Resource::parse("/dbs/x/colls/y/sprocs/z"), Resource::Other);
    }

    #[test]
    fn headers_tell_a_query_from_a_create() {
        let of = |headers: &[(&'static str, &'static str)]| {
            let headers = headers
                .iter()
                .map(|(name, value)| ((*name).parse().unwrap(), value.parse().unwrap()))
                .collect::<HeaderMap>();
            Operation::of(&Method::POST, Resource::Documents(name()), &headers)
        };
        assert_eq!(of(&[("x-ms-documentdb-isquery", "True")]), Operation::ListDocuments(name()));
        assert_eq!(of(&[]), Operation::WriteDocuments(name(), None, Write::Create));
        assert_eq!(
            of(&[("x-ms-documentdb-is-upsert", "true")]),
            Operation::WriteDocuments(name(), None, Write::Upsert)
        );
        assert_eq!(
            of(&[("x-ms-cosmos-is-batch-request", "True")]),
            Operation::WriteDocuments(name(), None, Write::Batch)
        );
    }
}
