//! A running storage account, and the two ways to talk to it: the official SDK and plain HTTP.

use std::time::Duration;

use azure_core::http::{ClientOptions, RetryOptions, Url};
use azure_storage_blob::{BlobContainerClient, BlobServiceClient, BlobServiceClientOptions};
use azure_storage_queue::{QueueClient, QueueServiceClient, QueueServiceClientOptions};
use local_data::{DataServices, Options, account_sas};
use reqwest::{Method, RequestBuilder, Response, StatusCode};

/// A test that waits longer than this for an answer has failed.
const DEADLINE: Duration = Duration::from_secs(30);

/// The services, an HTTP client, and a signature that opens everything.
pub(crate) struct Account {
    pub(crate) services: DataServices,
    pub(crate) http: reqwest::Client,
    pub(crate) sas: String,
}

/// What an answer said.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    headers: reqwest::header::HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Account {
    /// An empty account in memory.
    pub(crate) async fn empty() -> Self {
        Self::start(Options::ephemeral()).await
    }

    /// An account with these options.
    pub(crate) async fn start(options: Options) -> Self {
        // The HTTP client asks for a TLS implementation even where none is used; the second test of a process finds one.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let services = DataServices::start(options).await.expect("the services start");
        let http = reqwest::Client::builder().no_proxy().timeout(DEADLINE).build().unwrap();
        let sas = account_sas("2099-01-01T00:00:00Z".parse().unwrap());
        Self { services, http, sas }
    }

    /// The SDK's client, as a handler builds it: an endpoint with a signature, and no credential.
    pub(crate) fn blobs(&self) -> BlobServiceClient {
        let options =
            BlobServiceClientOptions { client_options: impatient(), ..Default::default() };
        BlobServiceClient::new(self.signed(self.services.blob_url()), None, Some(options)).unwrap()
    }

    /// A new container, through the SDK.
    pub(crate) async fn container(&self, name: &str) -> BlobContainerClient {
        let container = self.blobs().blob_container_client(name);
        container.create(None).await.unwrap();
        container
    }

    /// A new queue, through the SDK.
    pub(crate) async fn queue(&self, name: &str) -> QueueClient {
        let options =
            QueueServiceClientOptions { client_options: impatient(), ..Default::default() };
        let service =
            QueueServiceClient::new(self.signed(self.services.queue_url()), None, Some(options))
                .unwrap();
        let queue = service.queue_client(name).unwrap();
        queue.create(None).await.unwrap();
        queue
    }

    /// A plain request to the blob service, signed: `blob(PUT, "photos/a.jpg")`.
    pub(crate) fn blob(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, self.address(self.services.blob_url(), path))
    }

    /// A plain request that puts a block blob.
    pub(crate) fn put(&self, path: &str, content: impl Into<reqwest::Body>) -> RequestBuilder {
        self.blob(Method::PUT, path).header("x-ms-blob-type", "BlockBlob").body(content)
    }

    /// A plain request to the queue service, signed.
    pub(crate) fn message(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, self.address(self.services.queue_url(), path))
    }

    /// Creates a container by a plain request.
    pub(crate) async fn create_container(&self, name: &str) {
        let created = answer(self.blob(Method::PUT, &format!("{name}?restype=container"))).await;
        assert_eq!(created.status, StatusCode::CREATED);
    }

    fn address(&self, endpoint: &str, path: &str) -> String {
        let separator = if path.contains('?') { '&' } else { '?' };
        format!("{endpoint}/{path}{separator}{}", self.sas)
    }

    fn signed(&self, endpoint: &str) -> Url {
        format!("{endpoint}?{}", self.sas).parse().unwrap()
    }
}

/// Sends a request and takes in its answer.
pub(crate) async fn answer(request: RequestBuilder) -> Answer {
    let response: Response = request.send().await.unwrap();
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    Answer { status, headers, body: response.bytes().await.unwrap().to_vec() }
}

impl Answer {
    /// A header's text, or "".
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }

    /// Status and error code.
    pub(crate) fn refusal(&self) -> (u16, &str) {
        (self.status, self.header("x-ms-error-code"))
    }

    /// The body's text.
    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    /// The text of the first element of that name in the body.
    pub(crate) fn element(&self, name: &str) -> &str {
        let (_, rest) = self.text().split_once(&format!("<{name}>")).unwrap_or_default();
        rest.split_once(&format!("</{name}>")).unwrap_or_default().0
    }

    /// The texts of all elements of that name in the body.
    pub(crate) fn elements(&self, name: &str) -> Vec<&str> {
        let parts = self.text().split(&format!("<{name}>")).skip(1).collect::<Vec<_>>();
        parts
            .into_iter()
            .map(|part| part.split_once(&format!("</{name}>")).unwrap_or_default().0)
            .collect()
    }
}

/// Without retries: what is refused is seen at once.
fn impatient() -> ClientOptions {
    ClientOptions { retry: RetryOptions::none(), ..Default::default() }
}
