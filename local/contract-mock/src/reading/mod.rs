//! Files into one document: references into other files are followed, and 3.0 becomes 3.1.

mod dialect;
mod error;
mod files;
pub(crate) mod walk;

use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use crate::Contract;
pub use error::ReadError;
use files::Files;

/// How many references may lead to the next one.
const REFERENCES_MAX: usize = 32;

/// A contract as it was read.
#[derive(Debug)]
pub struct Read {
    /// The contract, or why there is none.
    pub contract: Result<Contract, ReadError>,
    /// Every file that it is made of, also one that was looked for in vain: when one of them changes, it is another.
    pub files: Vec<PathBuf>,
}

/// Reads the OpenAPI document in a file and those that it refers to.
#[must_use]
pub fn read(file: &Path) -> Read {
    let mut files = Files::default();
    let contract = files.join(file).and_then(|document| of(document, file));
    Read { contract, files: files.looked_for() }
}

fn of(mut document: Value, file: &Path) -> Result<Contract, ReadError> {
    let version = dialect::version(&document, file)?;
    inline_path_items(&mut document);
    let documents = dialect::normalised(document, version);
    Contract::new(documents)
}

/// Puts path items in the place of references to them; what stands beside the reference goes over it.
fn inline_path_items(document: &mut Value) {
    let names: Vec<String> = document["paths"]
        .as_object()
        .map(|paths| paths.keys().cloned().collect())
        .unwrap_or_default();
    for name in names {
        for _ in 0..REFERENCES_MAX {
            let Some(reference) = document["paths"][&name]["$ref"].as_str() else { break };
            let target = find(document, reference).cloned().unwrap_or_default();
            let mut own = std::mem::replace(&mut document["paths"][&name], target);
            if let Some(members) = own.as_object_mut() {
                members.remove("$ref");
            }
            merge(&mut document["paths"][&name], own);
        }
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

/// What a reference within the document leads to.
pub(crate) fn find<'a>(document: &'a Value, reference: &str) -> Option<&'a Value> {
    document.pointer(&pointer(reference)?)
}

/// The JSON pointer of a reference within the document: `#/paths/~1cakes%7Bid%7D` is `/paths/~1cakes{id}`.
pub(crate) fn pointer(reference: &str) -> Option<String> {
    let fragment = reference.strip_prefix('#')?;
    let decoded = percent_encoding::percent_decode_str(fragment).decode_utf8().ok()?;
    (decoded.is_empty() || decoded.starts_with('/')).then(|| decoded.into_owned())
}

/// A key as a part of a JSON pointer (RFC 6901).
pub(crate) fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// The documents of a contract: what requests are held against, and what responses are.
pub(crate) struct Documents {
    /// Without members that only answers have.
    pub(crate) of_requests: Value,
    /// Without members that only requests have.
    pub(crate) of_responses: Value,
}

pub(crate) type Members = Map<String, Value>;
