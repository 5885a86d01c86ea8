//! `local.settings.sample.json`: every setting that any app reads with the value that works locally, gathered from
//! `functions/every-app.json` and each app's `app.json`.

use std::{collections::BTreeMap, fs, path::Path};

use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::{failure::Failure, workspace::Workspace};

/// The port of the gateway, as in Azure Functions Core Tools.
const LOCAL_HTTP_PORT: u16 = 7071;
const FILE: &str = "local.settings.sample.json";

/// What the sample needs of an `app.json`.
#[derive(Deserialize)]
struct Settings {
    settings: Map<String, Value>,
}

/// Writes the file and answers with its name.
pub(crate) fn write(workspace: &Workspace) -> Result<&'static str, Failure> {
    let path = workspace.root().join(FILE);
    fs::write(&path, sample(workspace)?)
        .map_err(|source| Failure::file("writing", &path, source))?;
    Ok(FILE)
}

/// The text of the file.
fn sample(workspace: &Workspace) -> Result<String, Failure> {
    let functions = workspace.root().join("functions");
    let mut values = Map::new();
    let mut said_by: BTreeMap<String, String> = BTreeMap::new();
    let mut files = vec!["every-app.json".to_owned()];
    files.extend(workspace.apps()?.iter().map(|app| format!("{app}/app.json")));
    for file in files {
        for (name, setting) in read(&functions.join(&file))?.settings {
            let Some(local) = setting.get("local") else { continue };
            match values.get(&name) {
                Some(known) if known != local => {
                    let other = said_by.remove(&name).unwrap_or_default();
                    return Err(Failure::TwoValues { name, one: other, other: file });
                }
                Some(_) => {}
                None => {
                    values.insert(name.clone(), local.clone());
                    said_by.insert(name, file.clone());
                }
            }
        }
    }
    let sample = json!({
        "IsEncrypted": false,
        "Values": values,
        "Host": { "LocalHttpPort": LOCAL_HTTP_PORT },
    });
    Ok(format!("{sample:#}\n"))
}

fn read(path: &Path) -> Result<Settings, Failure> {
    let text = fs::read(path).map_err(|source| Failure::file("reading", path, source))?;
    serde_json::from_slice(&text)
        .map_err(|source| Failure::Json { what: path.display().to_string(), source })
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;

    #[test]
    fn the_sample_is_what_the_apps_say() {
        let workspace = Workspace::ours();
        let file = fs::read_to_string(workspace.root().join(FILE)).unwrap();
        assert_eq!(file, sample(&workspace).unwrap(), "write it anew: cargo xtask settings");
    }

    #[test]
    fn two_apps_with_two_values_for_one_setting_are_told_of() {
        let root = tempfile::tempdir().unwrap();
        let write = |file: &str, text: &str| {
            let path = root.path().join("functions").join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        write("every-app.json", r#"{ "settings": { "LOG_LEVEL": { "local": "warn" } } }"#);
        for (app, pace) in [("bakery", "slow"), ("orders", "quick")] {
            write(&format!("{app}/Cargo.toml"), "");
            let text = json!({ "settings": { "LOG_LEVEL": {}, "PACE": { "local": pace } } });
            write(&format!("{app}/app.json"), &text.to_string());
        }
        let failure = sample(&Workspace::at(root.path())).err().unwrap().to_string();
        assert!(failure.contains("bakery/app.json and orders/app.json"), "{failure}");
        assert!(failure.contains("PACE"), "{failure}");
    }
}
