//! The released versions of an event type, beside its schema: `released/<name>/1.json` and so on, `.avsc` for Avro, and
//! `release.json` with the mode and the owner.

use std::path::Path;

use schema_compatibility::{Form, Mode, Schema, Unreadable};
use serde::{Deserialize, Serialize};

use super::types::{self, names, text};
use crate::failure::Failure;

/// The file with mode and owner.
pub(crate) const TERMS: &str = "release.json";

/// What a type keeps, and who answers for it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Terms {
    pub(crate) mode: Mode,
    /// A team.
    pub(crate) owner: String,
    /// The event hub on which it is sent; nothing for what goes through queues.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) hub: Option<String>,
}

/// What was released of a type.
#[derive(Debug)]
pub(crate) struct Releases {
    pub(crate) mode: Mode,
    pub(crate) owner: String,
    pub(crate) hub: Option<String>,
    /// The first one first.
    pub(crate) versions: Vec<Version>,
}

/// A released version. Its file never changes.
#[derive(Debug)]
pub(crate) struct Version {
    pub(crate) number: usize,
    pub(crate) form: Form,
    pub(crate) text: String,
}

impl Version {
    pub(crate) fn schema(&self) -> Result<Schema, Unreadable> {
        types::schema(self.form, &format!("version {}", self.number), &self.text)
    }
}

/// What was released, if something was.
pub(crate) fn of(root: &Path, folder: &str) -> Result<Option<Releases>, Failure> {
    let place = root.join(folder);
    if !place.is_dir() {
        return Ok(None);
    }
    let mut versions = Vec::new();
    for file in names(&place)?.iter().filter(|file| *file != TERMS) {
        let (number, form) = version_of(file).ok_or_else(|| {
            Failure::Schemas(vec![format!(
                "{folder}/{file}: no version of a schema; released are 1.json, 2.json and so on, or .avsc, beside {TERMS}"
            )])
        })?;
        versions.push(Version { number, form, text: text(&place.join(file))? });
    }
    versions.sort_by_key(|version| version.number);
    if let Some((i, _)) = versions.iter().enumerate().find(|(i, version)| version.number != i + 1) {
        let missing = format!("{folder}: version {} is missing, or is there twice", i + 1);
        return Err(Failure::Schemas(vec![missing]));
    }
    let terms = place.join(TERMS);
    let what = format!("{folder}/{TERMS}");
    let terms: Terms = serde_json::from_str(&text(&terms)?)
        .map_err(|source| Failure::Json { what: what.clone(), source })?;
    if terms.owner.trim().is_empty() {
        return Err(Failure::Schemas(vec![format!("{what}: `owner` is empty; name the team")]));
    }
    Ok(Some(Releases { mode: terms.mode, owner: terms.owner, hub: terms.hub, versions }))
}

/// The file of a version.
pub(crate) fn file_of(number: usize, form: Form) -> String {
    format!("{number}.{}", if form == Form::Json { "json" } else { "avsc" })
}

/// Which version a file is of.
pub(crate) fn version_of(file: &str) -> Option<(usize, Form)> {
    let (number, ending) = file.split_once('.')?;
    let form = match ending {
        "json" => Form::Json,
        "avsc" => Form::Avro,
        _ => return None,
    };
    let number = number.parse::<usize>().ok().filter(|number| *number > 0)?;
    Some((number, form)).filter(|_| file_of(number, form) == file)
}
