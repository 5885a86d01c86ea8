//! Cosmos DB's containers and their documents.

use askama::Template;
use local_data::Service;
use serde::Serialize;
use serde_json::Value;

use super::{
    Visit, answers::Refusal, frame::Frame, overview::Reading, queues::refuse_disturbed,
    services::ContainerSummary,
};

/// What Cosmos DB adds to each document.
const OF_THE_SERVICE: [&str; 5] = ["_rid", "_self", "_etag", "_attachments", "_ts"];

#[derive(Template, Serialize)]
#[template(path = "containers.html")]
#[serde(rename_all = "camelCase")]
pub(super) struct Containers {
    #[serde(skip)]
    frame: Frame,
    containers: Reading<ContainerSummary>,
}

impl Containers {
    pub(super) async fn of(visit: &Visit) -> Self {
        let read = visit.page.services.containers();
        let containers = Reading::of(visit, Service::Cosmos, read).await;
        Self { frame: Frame::new(visit, "Containers", "containers"), containers }
    }
}

#[derive(Template, Serialize)]
#[template(path = "container.html")]
#[serde(rename_all = "camelCase")]
pub(super) struct ContainerPage {
    #[serde(skip)]
    frame: Frame,
    database: String,
    name: String,
    #[serde(skip)]
    views: Vec<DocumentView>,
    documents: Vec<Value>,
    continuation: Option<String>,
}

struct DocumentView {
    id: String,
    /// Indented, without what the service adds.
    json: String,
    /// When it was written last, and its ETag.
    about: String,
}

impl ContainerPage {
    pub(super) async fn of(visit: &Visit, database: &str, name: &str) -> Result<Self, Refusal> {
        refuse_disturbed(visit, Service::Cosmos)?;
        let services = &visit.page.services;
        let page = services.documents(database, name, visit.query("continuation")).await;
        let page = page.map_err(Refusal::service)?;
        Ok(Self {
            frame: Frame::new(visit, format!("{database}/{name}"), "containers"),
            database: database.to_owned(),
            name: name.to_owned(),
            views: page.items.iter().map(DocumentView::new).collect(),
            documents: page.items,
            continuation: page.next,
        })
    }
}

impl DocumentView {
    fn new(document: &Value) -> Self {
        let mut own = document.clone();
        if let Value::Object(object) = &mut own {
            object.retain(|name, _| !OF_THE_SERVICE.contains(&name.as_str()));
        }
        let written = document["_ts"].as_i64().and_then(|s| jiff::Timestamp::from_second(s).ok());
        let written = written.map(|at| at.to_string()).unwrap_or_default();
        let etag = document["_etag"].as_str().unwrap_or_default();
        Self {
            id: document["id"].as_str().unwrap_or_default().to_owned(),
            json: serde_json::to_string_pretty(&own).unwrap_or_default(),
            about: format!("written {written}, ETag {etag}"),
        }
    }
}
