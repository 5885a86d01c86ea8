//! `every-app.json`: settings that every app can be given.

use std::{collections::BTreeMap, path::Path};

use serde::Deserialize;

use super::{AppJsonError, Setting, read};

/// The name of the file, beside the apps' folders.
const EVERY_APP_JSON: &str = "every-app.json";

/// Settings that mean the same to every app.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EveryApp {
    #[serde(default)]
    settings: BTreeMap<String, Setting>,
}

impl EveryApp {
    /// Reads the file in the folder that holds the apps' folders; there need not be one.
    pub(super) fn read(functions: &Path) -> Result<Self, AppJsonError> {
        Ok(read(&functions.join(EVERY_APP_JSON))?.unwrap_or_default())
    }

    /// Gives an app's settings that say nothing themselves what is written here. A setting that Azure is not told is
    /// the host's own, and no app has to name it.
    pub(super) fn complete(self, settings: &mut BTreeMap<String, Setting>) {
        for (name, shared) in self.settings {
            let is_the_hosts = shared.azure.is_none();
            match settings.get_mut(&name) {
                Some(own) if *own == Setting::default() => *own = shared,
                None if is_the_hosts => drop(settings.insert(name, shared)),
                _ => {}
            }
        }
    }
}
