//! Files that a package has beside the handler, such as fonts: `"files": { "fonts": "../../crates/invoice-pdf/fonts" }` in
//! `app.json` puts what is in that folder into the folder `fonts` of the package.

use std::{collections::BTreeMap, fs, path::Path};

use serde::Deserialize;

use super::{Entry, json, read};
use crate::failure::Failure;

/// What is read of `app.json`.
#[derive(Default, Deserialize)]
struct Said {
    #[serde(default)]
    files: BTreeMap<String, String>,
}

/// The files, without hidden ones; a folder in such a folder is refused.
pub(super) fn files(app: &Path) -> Result<Vec<Entry>, Failure> {
    let path = app.join("app.json");
    if !path.is_file() {
        return Ok(Vec::new());
    }
    let said = json(&path, &read(&path)?)?;
    let said: Said = serde_json::from_value(said)
        .map_err(|source| Failure::Json { what: path.display().to_string(), source })?;
    let mut entries = Vec::new();
    for (name, folder) in said.files {
        if name.is_empty() || !name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()) {
            return Err(Failure::FilesName { name });
        }
        if app.join("src/functions").join(&name).exists() {
            return Err(Failure::FilesName { name });
        }
        entries.extend(of_folder(&name, &app.join(folder))?);
    }
    Ok(entries)
}

fn of_folder(name: &str, folder: &Path) -> Result<Vec<Entry>, Failure> {
    let reading = |source| Failure::file("reading", folder, source);
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder).map_err(reading)? {
        let path = entry.map_err(reading)?.path();
        let Some(file) = path.file_name().and_then(|file| file.to_str()) else {
            return Err(Failure::NoFile { path: path.display().to_string() });
        };
        if file.starts_with('.') {
            continue;
        }
        if !path.is_file() {
            return Err(Failure::NoFile { path: path.display().to_string() });
        }
        let bytes = read(&path)?;
        entries.push(Entry { name: format!("{name}/{file}"), bytes, executable: false });
    }
    if entries.is_empty() {
        return Err(Failure::NoFile { path: folder.display().to_string() });
    }
    Ok(entries)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contents::{contents, tests::bakery};

    fn of(app_json: &str) -> Result<Vec<String>, Failure> {
        let root = bakery();
        let folder = root.path();
        fs::create_dir_all(folder.join("moulds/nested")).unwrap();
        fs::create_dir_all(folder.join("recipes")).unwrap();
        fs::write(folder.join("recipes/cake.txt"), "flour").unwrap();
        fs::write(folder.join("recipes/.hidden"), "").unwrap();
        fs::write(folder.join("bakery/app.json"), app_json).unwrap();
        let app = folder.join("bakery");
        let entries = contents(&folder.join("host.json"), &app, &folder.join("binary"))?;
        let files = entries.into_iter().filter(|entry| !entry.executable);
        Ok(files.map(|entry| entry.name).filter(|name| !name.ends_with(".json")).collect())
    }

    #[test]
    fn the_files_of_a_folder_are_in_the_package_under_the_name_that_the_app_gives_them() {
        assert_eq!(of(r#"{"files": {"recipes": "../recipes"}}"#).unwrap(), ["recipes/cake.txt"]);
        assert!(of("{}").unwrap().is_empty());
    }

    #[test]
    fn a_name_that_is_taken_or_none_and_a_folder_without_files_are_refused() {
        for (files, problem) in [
            (r#"{"cake": "../recipes"}"#, "files.cake"),
            (r#"{"../up": "../recipes"}"#, "files.../up"),
            (r#"{"recipes": "../nowhere"}"#, "nowhere"),
            (r#"{"moulds": "../moulds"}"#, "moulds/nested"),
        ] {
            let failure = of(&format!(r#"{{"files": {files}}}"#)).unwrap_err().to_string();
            assert!(failure.contains(problem), "{failure}");
        }
    }
}
