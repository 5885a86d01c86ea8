//! The project's own files, as text.

use std::{fs, path::Path};

pub(crate) struct File {
    /// From the workspace's root, with slashes.
    pub(crate) path: String,
    pub(crate) text: String,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// All text files but what is built or fetched.
pub(crate) fn all() -> Vec<File> {
    let mut files = Vec::new();
    collect(root(), "", &mut files);
    assert!(files.len() > 20, "the project's files were not found below {}", root().display());
    files
}

/// The Rust files.
pub(crate) fn rust() -> Vec<File> {
    all().into_iter().filter(|file| file.path.ends_with(".rs")).collect()
}

/// The files below a folder.
pub(crate) fn below(folder: &str) -> Vec<File> {
    let start = format!("{folder}/");
    all().into_iter().filter(|file| file.path.starts_with(&start)).collect()
}

pub(crate) fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

pub(crate) fn exists(path: &str) -> bool {
    root().join(path.trim_start_matches('/')).exists()
}

fn collect(folder: &Path, prefix: &str, files: &mut Vec<File>) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().to_string_lossy().into_owned();
        let built = ["target", "dist", "node_modules", "__pycache__", ".git", ".local"];
        if built.contains(&name.as_str()) {
            continue;
        }
        let path = format!("{prefix}{name}");
        if entry.file_type().unwrap().is_dir() {
            collect(&entry.path(), &format!("{path}/"), files);
        } else if let Ok(text) = fs::read_to_string(entry.path()) {
            files.push(File { path, text });
        }
    }
}
