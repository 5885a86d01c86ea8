//! Reads a JSON object field by field and collects everything that is wrong with it, so that a client
//! mends one request once instead of learning its mistakes one by one.

use crate::{Refused, Violation, Violations};
use serde_json::{Map, Value};
use std::{fmt::Display, ops::RangeInclusive};

/// How much of an unknown field's name an error repeats, in characters.
const MAX_NAME_SHOWN: usize = 64;

/// The reader of a JSON object. Ask for every field the object may have, then call [`Fields::finish`], and only then
/// look at what the fields gave: a [`Refused`] stands where the list has an entry.
#[derive(Debug)]
pub struct Fields<'a> {
    at: String,
    object: &'a Map<String, Value>,
    known: Vec<&'static str>,
    violations: Vec<Violation>,
}

impl<'a> Fields<'a> {
    /// Of a body, which must be a JSON object.
    ///
    /// # Errors
    /// It is none.
    pub fn of(body: &'a Value) -> Result<Self, Violations> {
        let object = body.as_object().ok_or_else(|| {
            Violations::one("", format!("the body must be a JSON object, not {}", kind(body)))
        })?;
        Ok(Self::at(String::new(), object))
    }

    fn at(at: String, object: &'a Map<String, Value>) -> Self {
        Self { at, object, known: Vec::new(), violations: Vec::new() }
    }

    /// A string that must be there.
    ///
    /// # Errors
    /// It is missing or no string, or `parse` refuses it; its error goes on the list.
    pub fn text<T, E: Display>(
        &mut self,
        name: &'static str,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Result<T, Refused> {
        match self.take(name) {
            None => self.refuse(name, "is required"),
            Some(Value::String(text)) => parse(text).or_else(|error| self.refuse(name, error)),
            Some(other) => self.refuse(name, format!("must be a string, not {}", kind(other))),
        }
    }

    /// A string that may be left out or null.
    ///
    /// # Errors
    /// It is no string, or `parse` refuses it.
    pub fn optional_text<T, E: Display>(
        &mut self,
        name: &'static str,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Result<Option<T>, Refused> {
        if self.is_absent(name) {
            return Ok(None);
        }
        self.text(name, parse).map(Some)
    }

    /// A whole number that may be left out or null.
    ///
    /// # Errors
    /// It is no whole number, or `parse` refuses it.
    pub fn optional_integer<T, E: Display>(
        &mut self,
        name: &'static str,
        parse: impl FnOnce(i64) -> Result<T, E>,
    ) -> Result<Option<T>, Refused> {
        if self.is_absent(name) {
            return Ok(None);
        }
        let value = self.take(name).unwrap_or(&Value::Null);
        // JSON has one kind of number: 41.0, which is shown as 41, is a whole one.
        let whole = || value.as_f64()?.to_string().parse().ok();
        match value.as_i64().or_else(whole) {
            Some(number) => parse(number).map(Some).or_else(|error| self.refuse(name, error)),
            None if value.is_number() => self.refuse(name, "must be a whole number"),
            None => self.refuse(name, format!("must be a whole number, not {}", kind(value))),
        }
    }

    /// `true` or `false`; left out means `false`.
    ///
    /// # Errors
    /// It is something else.
    pub fn flag(&mut self, name: &'static str) -> Result<bool, Refused> {
        match self.take(name) {
            None => Ok(false),
            Some(Value::Bool(flag)) => Ok(*flag),
            Some(other) => self.refuse(name, format!("must be true or false, not {}", kind(other))),
        }
    }

    /// A value of any kind that may be left out or null, such as a list.
    ///
    /// # Errors
    /// `parse` refuses it.
    pub fn optional_value<T, E: Display>(
        &mut self,
        name: &'static str,
        parse: impl FnOnce(&Value) -> Result<T, E>,
    ) -> Result<Option<T>, Refused> {
        match self.take(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => match parse(value) {
                Ok(parsed) => Ok(Some(parsed)),
                Err(error) => self.refuse(name, error),
            },
        }
    }

    /// An object that must be there. `read` asks for its fields; those it did not ask for are refused.
    ///
    /// # Errors
    /// It is missing or no object, or something in it is wrong.
    pub fn object<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(&mut Fields<'a>) -> Result<T, Refused>,
    ) -> Result<T, Refused> {
        match self.take(name) {
            None => self.refuse(name, "is required"),
            Some(Value::Object(object)) => {
                let mut inner = Fields::at(format!("{}/{name}", self.at), object);
                let value = read(&mut inner);
                inner.refuse_unknown();
                let sound = inner.violations.is_empty();
                self.violations.append(&mut inner.violations);
                if sound { value } else { Err(Refused) }
            }
            Some(other) => self.refuse(name, format!("must be an object, not {}", kind(other))),
        }
    }

