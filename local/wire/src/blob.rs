//! The Blob service.

use bytes::Bytes;
use http::{HeaderMap, Method};
use serde_json::{Map, Value, json};

use crate::{
    client::WireError,
    endpoint::escape,
    storage::{Call, Storage, parse_rfc1123},
};

/// A storage account's blobs.
#[derive(Clone, Debug)]
pub struct BlobService(pub(crate) Storage);

/// A blob read whole.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredBlob {
    /// Its address, without any signature.
    pub url: String,
    /// Its bytes.
    pub content: Bytes,
    /// The properties as the trigger shows them.
    pub properties: Value,
    /// Its own metadata: text by name.
    pub metadata: Map<String, Value>,
}

impl BlobService {
    /// The blobs of that account.
    pub fn new(storage: Storage) -> Self {
        Self(storage)
    }

    /// Reads a blob; `None` when it, or its container, is not there.
    pub async fn read(&self, container: &str, name: &str) -> Result<Option<StoredBlob>, WireError> {
        let operation = format!("reading a blob of container {container}");
        let path = path(container, name);
        let call = Call {
            operation: &operation,
            method: Method::GET,
            path: &path,
            query: &[],
            headers: &[],
            body: Bytes::new(),
        };
        match self.0.call(call).await {
            Ok(response) => Ok(Some(StoredBlob {
                url: self.0.public_url(&format!(
                    "/{}/{}",
                    escape(container),
                    name.split('/').map(escape).collect::<Vec<_>>().join("/")
                )),
                properties: properties(response.headers(), response.body().len()),
                metadata: metadata(response.headers()),
                content: response.into_body(),
            })),
            Err(error) if error.has_status(404) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Writes a block blob over whatever was there, and creates the container when it is missing.
    pub async fn write(
        &self,
        container: &str,
        name: &str,
        content: &Bytes,
    ) -> Result<(), WireError> {
        match self.put(container, name, content).await {
            Err(error) if error.has_code("ContainerNotFound") => {
                self.create_container(container).await?;
                self.put(container, name, content).await
            }
            written => written,
        }
    }

    async fn put(&self, container: &str, name: &str, content: &Bytes) -> Result<(), WireError> {
        let operation = format!("writing a blob to container {container}");
        let headers = [
            ("x-ms-blob-type", "BlockBlob".to_owned()),
            ("content-type", "application/octet-stream".to_owned()),
        ];
        let path = path(container, name);
        let call = Call {
            operation: &operation,
            method: Method::PUT,
            path: &path,
            query: &[],
            headers: &headers,
            body: content.clone(),
        };
        self.0.call(call).await.map(|_| ())
    }

    pub(crate) async fn create_container(&self, container: &str) -> Result<(), WireError> {
        let operation = format!("creating container {container}");
        let path = format!("/{}", escape(container));
        let query = [("restype", "container".to_owned())];
        let call = Call {
            operation: &operation,
            method: Method::PUT,
            path: &path,
            query: &query,
            headers: &[],
            body: Bytes::new(),
        };
        match self.0.call(call).await {
            Err(error) if error.has_code("ContainerAlreadyExists") => Ok(()),
            created => created.map(|_| ()),
        }
    }
}

/// Slashes of a blob's name are escaped: the service splits the path before it decodes it.
pub(crate) fn path(container: &str, name: &str) -> String {
    format!("/{}/{}", escape(container), escape(name))
}

fn properties(headers: &HeaderMap, length: usize) -> Value {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let moment = |name: &str| text(name).and_then(parse_rfc1123).map(|moment| moment.to_string());
    json!({
        "LastModified": moment("last-modified"),
        "CreatedOn": moment("x-ms-creation-time"),
        "ContentLength": length,
        "ContentType": text("content-type"),
        "ContentEncoding": text("content-encoding"),
        "ETag": text("etag"),
        "BlobType": text("x-ms-blob-type"),
    })
}

fn metadata(headers: &HeaderMap) -> Map<String, Value> {
    let own = headers.iter().filter_map(|(name, value)| {
        let name = name.as_str().strip_prefix("x-ms-meta-")?;
        Some((name.to_owned(), value.to_str().ok()?.into()))
    });
    own.collect()
}
