//! App settings: what a handler finds in its environment and what `%NAME%` stands for.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use function_json::{expand_all, expand_settings};
use serde::Deserialize;

use crate::app_json::APP_JSON;

/// The settings of one app. The host's own options come first, then the process environment, then
/// `local.settings.json` (which never overrides the environment, as in Core Tools), then what the app's `app.json` and
/// `every-app.json` say, then `local.settings.sample.json`.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// What is added to the inherited environment.
    added: BTreeMap<String, String>,
    /// Where each that an app or a file names comes from.
    sources: BTreeMap<String, &'static str>,
    /// Tests take no part in the environment they happen to run in.
    inherits: bool,
}

/// The file that a developer keeps.
const DEVELOPERS_FILE: &str = "local.settings.json";

/// What is read when there is no such file.
const SAMPLE_FILE: &str = "local.settings.sample.json";

/// Where a value comes from that no file has.
const OPTIONS: &str = "options";
const ENVIRONMENT: &str = "environment";

/// Why a settings file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// It cannot be read.
    #[error("reading {path}: {source}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// It is not JSON of the form `{"Values": {"NAME": "text"}}`.
    #[error("reading {path}: {source}; write {{\"Values\": {{\"NAME\": \"value\"}}}}")]
    Malformed {
        /// The file.
        path: PathBuf,
        /// Where and what.
        source: serde_json::Error,
    },
    /// It is encrypted by Core Tools.
    #[error("reading {path}: its values are encrypted; run `func settings decrypt` in that folder")]
    Encrypted {
        /// The file.
        path: PathBuf,
    },
}

#[derive(Deserialize)]
struct File {
    #[serde(default, rename = "Values", alias = "values")]
    values: BTreeMap<String, String>,
    #[serde(default, rename = "IsEncrypted", alias = "isEncrypted")]
    is_encrypted: bool,
}

impl Settings {
    /// The settings of an app whose `host.json` is in `folder`. `adapt` sees each value that comes from a file or from
    /// `extra`, so that well-known local endpoints can be exchanged for the actual ones.
    pub(crate) fn load<'a>(
        folder: &Path,
        declared: impl IntoIterator<Item = (&'a str, &'a str)>,
        extra: &BTreeMap<String, String>,
        adapt: impl Fn(&str) -> String,
    ) -> Result<Self, SettingsError> {
        let (file, others) = match read_file(&folder.join(DEVELOPERS_FILE))? {
            Some(values) => (DEVELOPERS_FILE, values),
            None => (SAMPLE_FILE, read_file(&folder.join(SAMPLE_FILE))?.unwrap_or_default()),
        };
        let others = others.into_iter().map(|(name, value)| (name, (file, value)));
        let mut found: BTreeMap<String, (&'static str, String)> = others.collect();
        for (name, value) in declared {
            let has_developers = found.get(name).is_some_and(|(file, _)| *file == DEVELOPERS_FILE);
            if !has_developers {
                found.insert(name.to_owned(), (APP_JSON, value.to_owned()));
            }
        }
        let extra = extra.iter().map(|(name, value)| (name.clone(), (OPTIONS, value.clone())));
        found.extend(extra);
        let (mut added, mut sources) = (BTreeMap::new(), BTreeMap::new());
        for (name, (source, value)) in found {
            let from_environment = source != OPTIONS && std::env::var_os(&name).is_some();
            sources.insert(name.clone(), if from_environment { ENVIRONMENT } else { source });
            if !from_environment {
                added.insert(name, adapt(&value));
            }
        }
        Ok(Self { added, sources, inherits: true })
    }

    /// Adds a setting that nobody has set, not even to nothing.
    pub(crate) fn add_missing(&mut self, name: &str, value: String) {
        if self.get(name).is_none() {
            self.added.insert(name.to_owned(), value);
        }
    }

    /// Exactly these settings, nothing from the environment.
    pub fn of<const N: usize>(settings: [(&str, &str); N]) -> Self {
        let added =
            settings.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        Self { added, sources: BTreeMap::new(), inherits: false }
    }

    /// A setting's value. Names are exact, as environment variables are.
    pub fn get(&self, name: &str) -> Option<String> {
        self.added
            .get(name)
            .cloned()
            .or_else(|| if self.inherits { std::env::var(name).ok() } else { None })
    }

    /// All settings whose name begins with `prefix`, the prefix removed.
    pub fn with_prefix(&self, prefix: &str) -> BTreeMap<String, String> {
        let inherited = self.inherits.then(std::env::vars_os).into_iter().flatten();
        let inherited = inherited.filter_map(|(name, value)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        });
        let added = self.added.iter().map(|(name, value)| (name.clone(), value.clone()));
        inherited
            .chain(added)
            .filter_map(|(name, value)| Some((name.strip_prefix(prefix)?.to_owned(), value)))
            .collect()
    }

    /// The name of each setting that the app or a file names, and where its value comes from: `options` of the host,
    /// `environment`, or a file.
    pub(crate) fn sources(&self) -> impl Iterator<Item = (&str, &'static str)> {
        self.sources.iter().map(|(name, source)| (name.as_str(), *source))
    }

    /// What is to be added to the inherited environment of a handler.
    pub(crate) fn added(&self) -> &BTreeMap<String, String> {
        &self.added
    }

    /// Replaces each `%NAME%` by its value; a name without a value is an error that returns it.
    pub fn resolve(&self, text: &str) -> Result<String, String> {
        expand_settings(text, |name| self.get(name).ok_or_else(|| name.to_owned()))
    }

    /// Replaces each `%NAME%` by its value, or by nothing when it has none, as the host does on the command line.
    pub(crate) fn expand_or_empty(&self, text: &str, own: &[(&str, String)]) -> String {
        expand_all(text, |name| {
            let own = own.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone());
            own.or_else(|| self.get(name)).unwrap_or_default()
        })
    }
}

