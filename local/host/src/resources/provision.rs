//! Creating an app's resources in the local services, over their protocols.

use bytes::Bytes;
use http::{
    Method, Request, StatusCode,
    header::{CONTENT_TYPE, IF_NONE_MATCH},
};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use serde_json::{Value, json};
use std::{path::Path, time::Duration};
use tokio::time::timeout;

use super::{CosmosDatabase, Resources, ResourcesError, sample, sample_blobs};
use crate::{
    app_json::{Capture, ConsumerGroup, CosmosContainer, EventHub},
    endpoints::Endpoints,
    local_endpoints,
};

/// How long a local service may take for one answer.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(10);

/// Nobody waits on a laptop for five minutes until a window of captured events is over.
const CAPTURE_MAX_SECONDS: u32 = 10;

/// The largest answer that is read, in bytes.
const ANSWER_MAX_BYTES: usize = 1 << 20;

/// Creates what `resources` declares and is missing, and fills empty containers from `folder/sample`.
pub(crate) async fn provision(
    folder: &Path,
    resources: &Resources,
    endpoints: &Endpoints,
) -> Result<(), ResourcesError> {
    let services = Services::new(endpoints);
    for queue in &resources.queues {
        services.create_queue(queue).await?;
    }
    for container in &resources.blob_containers {
        services.create_blob_container(&container.name).await?;
    }
    for database in &resources.databases {
        services.create_database(database).await?;
    }
    sample::fill(folder, &resources.databases, &services).await?;
    sample_blobs::put(folder, &resources.blob_containers, &services).await
}

/// Creates event hubs, once the blob containers of all apps are there.
pub(crate) async fn provision_hubs(
    hubs: &[EventHub],
    endpoints: &Endpoints,
) -> Result<(), ResourcesError> {
    let services = Services::new(endpoints);
    for hub in hubs {
        services.create_event_hub(hub).await?;
    }
    Ok(())
}

/// Creates the consumer groups that `resources` declares, once the hubs of all apps are there.
pub(crate) async fn provision_groups(
    resources: &Resources,
    endpoints: &Endpoints,
) -> Result<(), ResourcesError> {
    let services = Services::new(endpoints);
    for group in &resources.consumer_groups {
        services.create_consumer_group(group).await?;
    }
    Ok(())
}

/// The local services, as far as this module needs them.
pub(super) struct Services<'a> {
    endpoints: &'a Endpoints,
    http: Client<HttpConnector, Full<Bytes>>,
}

/// A request to Cosmos DB.
pub(super) struct CosmosCall<'a> {
    pub(super) doing: &'a str,
    pub(super) method: Method,
    /// Without the slash at its start.
    pub(super) path: &'a str,
    pub(super) headers: &'a [(&'static str, String)],
    pub(super) body: Option<&'a Value>,
}

impl<'a> Services<'a> {
    fn new(endpoints: &'a Endpoints) -> Self {
        Self { endpoints, http: Client::builder(TokioExecutor::new()).build(HttpConnector::new()) }
    }

    async fn create_queue(&self, name: &str) -> Result<(), ResourcesError> {
        let doing = format!("creating queue {name}");
        let url = format!("{}/{name}?{}", self.endpoints.queue, local_endpoints::signature());
        self.create_storage(&doing, &url).await
    }

    async fn create_blob_container(&self, name: &str) -> Result<(), ResourcesError> {
        let doing = format!("creating blob container {name}");
        let url = format!(
            "{}/{name}?restype=container&{}",
            self.endpoints.blob,
            local_endpoints::signature()
        );
        self.create_storage(&doing, &url).await
    }

    /// Puts a blob, unless there is one of that name.
    pub(super) async fn put_blob(
        &self,
        container: &str,
        name: &str,
        (content, content_type): (Vec<u8>, &str),
    ) -> Result<(), ResourcesError> {
        let doing = format!("putting the blob {container}/{name}");
        let signature = local_endpoints::signature();
        let url = format!("{}/{container}/{name}?{signature}", self.endpoints.blob);
        let request = Request::put(url)
            .header("x-ms-version", "2024-11-04")
            .header("x-ms-blob-type", "BlockBlob")
            .header(CONTENT_TYPE, content_type)
            .header(IF_NONE_MATCH, "*")
            .body(Full::from(content));
        let (status, body) = self.send(&doing, request).await?;
        existing_is_fine(&doing, status, &body)
    }

    async fn create_storage(&self, doing: &str, url: &str) -> Result<(), ResourcesError> {
        let request = Request::put(url).header("x-ms-version", "2024-11-04").body(Full::default());
        let (status, body) = self.send(doing, request).await?;
        existing_is_fine(doing, status, &body)
    }

