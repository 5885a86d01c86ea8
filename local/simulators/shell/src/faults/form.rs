//! A form of the page: its fields, and plain data from what it sends.

use serde::de::DeserializeOwned;
use serde_json::{Map, Number, Value};

use super::line;

/// Fields that belong together.
#[derive(Clone, Debug)]
pub struct Fieldset {
    pub(crate) legend: &'static str,
    pub(crate) fields: Vec<Field>,
    /// A sentence below the fields.
    pub(crate) hint: &'static str,
}

/// One field. Its name is the JSON member that it sets, with dots for members of members.
#[derive(Clone, Debug)]
pub struct Field {
    pub(crate) name: &'static str,
    pub(crate) label: &'static str,
    pub(crate) kind: Kind,
}

#[derive(Clone, Debug)]
pub(crate) enum Kind {
    /// Empty: left out.
    Number {
        min: f64,
        max: f64,
    },
    /// Empty: `null`, where `null` means something else than the default.
    NumberOrNull {
        min: f64,
        max: f64,
    },
    Text,
    Checkbox,
    /// One of several values; empty: left out.
    Choice {
        none: &'static str,
        values: Vec<(Value, String)>,
    },
    /// Any of several values: a list.
    Choices {
        values: Vec<(Value, String)>,
    },
}

impl Fieldset {
    /// Fields under a legend.
    pub fn new(legend: &'static str, fields: Vec<Field>) -> Self {
        Self { legend, fields, hint: "" }
    }

    /// Adds a sentence below the fields.
    #[must_use]
    pub fn hint(self, hint: &'static str) -> Self {
        Self { hint, ..self }
    }
}

impl Field {
    fn new(name: &'static str, label: &'static str, kind: Kind) -> Self {
        Self { name, label, kind }
    }

    /// A number; empty leaves the member out.
    pub fn number(name: &'static str, label: &'static str, min: f64, max: f64) -> Self {
        Self::new(name, label, Kind::Number { min, max })
    }

    /// A number; empty makes the member `null`.
    pub fn number_or_null(name: &'static str, label: &'static str, min: f64, max: f64) -> Self {
        Self::new(name, label, Kind::NumberOrNull { min, max })
    }

    /// A text; empty leaves the member out.
    pub fn text(name: &'static str, label: &'static str) -> Self {
        Self::new(name, label, Kind::Text)
    }

    /// A box to tick.
    pub fn checkbox(name: &'static str, label: &'static str) -> Self {
        Self::new(name, label, Kind::Checkbox)
    }

    /// One of several values with their labels, or none.
    pub fn choice<V: Into<Value>, L: Into<String>>(
        name: &'static str,
        label: &'static str,
        none: &'static str,
        values: impl IntoIterator<Item = (V, L)>,
    ) -> Self {
        Self::new(name, label, Kind::Choice { none, values: labelled(values) })
    }

    /// Any of several values with their labels.
    pub fn choices<V: Into<Value>, L: Into<String>>(
        name: &'static str,
        label: &'static str,
        values: impl IntoIterator<Item = (V, L)>,
    ) -> Self {
        Self::new(name, label, Kind::Choices { values: labelled(values) })
    }
}

fn labelled<V: Into<Value>, L: Into<String>>(
    values: impl IntoIterator<Item = (V, L)>,
) -> Vec<(Value, String)> {
    values.into_iter().map(|(value, label)| (value.into(), label.into())).collect()
}

/// A JSON value as a form holds it.
pub(crate) fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The value of the member that a field's name points to.
pub(crate) fn member<'a>(value: &'a Value, name: &str) -> &'a Value {
    value.pointer(&format!("/{}", name.replace('.', "/"))).unwrap_or(&Value::Null)
}

/// Reads what a form with these fields sent. What is not sent is left out.
///
/// # Errors
/// A field that is not there, a value that it does not take, or what the type refuses.
pub fn read<T: DeserializeOwned>(fieldsets: &[Fieldset], body: &[u8]) -> Result<T, String> {
    let mut json = Map::new();
    for (name, text) in form_urlencoded::parse(body) {
        let mut fields = fieldsets.iter().flat_map(|fieldset| &fieldset.fields);
        let Some(field) = fields.find(|field| field.name == name) else {
            return Err(format!("there is no field {name}"));
        };
        let text = text.trim();
        let value = match &field.kind {
            Kind::NumberOrNull { .. } if text.is_empty() => Value::Null,
            _ if text.is_empty() => continue,
            Kind::Number { .. } | Kind::NumberOrNull { .. } => number(field.name, text)?,
            Kind::Text => Value::from(text),
            Kind::Checkbox => Value::Bool(true),
            Kind::Choice { values, .. } => chosen(field.name, text, values)?,
            Kind::Choices { values } => {
                let list = json.entry(field.name).or_insert_with(|| Value::Array(Vec::new()));
                let value = chosen(field.name, text, values)?;
                list.as_array_mut().into_iter().for_each(|list| list.push(value.clone()));
                continue;
            }
        };
        line::put(&mut json, field.name, value);
    }
    serde_path_to_error::deserialize(Value::Object(json)).map_err(|error| error.to_string())
}

fn number(name: &str, text: &str) -> Result<Value, String> {
    let number = text.parse::<Number>().map(Value::Number);
    number.map_err(|_| format!("{name} is a number, not {text:?}"))
}

fn chosen(name: &str, text: &str, values: &[(Value, String)]) -> Result<Value, String> {
    let found = values.iter().find(|(value, _)| plain(value) == text);
    found.map(|(value, _)| value.clone()).ok_or_else(|| format!("{name} cannot be {text:?}"))
}
