//! Empty blobs whose metadata says something, written on a condition: how processors of Event Hubs share out their work.

use bytes::Bytes;
use http::Method;

use crate::{
    blob::{BlobService, path},
    client::WireError,
    endpoint::Endpoint,
    storage::Call,
};

/// When a marker is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition<'a> {
    /// Whatever is there.
    Always,
    /// When there is none.
    IfNew,
    /// When it still has this entity tag.
    IfMatch(&'a str),
}

impl BlobService {
    /// Whether it is on this machine.
    pub fn is_local(&self) -> bool {
        Endpoint::loopback(&self.0.public_url("")).is_ok()
    }

    /// Writes an empty blob with these headers (`x-ms-meta-…`) and returns its entity tag, or `None` when the condition
    /// does not hold. The container is created when it is missing.
    pub async fn put_marker(
        &self,
        container: &str,
        name: &str,
        metadata: &[(&'static str, String)],
        when: Condition<'_>,
    ) -> Result<Option<String>, WireError> {
        let written = match self.put_marker_once(container, name, metadata, when).await {
            Err(error) if error.has_code("ContainerNotFound") => {
                self.create_container(container).await?;
                self.put_marker_once(container, name, metadata, when).await
            }
            written => written,
        };
        match written {
            Ok(version) => Ok(Some(version)),
            Err(error) if error.has_status(409) || error.has_status(412) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn put_marker_once(
        &self,
        container: &str,
        name: &str,
        metadata: &[(&'static str, String)],
        when: Condition<'_>,
    ) -> Result<String, WireError> {
        let operation = format!("writing a marker to container {container}");
        // The client leaves the length of an empty body out, and the service asks for it.
        let mut headers =
            vec![("x-ms-blob-type", "BlockBlob".to_owned()), ("content-length", "0".to_owned())];
        headers.extend_from_slice(metadata);
        match when {
            Condition::Always => {}
            Condition::IfNew => headers.push(("if-none-match", "*".to_owned())),
            Condition::IfMatch(version) => headers.push(("if-match", version.to_owned())),
        }
        let path = path(container, name);
        let call = Call {
            operation: &operation,
            method: Method::PUT,
            path: &path,
            query: &[],
            headers: &headers,
            body: Bytes::new(),
        };
        let response = self.0.call(call).await?;
        let version = response.headers().get("etag").and_then(|version| version.to_str().ok());
        version
            .map(str::to_owned)
            .ok_or_else(|| WireError::unreadable(&operation, "it has no entity tag"))
    }
}