    /// A list of objects that must be there and have so many. `read` asks for the fields of each; those it did not ask for
    /// are refused.
    ///
    /// # Errors
    /// It is missing or no list, it has too few or too many, or something in it is wrong.
    pub fn list<T>(
        &mut self,
        name: &'static str,
        count: RangeInclusive<usize>,
        mut read: impl FnMut(&mut Fields<'a>) -> Result<T, Refused>,
    ) -> Result<Vec<T>, Refused> {
        let list = match self.take(name) {
            None => return self.refuse(name, "is required"),
            Some(Value::Array(list)) => list,
            Some(other) => {
                return self.refuse(name, format!("must be a list, not {}", kind(other)));
            }
        };
        if !count.contains(&list.len()) {
            let (fewest, most) = count.into_inner();
            return self.refuse(name, format!("must have {fewest} to {most} entries"));
        }
        let mut entries = Vec::new();
        for (at, entry) in list.iter().enumerate() {
            let place = format!("{}/{name}/{at}", self.at);
            let Some(object) = entry.as_object() else {
                let detail = format!("must be an object, not {}", kind(entry));
                self.violations.push(Violation { pointer: place, detail });
                continue;
            };
            let mut inner = Fields::at(place, object);
            let value = read(&mut inner);
            inner.refuse_unknown();
            let sound = inner.violations.is_empty();
            self.violations.append(&mut inner.violations);
            entries.extend(value.ok().filter(|_| sound));
        }
        if entries.len() == list.len() { Ok(entries) } else { Err(Refused) }
    }

    /// An object that may be left out or null.
    ///
    /// # Errors
    /// It is no object, or something in it is wrong.
    pub fn optional_object<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(&mut Fields<'a>) -> Result<T, Refused>,
    ) -> Result<Option<T>, Refused> {
        if self.is_absent(name) {
            return Ok(None);
        }
        self.object(name, read).map(Some)
    }

    /// A field that the service keeps: it may come back as it was shown, but it cannot be changed here.
    /// `must_be_there` is for merged bodies, in which a missing field is one that the client removed.
    pub fn kept(&mut self, name: &'static str, current: &Value, must_be_there: bool) {
        let given = self.take(name);
        if given.is_none() && !must_be_there || given == Some(current) {
            return;
        }
        let _: Result<(), Refused> =
            self.refuse(name, "is kept by the service and cannot be changed here; leave it out");
    }

    /// Refuses what nobody asked for.
    ///
    /// # Errors
    /// Everything that was wrong, in the order in which it was asked for; unknown fields last.
    pub fn finish(mut self) -> Result<(), Violations> {
        self.refuse_unknown();
        Violations::collect(self.violations)
    }

    fn refuse_unknown(&mut self) {
        let unknown: Vec<&String> =
            self.object.keys().filter(|key| !self.known.contains(&key.as_str())).collect();
        for key in unknown {
            self.violations.push(Violation {
                pointer: format!("{}/{}", self.at, escape(&shown(key))),
                detail: format!("is not a field here; the fields are: {}", self.known.join(", ")),
            });
        }
    }

    fn take(&mut self, name: &'static str) -> Option<&'a Value> {
        self.known.push(name);
        self.object.get(name)
    }

    /// Absent and null mean the same for a field that may be empty.
    fn is_absent(&mut self, name: &'static str) -> bool {
        let absent = self.object.get(name).is_none_or(Value::is_null);
        if absent {
            self.known.push(name);
        }
        absent
    }

    fn refuse<T>(&mut self, name: &str, detail: impl Display) -> Result<T, Refused> {
        self.violations
            .push(Violation { pointer: format!("{}/{name}", self.at), detail: detail.to_string() });
        Err(Refused)
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

/// A name that somebody made up, cut to what can be shown.
fn shown(name: &str) -> String {
    match name.char_indices().nth(MAX_NAME_SHOWN) {
        Some((end, _)) => format!("{}…", &name[..end]),
        None => name.to_owned(),
    }
}

/// RFC 6901: `~` and `/` inside a name are escaped.
fn escape(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn everything_that_is_wrong_is_told_at_once() {
        let body = json!({"name": 7, "inner": {"a/b": 1}, "extra": true, "age": 1.5});
        let mut fields = Fields::of(&body).unwrap();
        let _ = fields.text("name", |t| Ok::<_, String>(t.to_owned()));
        let _ = fields.object("inner", |f| f.text("x", |t| Ok::<_, String>(t.to_owned())));
        let _ = fields.optional_integer("age", Ok::<_, String>);
        let pointers: Vec<String> =
            fields.finish().unwrap_err().into_iter().map(|v| v.pointer).collect();
        assert_eq!(pointers, ["/name", "/inner/x", "/inner/a~1b", "/age", "/extra"]);
    }

    #[test]
    fn each_entry_of_a_list_is_named_by_its_place() {
        let read = |list: Value| {
            let body = json!({ "cakes": list });
            let mut fields = Fields::of(&body).unwrap();
            let cakes = fields.list("cakes", 1..=3, |cake| {
                cake.text("name", |name| Ok::<_, String>(name.to_owned()))
            });
            match fields.finish() {
                Ok(()) => cakes.unwrap(),
                Err(violations) => violations.into_iter().map(|one| one.pointer).collect(),
            }
        };
        assert_eq!(read(json!([{"name": "apple"}, {"name": "plum"}])), ["apple", "plum"]);
        assert_eq!(read(json!([])), ["/cakes"]);
        assert_eq!(read(json!({})), ["/cakes"]);
        assert_eq!(
            read(json!([{"name": 7}, 7, {"name": "plum", "size": 1}])),
            ["/cakes/0/name", "/cakes/1", "/cakes/2/size"]
        );
    }

    #[test]
    fn a_kept_field_may_come_back_as_it_was_but_not_otherwise() {
        let body = json!({"id": "1"});
        let refused = |current, must| {
            let mut fields = Fields::of(&body).unwrap();
            fields.kept("id", &current, must);
            fields.kept("revision", &json!(3), must);
            fields.finish().err().map(|violations| violations.len())
        };
        assert_eq!(refused(json!("1"), false), None);
        assert_eq!(refused(json!("2"), false), Some(1));
        assert_eq!(refused(json!("1"), true), Some(1), "a merged body lacks the revision");
    }
}
