//! Folders of files that an app's package has beside the handler, such as fonts. Here they stay where they are, and the
//! handler is told where that is.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use serde::Deserialize;

use super::AppJsonError;

/// Before a folder's name it is the variable that tells the handler where the folder is on this machine.
const VARIABLE_PREFIX: &str = "FILES__";

/// By their names in the package: folders, from that of the app.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Files(BTreeMap<String, PathBuf>);

impl Files {
    /// Each is a folder in the folder of the app or elsewhere, and can be one in a package.
    pub(super) fn check(&self, app: &Path, path: &Path) -> Result<(), AppJsonError> {
        let is_name = |name: &str| {
            !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        };
        match self.0.iter().find(|(name, folder)| !is_name(name) || !app.join(folder).is_dir()) {
            None => Ok(()),
            Some((name, folder)) => Err(AppJsonError::NoFiles {
                path: path.to_owned(),
                name: name.clone(),
                folder: folder.clone(),
            }),
        }
    }

    /// The variables that tell the handler of the app in this folder where its files are.
    pub(crate) fn variables(&self, app: &Path) -> impl Iterator<Item = (String, String)> {
        self.0.iter().map(move |(name, folder)| {
            let folder = app.join(folder);
            let folder = folder.canonicalize().unwrap_or(folder);
            (format!("{VARIABLE_PREFIX}{name}"), folder.to_string_lossy().into_owned())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::{APP_JSON, AppJson};

    #[test]
    fn the_handler_is_told_where_its_files_are() {
        let root = tempfile::tempdir().unwrap();
        let (app, fonts) = (root.path().join("functions/shop"), root.path().join("crates/fonts"));
        std::fs::create_dir_all(&app).unwrap();
        std::fs::create_dir_all(&fonts).unwrap();
        std::fs::write(app.join(APP_JSON), r#"{"files": {"fonts": "../../crates/fonts"}}"#)
            .unwrap();
        let read = AppJson::read(&app).unwrap();
        let variables: Vec<_> = read.files.variables(&app).collect();
        let fonts = fonts.canonicalize().unwrap().display().to_string();
        assert_eq!(variables, [("FILES__fonts".to_owned(), fonts)]);
    }

    #[test]
    fn a_folder_that_is_not_there_or_has_no_name_for_a_package_is_refused() {
        let app = tempfile::tempdir().unwrap();
        std::fs::create_dir(app.path().join("there")).unwrap();
        for (text, name) in [
            (r#"{"files": {"fonts": "nowhere"}}"#, "files.fonts: nowhere"),
            (r#"{"files": {"host.json": "there"}}"#, "files.host.json: there"),
            (r#"{"files": {"": "there"}}"#, "files.: there"),
        ] {
            std::fs::write(app.path().join(APP_JSON), text).unwrap();
            let error = AppJson::read(app.path()).unwrap_err().to_string();
            assert!(error.contains(name), "{error}");
        }
    }
}
