//! Finding apps.

use std::{
    io,
    path::{Path, PathBuf},
};

use crate::{
    AppJsonError, AppSource, Executable, HostJsonError, HostStorageError, SettingsError,
    sources::FUNCTIONS,
};

/// The file that makes a folder a function.
pub(crate) const FUNCTION_JSON: &str = "function.json";
pub(crate) const HOST_JSON: &str = "host.json";

/// Why there is nothing to run.
#[derive(Debug, thiserror::Error)]
pub enum DiscoveryError {
    /// No folder upwards is our workspace.
    #[error(
        "no workspace here: {start} and the folders above it hold no Cargo.toml beside a functions folder; change to \
         the project's folder, or run an app folder with `iommi start PATH`"
    )]
    NoWorkspace {
        /// Where the search began.
        start: PathBuf,
    },
    /// The workspace has no app.
    #[error(
        "no apps found in {folder}: an app is a folder there with src/functions/<function>/function.json; CONTRIBUTING.md \
         tells how to add one"
    )]
    NoApps {
        /// `functions`.
        folder: PathBuf,
    },
    /// The folder has no function.
    #[error(
        "no functions found in {folder}: a function is a folder immediately below it with a function.json (deeper ones \
         are not looked at, as in Azure)"
    )]
    NoFunctions {
        /// The app's folder.
        folder: PathBuf,
    },
    /// The app is not a folder.
    #[error(
        "{path} is not a folder: PATH must be a folder that holds host.json and function folders (each with a \
         function.json)"
    )]
    NotAFolder {
        /// What was given.
        path: PathBuf,
    },
    /// A folder cannot be read.
    #[error("reading {path}: {source}")]
    Unreadable {
        /// The folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A `simulator.json` does not say what it should.
    #[error(
        "reading {path}: {source}; write {{\"port\": 7090, \"healthPath\": \"/health\"}}, and \"arguments\" if it needs some"
    )]
    Simulator {
        /// The file.
        path: PathBuf,
        /// Where and what.
        source: serde_json::Error,
    },
    /// The app's `host.json`.
    #[error(transparent)]
    HostJson(#[from] HostJsonError),
    /// The app's `app.json`.
    #[error(transparent)]
    AppJson(#[from] AppJsonError),
    /// The app's settings.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// The host's own storage.
    #[error(transparent)]
    HostStorage(#[from] HostStorageError),
    /// Both ways to declare functions are used.
    #[error(
        "{path} declares customHandler.http.routes, but {folder} has folders with function.json too; the host takes \
         only one of the two: remove one"
    )]
    TwoWays {
        /// `host.json`.
        path: PathBuf,
        /// The app's folder.
        folder: PathBuf,
    },
}

/// The workspace around `start`: the nearest folder upwards with `Cargo.toml` and `functions/`.
pub fn workspace(start: &Path) -> Result<PathBuf, DiscoveryError> {
    let is_workspace =
        |folder: &&Path| folder.join("Cargo.toml").is_file() && folder.join("functions").is_dir();
    let found = start.ancestors().find(is_workspace);
    found.map(Path::to_owned).ok_or_else(|| DiscoveryError::NoWorkspace { start: start.to_owned() })
}

/// The apps of a workspace: the folders of `functions/` that have function folders in `src/functions`. Each is built by
/// Cargo as the binary of its own name.
pub fn workspace_apps(workspace: &Path) -> Result<Vec<AppSource>, DiscoveryError> {
    let folder = workspace.join(FUNCTIONS);
    let mut apps = Vec::new();
    for name in folders(&folder)? {
        let executable =
            Executable::Cargo { package: name.clone(), workspace: workspace.to_owned() };
        let app = AppSource::of_workspace(workspace, name, executable);
        let root = app.functions();
        let is_function = |name: &String| root.join(name).join(FUNCTION_JSON).is_file();
        if folders(&root)?.iter().any(is_function) {
            apps.push(app);
        }
    }
    if apps.is_empty() { Err(DiscoveryError::NoApps { folder }) } else { Ok(apps) }
}

/// The app in a folder of its own, with `host.json` and function folders, in any language.
pub fn folder_app(folder: &Path) -> Result<AppSource, DiscoveryError> {
    let unreadable = |source| DiscoveryError::Unreadable { path: folder.to_owned(), source };
    let root = folder.canonicalize().map_err(unreadable)?;
    if !root.is_dir() {
        return Err(DiscoveryError::NotAFolder { path: folder.to_owned() });
    }
    let name = root
        .file_name()
        .map_or_else(|| "app".to_owned(), |name| name.to_string_lossy().into_owned());
    Ok(AppSource::new(name, root, Executable::HostJson))
}

/// The names of the folders in a folder, sorted. Hidden ones and names that are no UTF-8 cannot be functions.
pub(crate) fn folders(folder: &Path) -> Result<Vec<String>, DiscoveryError> {
    let unreadable = |source| DiscoveryError::Unreadable { path: folder.to_owned(), source };
    let mut names = Vec::new();
    for entry in folder.read_dir().map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        if let Ok(name) = entry.file_name().into_string()
            && !name.starts_with('.')
            && entry.path().is_dir()
        {
            names.push(name);
        }
    }
    names.sort_unstable();
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_apps_of_a_workspace_are_found_from_any_folder_inside() {
        let root = tempfile::tempdir().unwrap();
        write(root.path(), "Cargo.toml", "");
        write(root.path(), "functions/shop/src/functions/order/function.json", "{}");
        write(root.path(), "functions/notes/readme", "");
        let found = workspace(&root.path().join("functions/shop/src/functions")).unwrap();
        assert_eq!(found, root.path());
        let apps = workspace_apps(&found).unwrap();
        assert_eq!(apps.iter().map(|app| app.name.as_str()).collect::<Vec<_>>(), ["shop"]);
        assert!(workspace(Path::new("/")).unwrap_err().to_string().contains("iommi start PATH"));
    }

    #[test]
    fn an_app_that_is_a_file_is_told_to_be_a_folder() {
        let root = tempfile::tempdir().unwrap();
        write(root.path(), "host.json", "{}");
        let error = folder_app(&root.path().join("host.json")).unwrap_err().to_string();
        assert!(error.contains("host.json is not a folder: PATH must be a folder"), "{error}");
        assert!(folder_app(root.path()).is_ok());
    }

    fn write(root: &Path, path: &str, text: &str) {
        let path = root.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
}
