//! The files of a contract. Each is read once and kept whole, below [`PARTS`] of the one document, so that two parts may
//! have one name and references may go in circles.

use std::{
    collections::VecDeque,
    path::{Component, Path, PathBuf},
};

use serde_json::{Map, Value};

use super::{ReadError, escaped, find, pointer, walk};

/// Where the other files are in the one document, by their number.
pub(super) const PARTS: &str = "x-other-files";
/// How many files a contract may be made of.
const FILES_MAX: usize = 256;
/// How large a file may be, in bytes.
const FILE_MAX_BYTES: u64 = 16 << 20;
/// How many values a YAML file may hold.
const NODES_MAX: usize = 4_000_000;
/// Stands in the shared parts of contracts for the path of the page of the contract.
const DOCS: &str = "{docs}";

#[derive(Default)]
pub(super) struct Files {
    /// In the order in which they were referred to, the contract first.
    paths: Vec<PathBuf>,
    documents: Vec<Value>,
    to_do: VecDeque<usize>,
    /// Each reference, where it stands and what it became.
    references: Vec<(String, String, String)>,
}

impl Files {
    /// Everything that was looked for.
    pub(super) fn looked_for(&self) -> Vec<PathBuf> {
        self.paths.clone()
    }

    /// The document in a file, with the others that it refers to.
    pub(super) fn join(&mut self, file: &Path) -> Result<Value, ReadError> {
        self.number_of(clean(file), None)?;
        while let Some(number) = self.to_do.pop_front() {
            let mut document = std::mem::take(&mut self.documents[number]);
            let followed = self.follow(&mut document, number);
            self.documents[number] = document;
            followed?;
        }
        let explained = self.documents[0].get("x-problems").cloned();
        let explained = explained.map(|own| self.problems(own, 0));
        let mut documents = std::mem::take(&mut self.documents).into_iter();
        let mut whole = documents.next().unwrap_or_default();
        if let Some(own) = explained {
            whole["x-problems"] = own;
        }
        let docs = docs_path(&whole);
        let parts: Map<String, Value> = documents
            .enumerate()
            .map(|(index, mut part)| {
                if let Some(docs) = &docs {
                    replace_docs(&mut part, docs);
                }
                ((index + 1).to_string(), part)
            })
            .collect();
        if let (false, Value::Object(members)) = (parts.is_empty(), &mut whole) {
            members.insert(PARTS.to_owned(), Value::Object(parts));
        }
        self.check(&whole)?;
        Ok(whole)
    }

    /// The kinds of problems of a contract with those that its `$ref`, or list of them, leads to. What is not there is for the
    /// contract's build to tell.
    fn problems(&mut self, own: Value, number: usize) -> Value {
        let Value::Object(mut kinds) = own else { return own };
        let references = match kinds.remove("$ref") {
            Some(Value::Array(references)) => references,
            Some(reference) => vec![reference],
            None => Vec::new(),
        };
        for reference in references.iter().filter_map(Value::as_str) {
            let (path, fragment) = reference.split_once('#').unwrap_or((reference, ""));
            let folder = self.paths[number].parent().unwrap_or(Path::new(""));
            let target = if path.is_empty() {
                Ok(number)
            } else {
                self.number_of(clean(&folder.join(path)), None)
            };
            let Ok(target) = target else { continue };
            let shared =
                find(&self.documents[target], &format!("#{fragment}")).cloned().unwrap_or_default();
            if let Value::Object(shared) = self.problems(shared, target) {
                kinds.extend(shared);
            }
        }
        Value::Object(kinds)
    }

    /// Makes every reference in a document one within the whole.
    fn follow(&mut self, document: &mut Value, number: usize) -> Result<(), ReadError> {
        let mut failed = None;
        let file = self.paths[number].clone();
        walk::each_part(document, &mut |members, keys| {
            let Some(Value::String(reference)) = members.get_mut("$ref") else { return };
            let place = place(&file, keys);
            match self.rewritten(reference, number, &place) {
                Ok(rewritten) => {
                    let was = std::mem::replace(reference, rewritten.clone());
                    self.references.push((place, was, rewritten));
                }
                Err(error) => {
                    failed.get_or_insert(error);
                }
            }
        });
        failed.map_or(Ok(()), Err)
    }

