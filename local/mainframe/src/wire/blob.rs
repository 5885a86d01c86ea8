//! The blobs that claim checks point to.

use bytes::Bytes;
use http::Method;

use super::client::{Endpoint, HttpClient, WireError, escape};

/// The blob service, for reading.
#[derive(Clone, Debug)]
pub(crate) struct Payloads(HttpClient);

impl Payloads {
    pub(crate) fn new(endpoint: Endpoint) -> Self {
        Self(HttpClient::new(endpoint))
    }

    /// The blob at `container/name`, or `None` when there is none.
    pub(crate) async fn get(&self, path: &str) -> Result<Option<Bytes>, WireError> {
        let escaped: String = path.split('/').map(|part| format!("/{}", escape(part))).collect();
        match self.0.send("reading a payload", Method::GET, &escaped, "", String::new()).await {
            Ok(answer) => Ok(Some(answer.into_body())),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(error),
        }
    }
}
