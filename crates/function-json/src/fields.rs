use std::time::Duration;

use serde_json::{Map, Value};

use crate::FunctionJsonError;

/// The keys of one JSON object in `function.json`, with its place for messages.
///
/// Keys are found in any case, as Json.NET finds them; keys that nobody asks for are ignored, as
/// the host ignores them.
pub(crate) struct Fields<'a> {
    place: String,
    object: &'a Map<String, Value>,
}

impl<'a> Fields<'a> {
    pub(crate) fn of(
        value: &'a Value,
        place: impl Into<String>,
    ) -> Result<Self, FunctionJsonError> {
        let place = place.into();
        match value {
            Value::Object(object) => Ok(Self { place, object }),
            _ => Err(FunctionJsonError::key(place, "is not an object", "write `{ … }`")),
        }
    }

    pub(crate) fn key(&self, name: &str) -> String {
        if self.place.is_empty() { name.to_owned() } else { format!("{}.{name}", self.place) }
    }

    pub(crate) fn error(
        &self,
        name: &str,
        problem: impl Into<String>,
        remedy: impl Into<String>,
    ) -> FunctionJsonError {
        FunctionJsonError::key(self.key(name), problem, remedy)
    }

    /// A value that is there and not null.
    pub(crate) fn get(&self, name: &str) -> Option<&'a Value> {
        let exact = self.object.get(name);
        exact
            .or_else(|| {
                self.object
                    .iter()
                    .find(|(key, _)| key.eq_ignore_ascii_case(name))
                    .map(|(_, value)| value)
            })
            .filter(|value| !value.is_null())
    }

    pub(crate) fn text(&self, name: &str) -> Result<Option<&'a str>, FunctionJsonError> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(self.error(name, "is not a string", "put the value in double quotes")),
        }
    }

    pub(crate) fn owned_text(&self, name: &str) -> Result<Option<String>, FunctionJsonError> {
        Ok(self.text(name)?.map(str::to_owned))
    }

    pub(crate) fn text_or(&self, name: &str, default: &str) -> Result<String, FunctionJsonError> {
        Ok(self.text(name)?.unwrap_or(default).to_owned())
    }

    pub(crate) fn required_text(
        &self,
        name: &str,
        example: &str,
    ) -> Result<String, FunctionJsonError> {
        match self.text(name)? {
            Some(text) if !text.trim().is_empty() => Ok(text.to_owned()),
            Some(_) => {
                Err(self.error(name, "is empty", format!("give it a value such as \"{example}\"")))
            }
            None => Err(self.error(name, "is missing", format!("add \"{name}\": \"{example}\""))),
        }
    }

    pub(crate) fn flag_or(&self, name: &str, default: bool) -> Result<bool, FunctionJsonError> {
        match self.get(name) {
            None => Ok(default),
            Some(Value::Bool(flag)) => Ok(*flag),
            Some(_) => Err(self.error(
                name,
                "is neither true nor false",
                "write true or false, without quotes",
            )),
        }
    }

    pub(crate) fn count(&self, name: &str) -> Result<Option<u32>, FunctionJsonError> {
        let Some(value) = self.get(name) else {
            return Ok(None);
        };
        let count =
            value.as_u64().and_then(|count| u32::try_from(count).ok()).filter(|count| *count > 0);
        count.map(Some).ok_or_else(|| {
            self.error(
                name,
                format!("is {value}, not a whole number of at least 1"),
                "write a number, without quotes",
            )
        })
    }

    pub(crate) fn milliseconds_or(
        &self,
        name: &str,
        default_ms: u32,
    ) -> Result<Duration, FunctionJsonError> {
        Ok(Duration::from_millis(u64::from(self.count(name)?.unwrap_or(default_ms))))
    }

    /// One of a few words, in any case; `None` when the key is missing.
    pub(crate) fn word<T: Copy>(
        &self,
        name: &str,
        words: &[(&str, T)],
    ) -> Result<Option<T>, FunctionJsonError> {
        let Some(text) = self.text(name)? else {
            return Ok(None);
        };
        let found = words.iter().find(|(word, _)| word.eq_ignore_ascii_case(text));
        found.map(|(_, value)| Some(*value)).ok_or_else(|| {
            let known: Vec<String> = words.iter().map(|(word, _)| format!("\"{word}\"")).collect();
            self.error(
                name,
                format!("is \"{text}\", which the host does not know"),
                format!("use {}", known.join(", ")),
            )
        })
    }
}
