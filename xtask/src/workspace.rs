//! The workspace and its apps: an app is a folder below `functions/`.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::failure::Failure;

pub(crate) struct Workspace {
    root: PathBuf,
}

/// An app: folder, package and binary have its name.
pub(crate) struct App {
    pub(crate) name: String,
    pub(crate) folder: PathBuf,
}

impl Workspace {
    /// The one that this program was built in.
    pub(crate) fn ours() -> Self {
        let own = Path::new(env!("CARGO_MANIFEST_DIR"));
        Self::at(own.parent().expect("xtask is a folder of the workspace"))
    }

    pub(crate) fn at(root: &Path) -> Self {
        Self { root: root.to_owned() }
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// The names of all apps, sorted.
    pub(crate) fn apps(&self) -> Result<Vec<String>, Failure> {
        let folder = self.root.join("functions");
        let reading = |source| Failure::file("reading", &folder, source);
        let mut names = Vec::new();
        for entry in fs::read_dir(&folder).map_err(reading)? {
            let entry = entry.map_err(reading)?;
            if entry.path().join("Cargo.toml").is_file() {
                names.push(entry.file_name().to_string_lossy().into_owned());
            }
        }
        names.sort();
        Ok(names)
    }

    /// The named apps, or all of them if none is named.
    pub(crate) fn chosen(&self, names: &[String]) -> Result<Vec<App>, Failure> {
        let known = self.apps()?;
        if let Some(name) = names.iter().find(|name| !known.contains(name)) {
            return Err(Failure::UnknownApp { name: name.clone(), known });
        }
        let names = if names.is_empty() { &known } else { names };
        let folder = |name: &String| self.root.join("functions").join(name);
        Ok(names.iter().map(|name| App { name: name.clone(), folder: folder(name) }).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn workspace() -> (tempfile::TempDir, Workspace) {
        let root = tempfile::tempdir().unwrap();
        for app in ["orders", "bakery"] {
            fs::create_dir_all(root.path().join("functions").join(app)).unwrap();
            fs::write(root.path().join("functions").join(app).join("Cargo.toml"), "").unwrap();
        }
        fs::create_dir(root.path().join("functions/notes")).unwrap();
        let workspace = Workspace::at(root.path());
        (root, workspace)
    }

    #[test]
    fn all_apps_are_meant_if_none_is_named() {
        let (_root, workspace) = workspace();
        let names: Vec<_> =
            workspace.chosen(&[]).unwrap().into_iter().map(|app| app.name).collect();
        assert_eq!(names, ["bakery", "orders"]);
    }

    #[test]
    fn an_unknown_app_is_answered_with_the_known_ones() {
        let (_root, workspace) = workspace();
        let failure = workspace.chosen(&["bakrey".to_owned()]).err().unwrap();
        assert_eq!(
            failure.to_string(),
            "there is no app `bakrey` in functions/; the apps are bakery, orders"
        );
    }
}
