//! What an app owns in Cosmos DB, queues and blobs: `resources.json` in its folder. Terraform reads the same file in
//! Azure; here the containers and queues are created in the local services when the host starts.

mod provision;
mod sample;

use std::{
    io,
    path::{Path, PathBuf},
};

use serde::Deserialize;
use serde_json::Value;

pub(crate) use provision::provision;

use crate::{App, triggers::event_grid::Subscription};

const FILE: &str = "resources.json";

/// What an app owns.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Resources {
    /// The database and its containers.
    #[serde(default)]
    pub cosmos_db: Option<CosmosDatabase>,
    /// Queues by name.
    #[serde(default)]
    pub queues: Vec<String>,
    /// Blob containers by name.
    #[serde(default)]
    pub blob_containers: Vec<String>,
    /// Which events reach which function.
    #[serde(default)]
    pub event_grid_subscriptions: Vec<Subscription>,
}

/// A database in Cosmos DB.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CosmosDatabase {
    /// Its name; apps may share it.
    pub database: String,
    /// Its containers.
    pub containers: Vec<CosmosContainer>,
}

/// A container in Cosmos DB.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CosmosContainer {
    /// Its name.
    pub name: String,
    /// The path of its partition key: `/id`.
    pub partition_key: String,
    /// Seconds after which items expire; −1: only those that have a `ttl` of their own; absent: never.
    #[serde(default)]
    pub default_ttl_seconds: Option<i64>,
    /// Sets of paths whose values are unique within a partition key.
    #[serde(default)]
    pub unique_keys: Vec<Vec<String>>,
}

/// Why an app's resources could not be read or created.
#[derive(Debug, thiserror::Error)]
pub enum ResourcesError {
    /// A file cannot be read.
    #[error("reading {path}: {source}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A file does not say what it should.
    #[error("reading {path}: {source}")]
    Malformed {
        /// The file.
        path: PathBuf,
        /// Where and what.
        source: serde_json::Error,
    },
    /// A file of sample data that belongs to no container.
    #[error(
        "{path}: {FILE} of this app declares no container of that name; declare it or remove the file"
    )]
    NoContainer {
        /// The file.
        path: PathBuf,
    },
    /// A document without a partition key.
    #[error(
        "{path}: document {number} has no value at {partition_key}, the container's partition key"
    )]
    NoPartitionKey {
        /// The file.
        path: PathBuf,
        /// Its place in the file, from 1.
        number: usize,
        /// The path of the partition key.
        partition_key: String,
    },
    /// A local service refused.
    #[error("{doing}: {what}")]
    Refused {
        /// What was being created.
        doing: String,
        /// What the service answered.
        what: String,
    },
}

impl Resources {
    /// Reads `resources.json` in an app's folder; without the file an app owns nothing.
    pub fn read(folder: &Path) -> Result<Self, ResourcesError> {
        let path = folder.join(FILE);
        match std::fs::read(&path) {
            Ok(text) => serde_json::from_slice(&text)
                .map_err(|source| ResourcesError::Malformed { path, source }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self::default()),
            Err(source) => Err(ResourcesError::Unreadable { path, source }),
        }
    }

    /// What is declared for functions that the app does not have, one message each.
    pub(crate) fn strays(&self, app: &App) -> Vec<String> {
        let path = app.source.folder().join(FILE);
        let functions = app.functions.iter().map(|function| function.name.as_str());
        let known: Vec<&str> =
            functions.chain(app.broken.iter().map(|broken| broken.name.as_str())).collect();
        let declared = self.event_grid_subscriptions.iter().map(|one| one.function.as_str());
        let strays = declared.filter(|function| !known.contains(function));
        let stray = |function| {
            format!(
                "{}: eventGridSubscriptions names the function {function}, which does not exist; there are: {}",
                path.display(),
                known.join(", ")
            )
        };
        strays.map(stray).collect()
    }
}

/// The value at a path such as `/address/city`.
fn at<'a>(document: &'a Value, path: &str) -> Option<&'a Value> {
    path.split('/').skip(1).try_fold(document, |value, name| value.get(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Resources, String> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(FILE), text).unwrap();
        Resources::read(folder.path()).map_err(|error| error.to_string())
    }

    #[test]
    fn an_unknown_key_is_refused_with_its_name_and_place() {
        let error = read("{\n \"queue\": []\n}").unwrap_err();
        assert!(
            error.contains("resources.json")
                && error.contains("`queue`")
                && error.contains("line 2"),
            "{error}"
        );
    }

    #[test]
    fn a_subscription_for_a_function_that_is_not_there_is_named_with_those_that_are() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("Ingest")).unwrap();
        for (path, text) in [
            ("host.json", r#"{"customHandler":{"description":{"defaultExecutablePath":"app"}}}"#),
            ("Ingest/function.json", r#"{"bindings":[{"type":"eventGridTrigger","name":"e"}]}"#),
            (
                FILE,
                r#"{"eventGridSubscriptions":[{"function":"Ingest","source":"blob","container":"c"},
                                              {"function":"Ingset","source":"blob","container":"c"}]}"#,
            ),
        ] {
            std::fs::write(folder.path().join(path), text).unwrap();
        }
        let source = crate::discovery::folder_app(folder.path()).unwrap();
        let app = crate::loading::load(source, &std::collections::BTreeMap::new(), str::to_owned)
            .unwrap();
        let strays = Resources::read(folder.path()).unwrap().strays(&app);
        assert_eq!(strays.len(), 1, "{strays:?}");
        for part in ["resources.json", "the function Ingset", "there are: Ingest"] {
            assert!(strays[0].contains(part), "{part}: {strays:?}");
        }
    }

    #[test]
    fn a_folder_without_the_file_owns_nothing() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(Resources::read(folder.path()).unwrap(), Resources::default());
    }

    #[test]
    fn everything_but_names_and_keys_may_be_left_out() {
        let resources = read(
            r#"{"cosmosDb":{"database":"d","containers":[{"name":"c","partitionKey":"/id"}]},"queues":["q"]}"#,
        )
        .unwrap();
        let container = &resources.cosmos_db.unwrap().containers[0];
        assert_eq!((container.default_ttl_seconds, container.unique_keys.len()), (None, 0));
        assert_eq!(resources.queues, ["q"]);
    }
}