    fn rewritten(
        &mut self,
        reference: &str,
        number: usize,
        place: &str,
    ) -> Result<String, ReadError> {
        let (path, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        if path.contains("://") || path.starts_with("//") {
            return Err(ReadError::Remote {
                place: place.to_owned(),
                reference: reference.to_owned(),
            });
        }
        let target = match path {
            "" => number,
            path => {
                let path = percent_encoding::percent_decode_str(path).decode_utf8_lossy();
                let folder = self.paths[number].parent().unwrap_or(Path::new(""));
                self.number_of(clean(&folder.join(&*path)), Some(place))?
            }
        };
        Ok(match target {
            0 => format!("#{fragment}"),
            part => format!("#/{PARTS}/{part}{fragment}"),
        })
    }

    /// The number of a file, which is read if it is new.
    fn number_of(&mut self, file: PathBuf, from: Option<&str>) -> Result<usize, ReadError> {
        if let Some(known) = self.paths.iter().position(|path| *path == file) {
            return Ok(known);
        }
        if self.paths.len() == FILES_MAX {
            let place = from.unwrap_or_default().to_owned();
            return Err(ReadError::TooMany { place, limit: FILES_MAX });
        }
        let number = self.paths.len();
        self.paths.push(file.clone());
        self.documents.push(parsed(&file, from)?);
        self.to_do.push_back(number);
        Ok(number)
    }

    /// Every reference leads somewhere.
    fn check(&self, whole: &Value) -> Result<(), ReadError> {
        for (place, was, reference) in &self.references {
            // An anchor is for the schemas to find.
            let Some(pointer) = pointer(reference) else { continue };
            if find(whole, reference).is_none() {
                let parent = pointer.rsplit_once('/').map_or("", |(parent, _)| parent);
                let there = whole.pointer(parent).and_then(Value::as_object);
                let there: Vec<String> =
                    there.into_iter().flatten().map(|(key, _)| escaped(key)).collect();
                let there =
                    if there.is_empty() { "no others".to_owned() } else { there.join(", ") };
                return Err(ReadError::Dangling {
                    place: place.clone(),
                    reference: was.clone(),
                    there,
                });
            }
        }
        Ok(())
    }
}

fn parsed(file: &Path, from: Option<&str>) -> Result<Value, ReadError> {
    let unreadable = |source| ReadError::Unreadable {
        file: file.to_owned(),
        from: from.map(str::to_owned),
        source,
    };
    let bytes = std::fs::metadata(file).map_err(unreadable)?.len();
    if bytes > FILE_MAX_BYTES {
        return Err(ReadError::TooLarge { file: file.to_owned(), bytes, limit: FILE_MAX_BYTES });
    }
    let text = std::fs::read_to_string(file).map_err(unreadable)?;
    let malformed = |language, cause: String| {
        // The first line says what and where; the others show the place again.
        let cause = cause.lines().next().unwrap_or_default().to_owned();
        ReadError::Malformed { file: file.to_owned(), language, cause }
    };
    if file.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json")) {
        return serde_json::from_str(text.trim_start_matches('\u{feff}'))
            .map_err(|error| malformed("JSON", error.to_string()));
    }
    serde_saphyr::from_str_with_options(&text, yaml()).map_err(|error| {
        malformed("YAML", error.to_string().trim_start_matches("error: ").to_owned())
    })
}

/// YAML 1.2, in which `NO` is a text; and large contracts, since these are files of whoever starts this.
fn yaml() -> serde_saphyr::Options {
    let budget = serde_saphyr::budget! {
        max_nodes: NODES_MAX,
        max_events: NODES_MAX * 3,
        enforce_alias_anchor_ratio: false,
    };
    serde_saphyr::options! { strict_booleans: true, budget: budget }
}

fn place(file: &Path, keys: &[String]) -> String {
    match keys {
        [] => file.display().to_string(),
        keys => format!("{} at {}", file.display(), keys.join(" > ")),
    }
}

/// A path without detours: two ways to one file are one name.
fn clean(path: &Path) -> PathBuf {
    let mut clean = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir
                if clean
                    .components()
                    .next_back()
                    .is_some_and(|last| matches!(last, Component::Normal(_))) =>
            {
                clean.pop();
            }
            Component::CurDir => {}
            other => clean.push(other),
        }
    }
    clean
}

fn docs_path(document: &Value) -> Option<String> {
    document["paths"].as_object()?.keys().find(|path| path.ends_with("/docs")).cloned()
}

fn replace_docs(value: &mut Value, docs: &str) {
    match value {
        Value::String(text) if text.contains(DOCS) => *text = text.replace(DOCS, docs),
        Value::Array(items) => items.iter_mut().for_each(|item| replace_docs(item, docs)),
        Value::Object(members) => {
            members.values_mut().for_each(|member| replace_docs(member, docs))
        }
        _ => {}
    }
}
