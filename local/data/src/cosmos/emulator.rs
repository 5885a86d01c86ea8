//! Microsoft's in-memory emulator out of `azure_data_cosmos_driver`, spoken to in requests and replies.
//!
//! The only file that knows the driver: its emulator is an internal feature without a stability promise, which
//! is why the version is pinned.

use std::sync::Arc;

use azure_core::http::{
    Method, Request, Url,
    headers::{HeaderName as CoreName, HeaderValue as CoreValue},
};
use azure_data_cosmos_driver::{
    binary_json,
    in_memory_emulator::{
        ConsistencyLevel, InMemoryEmulatorHttpClient, VirtualAccountConfig, VirtualRegion,
    },
};
use http::{HeaderMap, HeaderName, StatusCode};
use tokio::{runtime::Handle, task::spawn_blocking};

use super::{
    message::{Call, Reply, ascii_header},
    rules::bad_request,
};

/// The one region the account advertises.
const REGION: &str = "East US";
/// One process, one copy of the data, every read sees every write: sessions are always up to date. A token of an
/// earlier run would be refused as being from the future (404/1002), so none is passed on. And replies come as
/// JSON text, never in the driver's binary form, so that this adapter can read them.
const NOT_PASSED_ON: [&str; 2] =
    ["x-ms-session-token", "x-ms-cosmos-supported-serialization-formats"];

/// The emulator, and the address by which it knows itself.
#[derive(Clone, Debug)]
pub(super) struct Emulator {
    client: Arc<InMemoryEmulatorHttpClient>,
    url: Url,
}

impl Emulator {
    /// An empty account at `url`. Clients read this address in the account document and call it from then on.
    pub(super) fn new(url: &str) -> Result<Self, String> {
        let url: Url = url.parse().map_err(|e| format!("{url} is no URL: {e}"))?;
        let account = VirtualAccountConfig::new(vec![VirtualRegion::new(REGION, url.clone())])
            .map_err(|e| e.to_string())?
            .with_consistency(ConsistencyLevel::Session);
        let client = InMemoryEmulatorHttpClient::try_new(account).map_err(|e| e.to_string())?;
        Ok(Self { client: Arc::new(client), url })
    }

    /// Another account at the same address, empty.
    pub(super) fn empty_twin(&self) -> Result<Self, String> {
        Self::new(self.url.as_str())
    }

    /// The same, of a request for which the emulator looks through all documents of a container: on a thread of its own,
    /// since whoever asks for one document shall not wait that long.
    pub(super) async fn look_through(&self, call: Call) -> Reply {
        let (emulator, runtime) = (self.clone(), Handle::current());
        let looked = spawn_blocking(move || runtime.block_on(emulator.execute(&call)));
        looked.await.unwrap_or_else(|error| {
            let message = format!("the query failed inside the service: {error}");
            Reply::error(StatusCode::INTERNAL_SERVER_ERROR, "InternalServerError", &message)
        })
    }

    /// Does what `call` asks. Bodies are handed over, not copied.
    pub(super) async fn execute(&self, call: &Call) -> Reply {
        let Ok(method) = call.method.as_str().parse::<Method>() else {
            let message = format!("the method {} is not supported on /{}", call.method, call.path);
            return Reply::error(StatusCode::METHOD_NOT_ALLOWED, "MethodNotAllowed", &message);
        };
        let mut url = self.url.clone();
        url.set_path(&call.path);
        let mut request = Request::new(url, method);
        for name in call.headers.keys().filter(|name| !NOT_PASSED_ON.contains(&name.as_str())) {
            if let Some(value) = call.header(name.as_str()) {
                request.insert_header(
                    CoreName::from(name.as_str().to_owned()),
                    CoreValue::from(value.to_owned()),
                );
            }
        }
        request.set_body(call.body.clone());
        let buffered = match self.client.execute_request(&request).await {
            Ok(response) => response.try_into_raw_response().await.map_err(|e| e.to_string()),
            Err(error) => Err(error.to_string()),
        };
        match buffered {
            Ok(response) => {
                let (status, headers, body) = response.deconstruct();
                Reply {
                    status: status_code(status),
                    headers: Box::new(header_map(&headers)),
                    body: body.into(),
                }
            }
            Err(message) => {
                Reply::error(StatusCode::INTERNAL_SERVER_ERROR, "InternalServerError", &message)
            }
        }
    }
}

fn status_code(status: azure_core::http::StatusCode) -> StatusCode {
    StatusCode::from_u16(u16::from(status)).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

fn header_map(headers: &azure_core::http::headers::Headers) -> HeaderMap {
    headers
        .iter()
        .filter_map(|(name, value)| {
            Some((name.as_str().parse::<HeaderName>().ok()?, ascii_header(value.as_str())?))
        })
        .collect()
}

/// The same request with its body as JSON text: the Rust SDK may send the driver's binary form.
pub(super) fn as_text(mut call: Call) -> Result<Call, Reply> {
    if binary_json::is_binary(&call.body) {
        call.body = binary_json::transcode_to_text(&call.body)
            .map_err(|e| bad_request(&format!("the request body is no binary JSON: {e}")))?
            .into();
    }
    Ok(call)
}
