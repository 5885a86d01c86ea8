//! Where apps come from, and where their handlers do.

use std::path::{Path, PathBuf};

/// The folder of a workspace that holds apps, and of an app's `src` that holds functions.
pub(crate) const FUNCTIONS: &str = "functions";

/// Where an app comes from.
#[derive(Clone, Debug)]
pub struct AppSource {
    /// The app's name in the log, on the page and in `/admin/functions/<app>/<name>`, and its database's.
    pub name: String,
    /// The app's own folder: the one with `app.json` and `sample/`.
    pub folder: PathBuf,
    /// Where the handler comes from.
    pub executable: Executable,
    /// How many handler processes serve the app, at least 1.
    pub instances: usize,
}

/// Where a handler's executable comes from.
#[derive(Clone, Debug)]
pub enum Executable {
    /// A ready binary, such as `env!("CARGO_BIN_EXE_profiles")`.
    Built(PathBuf),
    /// A binary of this name in a Cargo workspace, built before the start when it is out of date.
    Cargo {
        /// The package, whose binary has the same name.
        package: String,
        /// The folder of the workspace's `Cargo.toml`.
        workspace: PathBuf,
    },
    /// What `customHandler.description` of the app's own `host.json` says.
    HostJson,
}

impl AppSource {
    /// An app in a folder, with one handler process.
    pub fn new(
        name: impl Into<String>,
        folder: impl Into<PathBuf>,
        executable: Executable,
    ) -> Self {
        let folder = folder.into();
        Self { name: name.into(), folder: app_folder(folder), executable, instances: 1 }
    }

    /// The app `functions/<name>` of the workspace at `root`, with one handler process.
    pub fn of_workspace(
        root: impl AsRef<Path>,
        name: impl Into<String>,
        executable: Executable,
    ) -> Self {
        let name = name.into();
        let folder = root.as_ref().join(FUNCTIONS).join(&name);
        Self::new(name, folder, executable)
    }

    /// The workspace whose `functions/` holds the app.
    pub(crate) fn workspace(&self) -> Option<PathBuf> {
        let folder = self.folder.canonicalize().ok()?;
        let functions = folder.parent().filter(|functions| functions.ends_with(FUNCTIONS))?;
        functions.parent().map(Path::to_owned)
    }

    /// The folder that holds the function folders: `src/functions` in an app of a workspace, the app's own folder in
    /// any other.
    pub fn functions(&self) -> PathBuf {
        let source = self.folder.join("src");
        let moved = source.join(FUNCTIONS);
        [moved, source].into_iter().find(|folder| folder.is_dir()).unwrap_or(self.folder.clone())
    }
}

/// Apps that have not moved are named by their `src`.
fn app_folder(folder: PathBuf) -> PathBuf {
    match folder.parent() {
        Some(parent) if folder.file_name().is_some_and(|name| name == "src") => parent.to_owned(),
        _ => folder,
    }
}