/// The values of a settings file that need not be there.
fn read_file(path: &Path) -> Result<Option<BTreeMap<String, String>>, SettingsError> {
    let path = path.to_owned();
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(SettingsError::Unreadable { path, source }),
    };
    match serde_json::from_str::<File>(text.trim_start_matches('\u{feff}')) {
        Ok(file) if file.is_encrypted => Err(SettingsError::Encrypted { path }),
        Ok(file) => Ok(Some(file.values)),
        Err(source) => Err(SettingsError::Malformed { path, source }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_percent_signs_are_replaced_and_other_percent_signs_stay() {
        let settings = Settings::of([("QUEUE", "orders"), ("A.b", "x")]);
        assert_eq!(settings.resolve("%QUEUE%-poison"), Ok("orders-poison".into()));
        assert_eq!(settings.resolve("100 % of %A.b%, 5%"), Ok("100 % of x, 5%".into()));
        assert_eq!(settings.resolve("%MISSING%"), Err("MISSING".into()));
        assert_eq!(
            settings.expand_or_empty("[%MISSING%|%PORT%]", &[("PORT", "80".into())]),
            "[|80]"
        );
    }

    #[test]
    fn options_win_over_the_developers_file_that_over_the_app_and_the_app_over_the_sample() {
        let folder = tempfile::tempdir().unwrap();
        let write =
            |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
        write("local.settings.sample.json", r#"{"Values":{"IOMMI_TEST_A":"sample"}}"#);
        let with = |declared: Option<(&str, &str)>, extra| {
            Settings::load(folder.path(), declared, &extra, str::to_owned)
                .unwrap()
                .get("IOMMI_TEST_A")
        };
        assert_eq!(with(None, BTreeMap::new()), Some("sample".into()));
        let load = |extra| with(Some(("IOMMI_TEST_A", "app")), extra);
        assert_eq!(load(BTreeMap::new()), Some("app".into()));
        write("local.settings.json", r#"{"IsEncrypted":false,"Values":{"IOMMI_TEST_A":"mine"}}"#);
        assert_eq!(load(BTreeMap::new()), Some("mine".into()));
        assert_eq!(
            load(BTreeMap::from([("IOMMI_TEST_A".into(), "option".into())])),
            Some("option".into())
        );
    }

    #[test]
    fn the_environment_wins_over_the_file() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("local.settings.json"), r#"{"Values":{"PATH":"mine"}}"#)
            .unwrap();
        let settings =
            Settings::load(folder.path(), None, &BTreeMap::new(), str::to_owned).unwrap();
        assert_eq!(settings.get("PATH"), std::env::var("PATH").ok());
        assert_eq!(settings.sources().collect::<Vec<_>>(), [("PATH", ENVIRONMENT)]);
    }

    #[test]
    fn a_value_that_is_no_text_is_an_error_that_names_the_file() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("local.settings.json"), r#"{"Values":{"A":1}}"#).unwrap();
        let error = Settings::load(folder.path(), None, &BTreeMap::new(), str::to_owned)
            .unwrap_err()
            .to_string();
        assert!(error.contains("local.settings.json") && error.contains("\"Values\""), "{error}");
    }
}
