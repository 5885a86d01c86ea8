//! `x-problems`: the kinds that are explained elsewhere, and the contract's own.

use super::Bundler;
use super::error::{BundleError, Place};
use super::files::Target;
use serde_json::{Map, Value};
use std::{collections::HashMap, path::PathBuf};

/// The kinds so far, and the file that explains each.
#[derive(Default)]
struct Kinds {
    explained: Map<String, Value>,
    by: HashMap<String, PathBuf>,
}

impl Bundler {
    /// The map of kinds with those that its `$ref` leads to in front.
    pub(super) fn problems(&mut self, value: Value, place: &Place) -> Result<Value, BundleError> {
        let mut kinds = Kinds::default();
        self.add_kinds(value, place, &mut kinds)?;
        Ok(Value::Object(kinds.explained))
    }

    fn add_kinds(
        &mut self,
        value: Value,
        place: &Place,
        kinds: &mut Kinds,
    ) -> Result<(), BundleError> {
        let Value::Object(mut members) = value else { return Ok(()) };
        let references = match members.remove("$ref") {
            Some(Value::Array(references)) => references,
            Some(reference) => vec![reference],
            None => Vec::new(),
        };
        for reference in references {
            let reference = reference.as_str().map_or_else(|| reference.to_string(), str::to_owned);
            let target = Target::of(&reference, place)?;
            let shared = self.files.find(&target, &reference, place)?;
            let there = Place::new(&target.file).at(target.pointer.trim_start_matches('/'));
            self.add_kinds(shared, &there, kinds)?;
        }
        for (slug, explanation) in members {
            if let Some(first) = kinds.by.insert(slug.clone(), place.file.clone())
                && first != place.file
            {
                let second = place.file.clone();
                return Err(BundleError::KindTwice { slug, first, second });
            }
            kinds.explained.insert(slug, explanation);
        }
        Ok(())
    }
}
