//! A running account, and the two ways to talk to it: the official SDK and plain HTTP.

use std::{sync::Arc, time::Duration};

use azure_core::credentials::{AccessToken, TokenCredential, TokenRequestOptions};
use azure_data_cosmos::{
    AccountReference, CosmosClient, RoutingStrategy, clients::ContainerClient,
};
use local_data::{DataServices, Options};
use serde_json::{Value, json};

/// The services, an HTTP client, and a database `db` in the account.
pub(crate) struct Account {
    pub(crate) services: DataServices,
    pub(crate) http: reqwest::Client,
}

/// Any bearer string will do on loopback.
#[derive(Debug)]
struct LocalToken;

#[async_trait::async_trait]
impl TokenCredential for LocalToken {
    async fn get_token(
        &self,
        _: &[&str],
        _: Option<TokenRequestOptions<'_>>,
    ) -> azure_core::Result<AccessToken> {
        let expires =
            azure_core::time::OffsetDateTime::now_utc() + azure_core::time::Duration::days(1);
        Ok(AccessToken::new("local".to_owned(), expires))
    }
}

impl Account {
    /// An empty account in memory.
    pub(crate) async fn empty() -> Self {
        Self::start(Options::ephemeral()).await
    }

    /// An account with these options; the database `db` is there afterwards.
    pub(crate) async fn start(options: Options) -> Self {
        let services = DataServices::start(options).await.expect("the services start");
        let account = Self { services, http: http_client() };
        account
            .request("POST", "dbs", &[])
            .body(json!({ "id": "db" }).to_string())
            .send()
            .await
            .expect("create db");
        account
    }

    /// A container `id` with the partition key `/pk`, and the SDK's client for it.
    pub(crate) async fn container(&self, id: &str) -> ContainerClient {
        self.container_with(id, json!({})).await
    }

    /// The same with further container properties.
    pub(crate) async fn container_with(&self, id: &str, properties: Value) -> ContainerClient {
        self.define(id, properties).await;
        self.client(id).await
    }

    /// Creates a container by plain HTTP.
    pub(crate) async fn define(&self, id: &str, properties: Value) {
        let mut body =
            json!({ "id": id, "partitionKey": { "paths": ["/pk"], "kind": "Hash", "version": 2 } });
        let properties = properties.as_object().expect("properties are an object").clone();
        body.as_object_mut().expect("an object").extend(properties);
        let created = self
            .request("POST", "dbs/db/colls", &[])
            .body(body.to_string())
            .send()
            .await
            .expect("create container");
        assert_eq!(created.status(), 201, "{}", created.text().await.unwrap_or_default());
    }

    /// The SDK's client for a container that exists.
    pub(crate) async fn client(&self, id: &str) -> ContainerClient {
        sdk_client(self.services.cosmos_url(), id).await
    }

    /// A plain request to `path` below the account's address.
    pub(crate) fn request(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
    ) -> reqwest::RequestBuilder {
        request(&self.http, self.services.cosmos_url(), method, path, headers)
    }

    /// The text of the answer to a plain request, with its status.
    pub(crate) async fn answer(&self, request: reqwest::RequestBuilder) -> (u16, Value) {
        answer(request).await
    }

    /// The ids a query finds in one container, by plain HTTP over all ranges.
    pub(crate) async fn ids(&self, container: &str) -> Vec<String> {
        let body = json!({ "query": "SELECT VALUE c.id FROM c ORDER BY c.id", "parameters": [] });
        let headers = [("x-ms-documentdb-isquery", "true"), ("x-ms-max-item-count", "-1")];
        let request = self
            .request("POST", &format!("dbs/db/colls/{container}/docs"), &headers)
            .body(body.to_string());
        let (status, body) = self.answer(request).await;
        assert_eq!(status, 200, "{body}");
        serde_json::from_value(body["Documents"].clone()).expect("ids")
    }
}

/// The SDK's client for `db`/`id` at an address, over HTTP/2 without TLS.
pub(crate) async fn sdk_client(url: &str, id: &str) -> ContainerClient {
    install_tls();
    let endpoint = url.parse().expect("an endpoint");
    let account = AccountReference::with_credential(
        endpoint,
        Arc::new(LocalToken) as Arc<dyn TokenCredential>,
    );
    let client = CosmosClient::builder().build(account, RoutingStrategy::PreferredRegions(vec![]));
    let client = client.await.expect("a client");
    client.database_client("db").container_client(id, None).await.expect("a container client")
}

/// HTTP clients ask for a TLS implementation even where none is used; the second of a process finds one.
fn install_tls() {
    let _ = rustls::crypto::ring::default_provider().install_default();
}

/// An HTTP client that gives up rather than hang.
pub(crate) fn http_client() -> reqwest::Client {
    install_tls();
    reqwest::Client::builder()
        .timeout(Duration::from_secs(20))
        .no_proxy()
        .build()
        .expect("an HTTP client")
}

/// A plain request with a bearer token.
pub(crate) fn request(
    http: &reqwest::Client,
    url: &str,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
) -> reqwest::RequestBuilder {
    let method = method.parse().expect("a method");
    let mut request = http
        .request(method, format!("{url}{path}"))
        .header("authorization", "type%3daad%26ver%3d1.0%26sig%3dx");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request
}

/// Status and JSON body; an empty body is null.
pub(crate) async fn answer(request: reqwest::RequestBuilder) -> (u16, Value) {
    let response = request.send().await.expect("an answer");
    let status = response.status().as_u16();
    let text = response.text().await.expect("a body");
    let body =
        if text.is_empty() { Value::Null } else { serde_json::from_str(&text).expect("JSON") };
    (status, body)
}
