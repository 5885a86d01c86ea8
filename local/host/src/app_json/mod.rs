//! `app.json`: the one file about an app that the host, the package and Terraform read. What it says for Azure alone is
//! known here by name and otherwise left to Terraform.

mod capture;
mod every_app;
mod files;
mod names;
mod owned;

use std::{
    collections::BTreeMap,
    io,
    num::NonZeroU32,
    path::{Path, PathBuf},
};

use serde::{Deserialize, de::IgnoredAny};

pub use capture::Capture;
pub use names::SharedName;
pub use owned::{BlobContainer, ConsumerGroup, CosmosContainer, EventHub, Owned, Uses};

pub(crate) use names::shared_name;

use crate::{host_json::OVERRIDE_PREFIX, triggers::event_grid::Subscription};
use every_app::EveryApp;
use files::Files;

/// The name of the file in an app's folder.
pub(crate) const APP_JSON: &str = "app.json";

/// What an app is: what it owns and uses, what it is told, and who works with it.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AppJson {
    /// What it is there for, in a few words.
    #[serde(default)]
    pub purpose: String,
    /// What belongs to it and to nobody else.
    #[serde(default)]
    pub owns: Owned,
    /// What it does with its own things and those of others.
    #[serde(default)]
    pub uses: Uses,
    /// Its settings by name.
    #[serde(default)]
    pub settings: BTreeMap<String, Setting>,
    /// What overrides `host.json` for this app alone, as settings: `AzureFunctionsJobHost__…`.
    #[serde(default)]
    pub host: BTreeMap<String, String>,
    /// Whom its pages are for.
    #[serde(default)]
    pub people: Vec<People>,
    /// Which events reach which of its functions.
    #[serde(default)]
    pub event_subscriptions: Vec<Subscription>,
    /// Folders of files that its package has beside the handler.
    #[serde(default)]
    pub files: Files,
    #[serde(default, rename = "team")]
    _team: IgnoredAny,
    #[serde(default, rename = "memoryMb")]
    _memory_mb: IgnoredAny,
    #[serde(default, rename = "maximumInstances")]
    _maximum_instances: IgnoredAny,
    #[serde(default, rename = "alwaysReady")]
    _always_ready: BTreeMap<String, NonZeroU32>,
    #[serde(default, rename = "calledBy")]
    _called_by: IgnoredAny,
    #[serde(default, rename = "partners")]
    _partners: IgnoredAny,
    #[serde(default, rename = "signsUrls")]
    _signs_urls: IgnoredAny,
    #[serde(default, rename = "contentSafety")]
    _content_safety: IgnoredAny,
    #[serde(default, rename = "sendsEmail")]
    _sends_email: IgnoredAny,
}

/// One setting of an app.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Setting {
    /// Its value on this machine; absent: as `every-app.json` says, or none.
    #[serde(default)]
    pub local: Option<String>,
    /// Where its value comes from in Azure.
    #[serde(default)]
    pub azure: Option<AzureValue>,
}

/// Where the value of a setting comes from in Azure. Terraform resolves it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum AzureValue {
    /// Written here.
    Value(String),
    /// A secret of this name in the key vault.
    Secret(String),
    /// A secret of this name in the key vault that is agreed with another company and put in by people.
    AgreedSecret(String),
    /// Something of the region: the endpoint of a service, the log level.
    Platform(String),
    /// The address of another app.
    UrlOf(String),
    /// The scope under which another app is asked for a token.
    ScopeOf(String),
}

/// Whom a page is for.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct People {
    /// The role that the page asks for.
    pub role: String,
    /// Its path.
    pub page: String,
}

/// Why an app's `app.json` cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum AppJsonError {
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
    /// A member of `host` that would override nothing.
    #[error(
        "{path}: host.{name} overrides nothing; write AzureFunctionsJobHost__ and the path of host.json with two \
         underscores between the names, for example AzureFunctionsJobHost__extensions__queues__batchSize"
    )]
    NoOverride {
        /// The file.
        path: PathBuf,
        /// The member.
        name: String,
    },
    /// A member of `files` that no package can have.
    #[error(
        "{path}: files.{name}: {folder} is no folder, or {name} is no name for one in a package; write the name in small \
         letters and digits, and the folder from that of the app, such as \"fonts\": \"../../crates/invoice-pdf/fonts\""
    )]
    NoFiles {
        /// The file.
        path: PathBuf,
        /// The member.
        name: String,
        /// What it says.
        folder: PathBuf,
    },
}

