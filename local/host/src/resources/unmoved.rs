//! `resources.json`, which apps had before they had `app.json`: it counts in place of what `app.json` says about
//! resources, until the app has moved.

use std::{io, path::Path};

use serde::Deserialize;
use serde_json::json;

use super::{CosmosDatabase, Resources, ResourcesError};
use crate::{
    app_json::{BlobContainer, CosmosContainer},
    triggers::event_grid::Subscription,
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct File {
    cosmos_db: Option<Database>,
    #[serde(default)]
    queues: Vec<String>,
    #[serde(default)]
    blob_containers: Vec<String>,
    #[serde(default)]
    event_grid_subscriptions: Vec<Subscription>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Database {
    database: String,
    containers: Vec<CosmosContainer>,
}

pub(super) fn read(folder: &Path) -> Result<Option<Resources>, ResourcesError> {
    let path = folder.join("resources.json");
    let text = match std::fs::read(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(ResourcesError::Unreadable { path, source }),
    };
    let malformed = |source| ResourcesError::Malformed { path: path.clone(), source };
    let file: File = serde_json::from_slice(&text).map_err(malformed)?;
    let database = |Database { database: name, containers }| CosmosDatabase { name, containers };
    let containers = file.blob_containers.iter().map(|name| json!({ "name": name }));
    let containers: Result<Vec<BlobContainer>, _> =
        containers.map(serde_json::from_value).collect();
    Ok(Some(Resources {
        databases: file.cosmos_db.map(database).into_iter().collect(),
        queues: file.queues,
        blob_containers: containers.map_err(malformed)?,
        subscriptions: file.event_grid_subscriptions,
    }))
}
