//! Cosmos DB over REST: the account, and what requests to it have in common.

use std::sync::Arc;

use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::{Method, Request, Response};
use http_body_util::Full;
use jiff::Timestamp;
use local_wire::{HttpClient, WireError, escape, rfc1123, sign};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use super::cosmos_container::Container;

/// The version of the REST protocol that is spoken.
const VERSION: &str = "2018-12-31";

/// How requests are let in.
#[derive(Clone)]
pub(crate) enum CosmosAccess {
    /// An emulator that asks nobody.
    Anyone,
    /// Requests are signed with the account's key.
    Key(Vec<u8>),
}

impl std::fmt::Debug for CosmosAccess {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Anyone => "Anyone",
            Self::Key(_) => "Key",
        })
    }
}

impl CosmosAccess {
    /// `None` when the key is not base64.
    pub(crate) fn key(text: &str) -> Option<Self> {
        STANDARD.decode(text).ok().map(Self::Key)
    }
}

/// A Cosmos DB account.
#[derive(Clone, Debug)]
pub(crate) struct CosmosDb {
    base: String,
    access: CosmosAccess,
    client: Arc<HttpClient>,
}

/// What a request is about, for the signature.
pub(super) struct Target<'a> {
    pub(super) kind: &'a str,
    pub(super) link: &'a str,
    pub(super) path: String,
}

impl CosmosDb {
    pub(crate) fn new(base: String, access: CosmosAccess, client: Arc<HttpClient>) -> Self {
        Self { base, access, client }
    }

    /// Whether this is an emulator on this machine, which nobody else uses.
    pub(crate) fn is_local(&self) -> bool {
        matches!(self.access, CosmosAccess::Anyone)
    }

    /// A container of this account.
    pub(crate) fn container(&self, database: &str, container: &str) -> Container {
        Container::new(self.clone(), database, container)
    }

    /// Creates a container, and its database, where they are missing.
    pub(crate) async fn create_container(
        &self,
        database: &str,
        container: &str,
        partition_key: &str,
    ) -> Result<(), WireError> {
        let databases = Target { kind: "dbs", link: "", path: "/dbs".to_owned() };
        let created = self
            .post(&format!("creating database {database}"), databases, &json!({ "id": database }))
            .await;
        unless_conflict(created)?;
        let link = format!("dbs/{database}");
        let containers =
            Target { kind: "colls", link: &link, path: format!("/dbs/{}/colls", escape(database)) };
        let key = json!({ "paths": [partition_key], "kind": "Hash", "version": 2 });
        let body = json!({ "id": container, "partitionKey": key });
        unless_conflict(
            self.post(&format!("creating container {database}/{container}"), containers, &body)
                .await,
        )
    }

    async fn post(
        &self,
        operation: &str,
        target: Target<'_>,
        body: &Value,
    ) -> Result<Response<Bytes>, WireError> {
        self.call(operation, Method::POST, target, &[], body.to_string().into()).await
    }

    /// Sends a request; any status but 2xx and 304 is an error.
    pub(super) async fn call(
        &self,
        operation: &str,
        method: Method,
        target: Target<'_>,
        headers: &[(&'static str, String)],
        body: Bytes,
    ) -> Result<Response<Bytes>, WireError> {
        let date = rfc1123(Timestamp::now()).to_ascii_lowercase();
        let authorization = self.authorization(&method, &target, &date);
        let url = format!("{}{}", self.base, target.path);
        let mut request = Request::builder()
            .method(method)
            .uri(url)
            .header("authorization", authorization)
            .header("x-ms-date", date)
            .header("x-ms-version", VERSION)
            .header("accept", "application/json");
        if !body.is_empty() && !headers.iter().any(|(name, _)| *name == "content-type") {
            request = request.header("content-type", "application/json");
        }
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        let request = request
            .body(Full::new(body))
            .map_err(|error| WireError::unreadable(operation, error))?;
        let response = self.client.send(operation, request).await?;
        let status = response.status().as_u16();
        if response.status().is_success() || status == 304 {
            return Ok(response);
        }
        Err(WireError::Refused {
            operation: operation.to_owned(),
            status,
            code: error_code(response.body()),
        })
    }

    fn authorization(&self, method: &Method, target: &Target<'_>, date: &str) -> String {
        let token = match &self.access {
            CosmosAccess::Anyone => "type=aad&ver=1.0&sig=local".to_owned(),
            CosmosAccess::Key(key) => {
                let method = method.as_str().to_ascii_lowercase();
                let text = format!("{method}\n{}\n{}\n{date}\n\n", target.kind, target.link);
                format!("type=master&ver=1.0&sig={}", sign(key, &text))
            }
        };
        utf8_percent_encode(&token, NON_ALPHANUMERIC).to_string()
    }
}

fn unless_conflict(created: Result<Response<Bytes>, WireError>) -> Result<(), WireError> {
    match created {
        Err(error) if error.has_status(409) => Ok(()),
        created => created.map(|_| ()),
    }
}

/// The first line of the service's message: the rest is ids of its own.
fn error_code(body: &Bytes) -> String {
    let json: Value = serde_json::from_slice(body).unwrap_or_default();
    let text = json["message"].as_str().or(json["code"].as_str()).unwrap_or("without a message");
    text.lines().next().unwrap_or_default().to_owned()
}
