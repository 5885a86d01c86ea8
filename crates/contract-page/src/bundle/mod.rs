//! One self-contained document out of a contract that refers to parts which many contracts share.
//!
//! A reference may lead into another file wherever OpenAPI 3.1 allows one: `$ref: '<path>#/components/<kind>/<Name>'`.
//! What is used comes along, under its own name, and nothing else does. A path item that is a reference is put in its
//! place, with what stands beside the `$ref` merged over it, so that a contract can give it an `operationId` of its own.
//! `x-problems` may begin with a `$ref`, or a list of them, to kinds that are explained elsewhere.

mod error;
mod files;
mod problems;

pub use error::{BundleError, Place};

use crate::yaml;
use files::{Files, Target};
use serde_json::{Map, Value, json};
use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// Stands in shared texts for the path of the page of the contract.
const DOCS: &str = "{docs}";

/// A contract that needs no other file.
#[derive(Debug)]
pub struct Bundled {
    /// The document, in YAML.
    pub text: String,
}

/// Puts a contract together; `looked_for` gets every file that was read or missed on the way.
///
/// A contract that refers to no other file comes out as it is, byte for byte.
///
/// # Errors
/// A file cannot be read or is not YAML, a reference leads nowhere, or two parts have one name.
pub fn bundle(contract: &Path, looked_for: &mut Vec<PathBuf>) -> Result<Bundled, BundleError> {
    bundle_of(Files::new(Box::new(|file| fs::read_to_string(file))), contract, looked_for)
}

/// Puts a contract together from files that `read` has: those of another commit, for example.
///
/// # Errors
/// As [`bundle()`].
pub fn bundle_from(
    read: impl Fn(&Path) -> io::Result<String> + 'static,
    contract: &Path,
) -> Result<Bundled, BundleError> {
    bundle_of(Files::new(Box::new(read)), contract, &mut Vec::new())
}

fn bundle_of(
    files: Files,
    contract: &Path,
    looked_for: &mut Vec<PathBuf>,
) -> Result<Bundled, BundleError> {
    let mut bundler = Bundler {
        root: contract.to_owned(),
        files,
        docs: None,
        own: Vec::new(),
        shared: Vec::new(),
    };
    let bundled = bundler.bundle();
    looked_for.append(&mut bundler.files.looked_for);
    bundled
}

struct Bundler {
    root: PathBuf,
    files: Files,
    /// The path of the page of the contract.
    docs: Option<String>,
    /// The kinds and names of the components that the contract itself defines.
    own: Vec<(String, String)>,
    shared: Vec<Shared>,
}

/// A component that comes along from another file.
struct Shared {
    kind: String,
    name: String,
    from: PathBuf,
    value: Value,
}

impl Bundler {
    fn bundle(&mut self) -> Result<Bundled, BundleError> {
        let place = Place::new(&self.root);
        let text = self.files.open(&self.root.clone(), &place)?;
        let everything = Target { file: self.root.clone(), pointer: String::new() };
        let document = self.files.find(&everything, "", &place)?;
        self.docs = docs_path(&document);
        self.own = own_components(&document);
        let Value::Object(members) = document else { return Ok(Bundled { text }) };
        let mut bundled = Map::new();
        for (key, value) in members {
            let at = place.at(&key);
            let value = match key.as_str() {
                "paths" => self.paths(value, &at)?,
                "components" => self.components(value, &at)?,
                "x-problems" => self.problems(value, &at)?,
                _ => self.walk(value, &at)?,
            };
            bundled.insert(key, value);
        }
        if self.files.looked_for.len() == 1 {
            return Ok(Bundled { text });
        }
        Ok(Bundled { text: yaml::write(&self.with_shared(bundled)) })
    }

    fn paths(&mut self, paths: Value, place: &Place) -> Result<Value, BundleError> {
        let Value::Object(paths) = paths else { return Ok(paths) };
        let mut whole = Map::new();
        for (path, item) in paths {
            let item = self.path_item(item, &place.at(&path))?;
            whole.insert(path, item);
        }
        Ok(Value::Object(whole))
    }

    /// A path item in the place of the reference to it.
    fn path_item(&mut self, item: Value, place: &Place) -> Result<Value, BundleError> {
        let Value::Object(mut members) = item else { return Ok(item) };
        let Some(Value::String(reference)) = members.remove("$ref") else {
            return self.walk(Value::Object(members), place);
        };
        let target = Target::of(&reference, place)?;
        let shared = self.files.find(&target, &reference, place)?;
        let mut there = Place::new(&target.file);
        there.keys = target.pointer.split('/').skip(1).map(str::to_owned).collect();
        let mut whole = self.path_item(shared, &there)?;
        merge(&mut whole, self.walk(Value::Object(members), place)?);
        Ok(whole)
    }

