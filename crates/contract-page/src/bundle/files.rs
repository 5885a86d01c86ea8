//! The files that a contract is made of, each read once.

use super::error::{BundleError, Place};
use serde_json::Value;
use std::{
    collections::BTreeMap,
    io,
    path::{Component, Path, PathBuf},
};

/// Reads a file's text.
pub(super) type Reader = Box<dyn Fn(&Path) -> io::Result<String>>;

pub(super) struct Files {
    read: Reader,
    documents: BTreeMap<PathBuf, Value>,
    /// Every file that was looked for, also in vain: a build is repeated when it changes or appears.
    pub(super) looked_for: Vec<PathBuf>,
}

/// What a reference leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Target {
    pub(super) file: PathBuf,
    /// The JSON pointer behind the `#`.
    pub(super) pointer: String,
}

impl Target {
    /// Reads a reference that stands in `file`.
    pub(super) fn of(reference: &str, place: &Place) -> Result<Self, BundleError> {
        let unsupported =
            || BundleError::Unsupported { place: place.clone(), reference: reference.to_owned() };
        let (path, pointer) = reference.split_once('#').ok_or_else(unsupported)?;
        if !pointer.starts_with('/') || path.contains("://") {
            return Err(unsupported());
        }
        let file = match path {
            "" => place.file.clone(),
            path => beside(&place.file, path),
        };
        Ok(Self { file, pointer: pointer.to_owned() })
    }

    /// The kind and the name, if it is a component.
    pub(super) fn component(&self) -> Option<(&str, &str)> {
        let (kind, name) = self.pointer.strip_prefix("/components/")?.split_once('/')?;
        (!name.contains('/')).then_some((kind, name))
    }
}

/// `path` as the file `from` means it, without detours: two ways to one file are one name.
fn beside(from: &Path, path: &str) -> PathBuf {
    let mut clean = PathBuf::new();
    for part in from.parent().unwrap_or(Path::new("")).join(path).components() {
        match part {
            Component::ParentDir
                if clean.components().next_back().is_some_and(|last| {
                    !matches!(last, Component::ParentDir | Component::RootDir)
                }) =>
            {
                clean.pop();
            }
            Component::CurDir => {}
            other => clean.push(other),
        }
    }
    clean
}

impl Files {
    pub(super) fn new(read: Reader) -> Self {
        Self { read, documents: BTreeMap::new(), looked_for: Vec::new() }
    }

    /// The text of a file and its document.
    pub(super) fn open(&mut self, file: &Path, place: &Place) -> Result<String, BundleError> {
        self.looked_for.push(file.to_owned());
        let text = (self.read)(file).map_err(|cause| BundleError::Unreadable {
            file: file.to_owned(),
            place: place.clone(),
            cause,
        })?;
        let document = serde_saphyr::from_str(&text).map_err(|error| BundleError::NotYaml {
            file: file.to_owned(),
            cause: error.to_string(),
        })?;
        self.documents.insert(file.to_owned(), document);
        Ok(text)
    }

    /// What is at the target of the reference at `place`.
    pub(super) fn find(
        &mut self,
        target: &Target,
        reference: &str,
        place: &Place,
    ) -> Result<Value, BundleError> {
        if !self.documents.contains_key(&target.file) {
            self.open(&target.file, place)?;
        }
        let document = &self.documents[&target.file];
        document.pointer(&target.pointer).cloned().ok_or_else(|| BundleError::Dangling {
            place: place.clone(),
            reference: reference.to_owned(),
            remedy: neighbours(document, target),
        })
    }
}

/// What stands where the reference looked.
fn neighbours(document: &Value, target: &Target) -> String {
    let (parent, _) = target.pointer.rsplit_once('/').unwrap_or_default();
    let names: Vec<&str> = match document.pointer(parent).and_then(Value::as_object) {
        Some(there) => there.keys().map(String::as_str).collect(),
        None => Vec::new(),
    };
    let file = target.file.display();
    match names.as_slice() {
        [] => format!("{file} has nothing at {parent}"),
        names => format!("{file} has there {}", names.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_ways_to_one_file_are_one_name() {
        let from = Path::new("../../crates/messages/openapi.yaml");
        let shared = Path::new("../../crates/public-api/openapi.yaml");
        assert_eq!(beside(from, "../public-api/openapi.yaml"), shared);
        assert_eq!(beside(Path::new("openapi.yaml"), shared.to_str().unwrap()), shared);
        assert_eq!(beside(Path::new("/a/b.yaml"), "./c/../../d.yaml"), Path::new("/d.yaml"));
    }
}