    async fn create_event_hub(&self, hub: &EventHub) -> Result<(), ResourcesError> {
        let doing = format!("creating event hub {}", hub.name);
        let mut body = json!({ "partitions": hub.partitions });
        if let Some(hours) = hub.retention_hours {
            body["retentionHours"] = hours.into();
        }
        if let Some(Capture { container, seconds, bytes }) = &hub.capture {
            let seconds = (*seconds).min(CAPTURE_MAX_SECONDS);
            body["capture"] = json!({ "container": container, "seconds": seconds, "bytes": bytes });
        }
        self.create_in_event_hubs(&doing, &hub.name, body.to_string()).await
    }

    async fn create_consumer_group(&self, group: &ConsumerGroup) -> Result<(), ResourcesError> {
        let ConsumerGroup { name, event_hub } = group;
        let doing = format!("creating consumer group {name} of event hub {event_hub}");
        let path = format!("{event_hub}/consumergroups/{name}");
        self.create_in_event_hubs(&doing, &path, String::new()).await
    }

    /// A hub that is there with another number of partitions is refused.
    async fn create_in_event_hubs(
        &self,
        doing: &str,
        path: &str,
        body: String,
    ) -> Result<(), ResourcesError> {
        let url = format!("{}$local/eventhubs/{path}", self.endpoints.event_hubs);
        let (status, body) = self.send(doing, Request::put(url).body(Full::from(body))).await?;
        if status.is_success() { Ok(()) } else { Err(refusal(doing, status, &body)) }
    }

    async fn create_database(&self, database: &CosmosDatabase) -> Result<(), ResourcesError> {
        let doing = format!("creating database {}", database.name);
        self.create_in_cosmos(&doing, "dbs", &json!({ "id": database.name })).await?;
        for container in &database.containers {
            let doing = format!("creating container {}/{}", database.name, container.name);
            let path = format!("dbs/{}/colls", database.name);
            self.create_in_cosmos(&doing, &path, &definition(container)).await?;
        }
        Ok(())
    }

    async fn create_in_cosmos(
        &self,
        doing: &str,
        path: &str,
        body: &Value,
    ) -> Result<(), ResourcesError> {
        let call = CosmosCall { doing, method: Method::POST, path, headers: &[], body: Some(body) };
        let (status, body) = self.cosmos(call).await?;
        existing_is_fine(doing, status, &body)
    }

    pub(super) async fn cosmos(
        &self,
        call: CosmosCall<'_>,
    ) -> Result<(StatusCode, Bytes), ResourcesError> {
        let url = format!("{}{}", self.endpoints.cosmos, call.path);
        // The local account takes any Entra token; it has no other identity to ask for.
        let mut request = Request::builder()
            .method(call.method)
            .uri(url)
            .header("authorization", "type%3Daad%26ver%3D1.0%26sig%3Dlocal")
            .header("x-ms-version", "2020-07-15")
            .header(CONTENT_TYPE, "application/json");
        for (name, value) in call.headers {
            request = request.header(*name, value);
        }
        let body = call.body.map(Value::to_string).unwrap_or_default();
        self.send(call.doing, request.body(Full::from(body))).await
    }

    async fn send(
        &self,
        doing: &str,
        request: Result<Request<Full<Bytes>>, http::Error>,
    ) -> Result<(StatusCode, Bytes), ResourcesError> {
        let refused = |what: String| ResourcesError::Refused { doing: doing.to_owned(), what };
        let request = request.map_err(|error| refused(format!("{error}; check the name")))?;
        let exchange = async {
            let response =
                self.http.request(request).await.map_err(|error| refused(error.to_string()))?;
            let (parts, body) = response.into_parts();
            let body = Limited::new(body, ANSWER_MAX_BYTES).collect().await;
            Ok((parts.status, body.map_err(|error| refused(error.to_string()))?.to_bytes()))
        };
        let late =
            || Err(refused(format!("the local service gave no answer within {ANSWER_TIMEOUT:?}")));
        timeout(ANSWER_TIMEOUT, exchange).await.unwrap_or_else(|_| late())
    }
}

fn definition(container: &CosmosContainer) -> Value {
    let mut definition = json!({
        "id": container.name,
        "partitionKey": { "paths": [container.partition_key], "kind": "Hash", "version": 2 },
    });
    if let Some(seconds) = container.default_ttl_seconds {
        definition["defaultTtl"] = seconds.into();
    }
    if !container.unique_keys.is_empty() {
        let keys: Vec<_> =
            container.unique_keys.iter().map(|paths| json!({ "paths": paths })).collect();
        definition["uniqueKeyPolicy"] = json!({ "uniqueKeys": keys });
    }
    definition
}

fn existing_is_fine(doing: &str, status: StatusCode, body: &[u8]) -> Result<(), ResourcesError> {
    if status.is_success() || status == StatusCode::CONFLICT {
        return Ok(());
    }
    Err(refusal(doing, status, body))
}

pub(super) fn refusal(doing: &str, status: StatusCode, body: &[u8]) -> ResourcesError {
    let what = format!("the local service answered {status}: {}", String::from_utf8_lossy(body));
    ResourcesError::Refused { doing: doing.to_owned(), what }
}
