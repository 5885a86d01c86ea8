//! The project's own files, as text.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Folders that are built or fetched.
const NOT_OURS: [&str; 6] = ["target", "dist", "node_modules", "__pycache__", ".git", ".local"];

/// A text file.
#[derive(Debug, Clone)]
pub struct File {
    /// From the workspace's folder, with slashes.
    pub path: String,
    /// What is in it.
    pub text: String,
}

impl File {
    /// The folder that it is in.
    #[must_use]
    pub fn folder(&self) -> &str {
        self.path.rsplit_once('/').map_or("", |(folder, _)| folder)
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or_default()
    }
}

/// The files that rules look at: those of the workspace, or those that a test of a rule makes up.
#[derive(Debug, Clone)]
pub struct Project {
    files: Vec<File>,
}

impl Project {
    /// All text files of the workspace but what is built or fetched.
    #[must_use]
    pub fn workspace() -> Self {
        Self::below_folder(root())
    }

    /// All text files of another copy of the workspace.
    #[must_use]
    pub fn below_folder(folder: &Path) -> Self {
        let mut files = Vec::new();
        collect(folder, "", &mut files);
        assert!(files.len() > 20, "the project's files were not found below {}", folder.display());
        Self { files }
    }

    /// Files that a test makes up: path and text.
    #[must_use]
    pub fn of(files: &[(&str, &str)]) -> Self {
        let file =
            |(path, text): &(&str, &str)| File { path: (*path).into(), text: (*text).into() };
        Self { files: files.iter().map(file).collect() }
    }

    /// All files.
    pub fn all(&self) -> impl Iterator<Item = &File> {
        self.files.iter()
    }

    /// The Rust files.
    pub fn rust(&self) -> impl Iterator<Item = &File> {
        self.all().filter(|file| file.path.ends_with(".rs"))
    }

    /// The files below a folder.
    pub fn below(&self, folder: &str) -> impl Iterator<Item = &File> {
        let start = format!("{folder}/");
        self.all().filter(move |file| file.path.starts_with(&start))
    }

    /// A file's text.
    #[must_use]
    pub fn text(&self, path: &str) -> Option<&str> {
        self.all().find(|file| file.path == path).map(|file| file.text.as_str())
    }

    /// Whether there is a file or a folder of this path.
    #[must_use]
    pub fn exists(&self, path: &str) -> bool {
        let folder = format!("{path}/");
        self.all().any(|file| file.path == path || file.path.starts_with(&folder))
            || root().join(path).exists()
    }

    /// The apps: the folders below `functions/`.
    #[must_use]
    pub fn apps(&self) -> BTreeSet<&str> {
        let folders = self.below("functions").map(|file| file.path.split('/').collect::<Vec<_>>());
        folders.filter(|parts| parts.len() > 2).map(|parts| parts[1]).collect()
    }
}

/// The workspace's folder.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tidy lies in the workspace")
}

fn collect(folder: &Path, prefix: &str, files: &mut Vec<File>) {
    let entries = fs::read_dir(folder).expect("the workspace can be read");
    for entry in entries.map(|entry| entry.expect("the workspace can be read")) {
        let name = entry.file_name().to_string_lossy().into_owned();
        if NOT_OURS.contains(&name.as_str()) {
            continue;
        }
        let path = format!("{prefix}{name}");
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            collect(&entry.path(), &format!("{path}/"), files);
        } else if let Ok(text) = fs::read_to_string(entry.path()) {
            files.push(File { path, text });
        }
    }
}