impl AppJson {
    /// Reads `app.json` in an app's folder and `every-app.json` beside that folder; without `app.json` an app owns
    /// nothing and has no settings of its own.
    pub fn read(folder: &Path) -> Result<Self, AppJsonError> {
        let path = folder.join(APP_JSON);
        let Some(mut app) = read::<Self>(&path)? else { return Ok(Self::default()) };
        if let Some(name) = app.host.keys().find(|name| !name.starts_with(OVERRIDE_PREFIX)) {
            return Err(AppJsonError::NoOverride { path, name: name.clone() });
        }
        app.files.check(folder, &path)?;
        if let Some(functions) = folder.parent() {
            EveryApp::read(functions)?.complete(&mut app.settings);
        }
        Ok(app)
    }

    /// The values of its settings on this machine, those that override `host.json` included.
    pub(crate) fn local_settings(&self) -> impl Iterator<Item = (&str, &str)> {
        let of_settings = self
            .settings
            .iter()
            .filter_map(|(name, setting)| Some((name.as_str(), setting.local.as_deref()?)));
        of_settings.chain(self.host.iter().map(|(name, value)| (name.as_str(), value.as_str())))
    }
}

/// A file that need not be there.
fn read<T: for<'de> Deserialize<'de>>(path: &Path) -> Result<Option<T>, AppJsonError> {
    match std::fs::read(path) {
        Ok(text) => serde_json::from_slice(&text)
            .map(Some)
            .map_err(|source| AppJsonError::Malformed { path: path.to_owned(), source }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(AppJsonError::Unreadable { path: path.to_owned(), source }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(app: &str, every_app: Option<&str>) -> Result<AppJson, String> {
        let functions = tempfile::tempdir().unwrap();
        let folder = functions.path().join("shop");
        std::fs::create_dir(&folder).unwrap();
        std::fs::write(folder.join(APP_JSON), app).unwrap();
        if let Some(text) = every_app {
            std::fs::write(functions.path().join("every-app.json"), text).unwrap();
        }
        AppJson::read(&folder).map_err(|error| error.to_string())
    }

    #[test]
    fn an_unknown_member_is_refused_with_its_file_name_and_place() {
        for (text, member, line) in [
            ("{\n \"queues\": []\n}", "`queues`", "line 2"),
            ("{\"owns\":\n{\"queue\": []}}", "`queue`", "line 2"),
            ("{\"settings\":{\"A\":{\"value\": \"x\"}}}", "`value`", "line 1"),
            ("{\"settings\":{\"A\":{\"azure\":{\"vault\": \"x\"}}}}", "`vault`", "line 1"),
            ("{\"eventSubscriptions\":[{\"retries\": 1}]}", "`retries`", "line 1"),
            ("{\"alwaysReady\":{\"http\": 0}}", "nonzero", "line 1"),
        ] {
            let error = read(text, None).unwrap_err();
            for part in ["app.json", member, line] {
                assert!(error.contains(part), "{part}: {error}");
            }
        }
        let error = read("{}", Some("{\"containers\": []}")).unwrap_err();
        assert!(error.contains("every-app.json") && error.contains("`containers`"), "{error}");
    }

    #[test]
    fn a_setting_without_a_value_has_that_of_every_app_and_only_what_is_named_is_given() {
        let every_app = r#"{"settings": {
            "HOST_OWN": {"local": "h"},
            "SHARED": {"local": "s", "azure": {"secret": "S"}},
            "NOT_ASKED_FOR": {"local": "n", "azure": {"value": "n"}}}}"#;
        let text = r#"{"settings": {"SHARED": {}, "OWN": {"local": "o"}, "OPTIONAL": {}},
                       "host": {"AzureFunctionsJobHost__a__b": "1"}}"#;
        let app = read(text, Some(every_app)).unwrap();
        let settings: Vec<_> = app.local_settings().collect();
        assert_eq!(
            settings,
            [
                ("HOST_OWN", "h"),
                ("OWN", "o"),
                ("SHARED", "s"),
                ("AzureFunctionsJobHost__a__b", "1")
            ]
        );
    }

    #[test]
    fn an_override_that_overrides_nothing_is_refused() {
        let error = read(r#"{"host": {"queues__batchSize": "1"}}"#, None).unwrap_err();
        assert!(error.contains("host.queues__batchSize overrides nothing"), "{error}");
    }

    #[test]
    fn a_folder_without_the_file_owns_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let app = AppJson::read(folder.path()).unwrap();
        assert_eq!(app.owns, Owned::default());
        assert_eq!(app.local_settings().count(), 0);
    }

    #[test]
    fn the_apps_of_this_repository_are_read() {
        let functions = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../functions");
        for folder in functions.read_dir().unwrap() {
            let folder = folder.unwrap().path();
            if folder.is_dir() {
                AppJson::read(&folder).unwrap();
            }
        }
    }
}
