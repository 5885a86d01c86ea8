//! The event types of all apps: `functions/<app>/messages/<name>.schema.json`, or `<name>.avsc` for Avro.

use std::{collections::BTreeSet, fs, path::Path};

use schema_compatibility::{Form, Schema, Unreadable};
use serde_json::Value;

use super::releases::{self, Releases};
use crate::{failure::Failure, workspace::Workspace};

/// An event type as it is now.
#[derive(Debug)]
pub(crate) struct EventType {
    /// Such as `com.iommi.sales.ordered.v1`.
    pub(crate) name: String,
    /// Its schema, from the workspace's folder.
    pub(crate) path: String,
    /// Where its released versions are, or will be.
    pub(crate) folder: String,
    pub(crate) form: Form,
    pub(crate) text: String,
    pub(crate) releases: Option<Releases>,
}

/// All event types, and folders of released versions whose schema is gone.
#[derive(Debug, Default)]
pub(crate) struct Types {
    pub(crate) types: Vec<EventType>,
    pub(crate) without_schema: Vec<String>,
}

impl EventType {
    pub(crate) fn is_json(&self) -> bool {
        matches!(self.form, Form::Json)
    }

    pub(crate) fn schema(&self) -> Result<Schema, Unreadable> {
        schema(self.form, &self.path, &self.text)
    }
}

/// Reads a schema by its form.
pub(crate) fn schema(form: Form, name: &str, text: &str) -> Result<Schema, Unreadable> {
    match form {
        Form::Json => Schema::json(name, text),
        Form::Avro => Schema::avro(name, text),
    }
}

/// The event types of all apps.
pub(crate) fn of(workspace: &Workspace) -> Result<Types, Failure> {
    let mut found = Types::default();
    for app in workspace.apps()? {
        let folder = format!("functions/{app}/messages");
        let mut stems = BTreeSet::new();
        for file in names(&workspace.root().join(&folder))? {
            let Some((stem, form)) = form_of(&file) else { continue };
            stems.insert(stem.to_owned());
            let released = format!("{folder}/released/{stem}");
            let path = format!("{folder}/{file}");
            found.types.push(read(workspace.root(), path, released, form)?);
        }
        let released = names(&workspace.root().join(&folder).join("released"))?;
        let gone = released.iter().filter(|name| !stems.contains(*name));
        found.without_schema.extend(gone.map(|name| format!("{folder}/released/{name}")));
    }
    Ok(found)
}

fn read(root: &Path, path: String, folder: String, form: Form) -> Result<EventType, Failure> {
    let text = text(&root.join(&path))?;
    let name = name_of(form, &text).ok_or_else(|| {
        Failure::Schemas(vec![format!(
            "{path}: it does not say which event type it is of: JSON with the type as its `$id` or `title`, or Avro with a namespace"
        )])
    })?;
    let releases = releases::of(root, &folder)?;
    Ok(EventType { name, path, folder, form, text, releases })
}

/// The type with a name.
pub(crate) fn named<'a>(types: &'a [EventType], name: &str) -> Result<&'a EventType, Failure> {
    types.iter().find(|event_type| event_type.name == name).ok_or_else(|| {
        Failure::UnknownEventType {
            name: name.to_owned(),
            known: types.iter().map(|event_type| event_type.name.clone()).collect(),
        }
    })
}

/// Which event type a schema says that it is of.
pub(crate) fn name_of(form: Form, text: &str) -> Option<String> {
    let schema: Value = serde_json::from_str(text).ok()?;
    let said = |key: &str| schema[key].as_str().map(str::to_owned);
    let is_type = |name: &String| name.contains('.') && !name.contains(' ');
    match form {
        Form::Json => said("title").filter(is_type).or_else(|| said("$id").filter(is_type)),
        Form::Avro => {
            let name = said("name")?;
            let whole = match said("namespace") {
                Some(namespace) if !name.contains('.') => format!("{namespace}.{name}"),
                _ => name,
            };
            Some(whole).filter(is_type)
        }
    }
}

fn form_of(file: &str) -> Option<(&str, Form)> {
    let json = file.strip_suffix(".schema.json").map(|stem| (stem, Form::Json));
    json.or_else(|| file.strip_suffix(".avsc").map(|stem| (stem, Form::Avro)))
}

/// What is in a folder, sorted; nothing if there is none.
pub(crate) fn names(folder: &Path) -> Result<Vec<String>, Failure> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let reading = |source| Failure::file("reading", folder, source);
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).map_err(reading)? {
        names.push(entry.map_err(reading)?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}

pub(crate) fn text(path: &Path) -> Result<String, Failure> {
    fs::read_to_string(path).map_err(|source| Failure::file("reading", path, source))
}
