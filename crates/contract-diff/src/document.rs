//! A document, and where its references lead.

use serde_json::Value;

use crate::pointer::Pointer;

/// Why two documents cannot be compared.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}{}: {problem}", if place.is_empty() { String::new() } else { format!(" at {place}") })]
pub struct Unreadable {
    /// The document's name, as it was given.
    pub file: String,
    /// A JSON pointer; empty for the whole document.
    pub place: String,
    /// What is wrong, and what to write.
    pub problem: String,
}

/// What a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// OpenAPI 3.0: what stands beside a `$ref` does not count.
    OpenApi30,
    /// OpenAPI 3.1 and later.
    OpenApi31,
    /// JSON Schema alone: `nullable` is no keyword.
    Schema,
}

/// An OpenAPI document or a JSON Schema.
#[derive(Debug)]
pub struct Document {
    pub(crate) name: String,
    pub(crate) root: Value,
    pub(crate) form: Form,
}

/// Keys below which no reference is one: values of users.
const VALUES: [&str; 5] = ["example", "examples", "default", "enum", "const"];

impl Document {
    /// Reads an OpenAPI 3 document, in YAML or JSON. `name` is what errors call it.
    ///
    /// # Errors
    /// It is not YAML, no OpenAPI 3 document, or a reference leads nowhere.
    pub fn openapi(name: &str, text: &str) -> Result<Self, Unreadable> {
        let root = parsed(name, text)?;
        let wrong = |problem: &str| unreadable(name, "", problem);
        let version = root["openapi"].as_str().ok_or_else(|| {
            wrong("no OpenAPI document: it lacks `openapi`, such as `openapi: 3.1.0`")
        })?;
        if !version.starts_with("3.") {
            return Err(wrong(&format!("OpenAPI {version} is not understood; write 3.0 or 3.1")));
        }
        if !root["paths"].is_object() && !root["webhooks"].is_object() {
            return Err(wrong("`paths` is no map; write `paths: {}` if there are none"));
        }
        let form = if version.starts_with("3.0") { Form::OpenApi30 } else { Form::OpenApi31 };
        Self { name: name.to_owned(), root, form }.checked()
    }

    /// Reads a JSON Schema, in JSON or YAML. `name` is what errors call it.
    ///
    /// # Errors
    /// It is neither, no schema, or a reference leads nowhere.
    pub fn schema(name: &str, text: &str) -> Result<Self, Unreadable> {
        let root = parsed(name, text)?;
        if !root.is_object() && !root.is_boolean() {
            return Err(unreadable(name, "", "a JSON Schema is a map, `true` or `false`"));
        }
        Self { name: name.to_owned(), root, form: Form::Schema }.checked()
    }

    /// Reads what says by itself what it is: OpenAPI by its `openapi`, JSON Schema otherwise.
    ///
    /// # Errors
    /// As [`Document::openapi`] and [`Document::schema`].
    pub fn read(name: &str, text: &str) -> Result<Self, Unreadable> {
        let root = parsed(name, text)?;
        if root.get("openapi").is_some()
            || root.get("swagger").is_some()
            || root.get("paths").is_some()
        {
            return Self::openapi(name, text);
        }
        Self::schema(name, text)
    }

    /// Whether it is an OpenAPI document.
    #[must_use]
    pub fn is_openapi(&self) -> bool {
        self.form != Form::Schema
    }

    /// The title of a schema.
    #[must_use]
    pub fn title(&self) -> Option<&str> {
        self.root.get("title")?.as_str()
    }

    fn checked(self) -> Result<Self, Unreadable> {
        self.check(&self.root, &Pointer::default())?;
        Ok(self)
    }

    fn check(&self, value: &Value, at: &Pointer) -> Result<(), Unreadable> {
        match value {
            Value::Object(members) => {
                if let Some(Value::String(reference)) = members.get("$ref")
                    && self.resolve(reference).is_none()
                {
                    let problem = format!(
                        "`{reference}` leads nowhere in this document; put together what it is made of, or write the part"
                    );
                    return Err(unreadable(&self.name, &at.at("$ref").to_string(), &problem));
                }
                let mut members = members.iter().filter(|(key, _)| !VALUES.contains(&key.as_str()));
                members.try_for_each(|(key, value)| self.check(value, &at.at(key)))
            }
            Value::Array(items) => {
                let mut items = items.iter().enumerate();
                items.try_for_each(|(i, value)| self.check(value, &at.at(&i.to_string())))
            }
            _ => Ok(()),
        }
    }

    /// What a reference leads to: a pointer, an anchor, or the document itself.
    pub(crate) fn resolve(&self, reference: &str) -> Option<&Value> {
        let (file, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        if !file.is_empty() && self.root.get("$id").and_then(Value::as_str) != Some(file) {
            return None;
        }
        if fragment.is_empty() {
            return Some(&self.root);
        }
        if fragment.starts_with('/') {
            return self.root.pointer(&decoded(fragment));
        }
        anchored(&self.root, fragment)
    }

    /// An object, with references to other objects of its kind followed.
    pub(crate) fn follow<'a>(&'a self, mut value: &'a Value) -> &'a Value {
        const MAX_STEPS: usize = 32;
        for _ in 0..MAX_STEPS {
            let Some(target) =
                value.get("$ref").and_then(Value::as_str).and_then(|r| self.resolve(r))
            else {
                return value;
            };
            value = target;
        }
        value
    }
}

pub(crate) fn unreadable(file: &str, place: &str, problem: &str) -> Unreadable {
    Unreadable { file: file.to_owned(), place: place.to_owned(), problem: problem.to_owned() }
}

fn parsed(name: &str, text: &str) -> Result<Value, Unreadable> {
    // YAML 1.2: the country `no` and the answer `y` are texts.
    let options = serde_saphyr::options! { strict_booleans: true };
    serde_saphyr::from_str_with_options(text, options)
        .map_err(|error| unreadable(name, "", &format!("neither YAML nor JSON: {error}")))
}

/// `%7B` in a fragment is `{`.
fn decoded(fragment: &str) -> String {
    let (mut bytes, mut rest) = (Vec::new(), fragment.as_bytes());
    while let Some((&first, after)) = rest.split_first() {
        let hex = after.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) if first == b'%' => {
                bytes.push(byte);
                rest = &after[2..];
            }
            _ => {
                bytes.push(first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn anchored<'a>(value: &'a Value, anchor: &str) -> Option<&'a Value> {
    match value {
        Value::Object(members) => {
            if members.get("$anchor").and_then(Value::as_str) == Some(anchor) {
                return Some(value);
            }
            members.values().find_map(|value| anchored(value, anchor))
        }
        Value::Array(items) => items.iter().find_map(|value| anchored(value, anchor)),
        _ => None,
    }
}