    /// The contract's own components; one that is only a reference to a shared one of the same name gives way to it.
    fn components(&mut self, components: Value, place: &Place) -> Result<Value, BundleError> {
        let Value::Object(kinds) = components else { return Ok(components) };
        let mut whole = Map::new();
        for (kind, parts) in kinds {
            let Value::Object(parts) = parts else { continue };
            let mut own = Map::new();
            for (name, part) in parts {
                let part = self.walk(part, &place.at(&kind).at(&name))?;
                let itself = format!("#/components/{kind}/{name}");
                if part["$ref"] != itself {
                    own.insert(name, part);
                }
            }
            whole.insert(kind, Value::Object(own));
        }
        Ok(Value::Object(whole))
    }

    /// A value with every reference followed.
    fn walk(&mut self, value: Value, place: &Place) -> Result<Value, BundleError> {
        match value {
            Value::Object(members) => {
                let mut whole = Map::new();
                for (key, value) in members {
                    let at = place.at(&key);
                    let value = match value {
                        Value::String(reference) if key == "$ref" => {
                            json!(self.reference(&reference, place)?)
                        }
                        value => self.walk(value, &at)?,
                    };
                    whole.insert(key, value);
                }
                Ok(Value::Object(whole))
            }
            Value::Array(items) => {
                let items = items.into_iter().enumerate();
                items.map(|(index, item)| self.walk(item, &place.at(index))).collect()
            }
            Value::String(text) if place.file != self.root && text.contains(DOCS) => {
                let no_docs =
                    || BundleError::NoDocs { place: place.clone(), contract: self.root.clone() };
                let docs = self.docs.as_ref().ok_or_else(no_docs)?;
                Ok(Value::String(text.replace(DOCS, docs)))
            }
            other => Ok(other),
        }
    }

    /// What a reference is called in the one document; its target comes along.
    fn reference(&mut self, reference: &str, place: &Place) -> Result<String, BundleError> {
        let target = Target::of(reference, place)?;
        let Some((kind, name)) = target.component() else {
            return Err(BundleError::Unsupported {
                place: place.clone(),
                reference: reference.to_owned(),
            });
        };
        let value = self.files.find(&target, reference, place)?;
        if target.file != self.root {
            self.take_along(kind, name, &target.file, value)?;
        }
        Ok(format!("#{}", target.pointer))
    }

    fn take_along(
        &mut self,
        kind: &str,
        name: &str,
        from: &Path,
        value: Value,
    ) -> Result<(), BundleError> {
        let same_name = |first: &Path| BundleError::SameName {
            kind: kind.to_owned(),
            name: name.to_owned(),
            first: first.to_owned(),
            second: from.to_owned(),
        };
        if self.own.iter().any(|(k, n)| (k.as_str(), n.as_str()) == (kind, name)) {
            return Err(same_name(&self.root));
        }
        if let Some(there) = self.shared.iter().find(|s| s.kind == kind && s.name == name) {
            return if there.from == from { Ok(()) } else { Err(same_name(&there.from)) };
        }
        // Its place is taken before its own references are followed: they may lead back to it.
        let index = self.shared.len();
        let (kind, name) = (kind.to_owned(), name.to_owned());
        let place = Place::new(from).at("components").at(&kind).at(&name);
        self.shared.push(Shared { kind, name, from: from.to_owned(), value: Value::Null });
        self.shared[index].value = self.walk(value, &place)?;
        Ok(())
    }

    /// The document with the shared components behind its own.
    fn with_shared(&mut self, mut document: Map<String, Value>) -> Value {
        let components = document.entry("components").or_insert_with(|| json!({}));
        for Shared { kind, name, value, .. } in self.shared.drain(..) {
            components[kind][name] = value;
        }
        Value::Object(document)
    }
}

/// Puts the members of `over` over those of `base`, objects member by member.
fn merge(base: &mut Value, over: Value) {
    match (base, over) {
        (Value::Object(base), Value::Object(over)) => {
            for (key, value) in over {
                merge(base.entry(key).or_insert(Value::Null), value);
            }
        }
        (base, over) => *base = over,
    }
}

fn docs_path(document: &Value) -> Option<String> {
    document["paths"].as_object()?.keys().find(|path| path.ends_with("/docs")).cloned()
}

/// Those that are more than a reference to a component of the same name in another file.
fn own_components(document: &Value) -> Vec<(String, String)> {
    let kinds = document["components"].as_object().into_iter().flatten();
    let parts = kinds.flat_map(|(kind, parts)| {
        parts.as_object().into_iter().flatten().map(move |(name, part)| (kind, name, part))
    });
    let own = parts.filter(|(kind, name, part)| {
        let stands_for = format!("#/components/{kind}/{name}");
        let reference = part["$ref"].as_str();
        !reference.is_some_and(|r| !r.starts_with('#') && r.ends_with(&stands_for))
    });
    own.map(|(kind, name, _)| (kind.clone(), name.clone())).collect()
}

#[cfg(test)]
mod tests;
