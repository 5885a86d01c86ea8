//! Sample data: `sample/<container>.json` in an app's folder, an array of documents that an empty container starts
//! with.

use std::{
    io,
    path::{Path, PathBuf},
};

use http::Method;
use serde_json::{Value, json};

use super::{
    CosmosDatabase, ResourcesError, at,
    provision::{CosmosCall, Services, refusal},
};
use crate::app_json::CosmosContainer;

/// Fills every empty container that has a file.
pub(super) async fn fill(
    folder: &Path,
    databases: &[CosmosDatabase],
    services: &Services<'_>,
) -> Result<(), ResourcesError> {
    for path in files(&folder.join("sample"))? {
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        let mut all = databases.iter().flat_map(|database| {
            database.containers.iter().map(move |container| (database, container))
        });
        let Some((database, container)) = all.find(|(_, container)| container.name == name) else {
            return Err(ResourcesError::NoContainer { path });
        };
        let documents = read(&path)?;
        fill_container(&path, &database.name, container, &documents, services).await?;
    }
    Ok(())
}

async fn fill_container(
    path: &Path,
    database: &str,
    container: &CosmosContainer,
    documents: &[Value],
    services: &Services<'_>,
) -> Result<(), ResourcesError> {
    let target = format!("dbs/{database}/colls/{}/docs", container.name);
    if !is_empty(&target, services).await? {
        return Ok(());
    }
    for (index, document) in documents.iter().enumerate() {
        let key = at(document, &container.partition_key).ok_or_else(|| {
            ResourcesError::NoPartitionKey {
                path: path.to_owned(),
                number: index + 1,
                partition_key: container.partition_key.clone(),
            }
        })?;
        let doing = format!("writing document {} of {}", index + 1, path.display());
        let headers = [
            ("x-ms-documentdb-partitionkey", json!([key]).to_string()),
            ("prefer", "return=minimal".to_owned()),
        ];
        let call = CosmosCall {
            doing: &doing,
            method: Method::POST,
            path: &target,
            headers: &headers,
            body: Some(document),
        };
        let (status, body) = services.cosmos(call).await?;
        if !status.is_success() {
            return Err(refusal(&doing, status, &body));
        }
    }
    Ok(())
}

async fn is_empty(target: &str, services: &Services<'_>) -> Result<bool, ResourcesError> {
    let doing = format!("looking whether {target} is empty");
    let headers = [("x-ms-max-item-count", "1".to_owned())];
    let call = CosmosCall {
        doing: &doing,
        method: Method::GET,
        path: target,
        headers: &headers,
        body: None,
    };
    let (status, body) = services.cosmos(call).await?;
    if !status.is_success() {
        return Err(refusal(&doing, status, &body));
    }
    let answer: Value = serde_json::from_slice(&body).map_err(|error| ResourcesError::Refused {
        doing,
        what: format!("the answer is no JSON: {error}"),
    })?;
    Ok(answer["_count"] == 0)
}

fn files(folder: &Path) -> Result<Vec<PathBuf>, ResourcesError> {
    let unreadable = |source| ResourcesError::Unreadable { path: folder.to_owned(), source };
    let entries = match folder.read_dir() {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(unreadable(error)),
    };
    let paths: Result<Vec<_>, _> = entries.map(|entry| entry.map(|entry| entry.path())).collect();
    let mut paths = paths.map_err(unreadable)?;
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    paths.sort();
    Ok(paths)
}

fn read(path: &Path) -> Result<Vec<Value>, ResourcesError> {
    let text = std::fs::read(path)
        .map_err(|source| ResourcesError::Unreadable { path: path.to_owned(), source })?;
    serde_json::from_slice(&text)
        .map_err(|source| ResourcesError::Malformed { path: path.to_owned(), source })
}
