//! A value for a schema: from the examples and defaults in it where there are some, else made up. The same schema has the
//! same value each time, and what is given has been held against the schema.

mod flat;
mod numbers;
mod texts;

use serde_json::{Map, Value};

use crate::schemas::{BadSchema, Schemas};
use flat::Flat;

/// How deep schemas in schemas are made up; below, what need not be there is left out.
const DEPTH_MAX: usize = 12;
/// How often a schema is made up within itself.
const ROUNDS_MAX: usize = 1;
/// How many branches of `oneOf` and `anyOf` are tried.
const BRANCHES_MAX: usize = 4;
/// How many items an array is given at most.
const ITEMS_MAX: u64 = 50;

/// A value that the schema takes; an error if none is found: then an example has to be written.
pub(crate) fn value(schemas: &Schemas, schema: &str) -> Result<Value, BadSchema> {
    let mut last = Vec::new();
    for taste in tastes() {
        let mut maker = Maker { schemas, taste, within: Vec::new() };
        if let Some(made) = maker.value(schema, 0) {
            last = schemas.deviations(schema, &made)?;
            if last.is_empty() {
                return Ok(made);
            }
        }
    }
    let why = last
        .first()
        .map_or("it cannot be made up".to_owned(), |one| format!("{} {}", one.pointer, one.detail));
    Err(BadSchema(format!(
        "no value is found for the schema at #{schema} ({}); write an example",
        why.trim()
    )))
}

/// The first branches and the fullest values come first; the barer, the likelier to fit.
fn tastes() -> impl Iterator<Item = Taste> {
    (0..BRANCHES_MAX).flat_map(|branch| {
        [(true, true), (false, true), (true, false), (false, false)]
            .map(|(examples, optional)| Taste { examples, optional, branch })
    })
}

#[derive(Clone, Copy)]
struct Taste {
    /// Take what the schema shows.
    examples: bool,
    /// Make what need not be there.
    optional: bool,
    /// Which of the branches of `oneOf` and `anyOf`, of those that are not null.
    branch: usize,
}

struct Maker<'a> {
    schemas: &'a Schemas,
    taste: Taste,
    /// The schemas that it is in.
    within: Vec<String>,
}

impl Maker<'_> {
    /// A value; `index` tells items of one array apart. Nothing where a schema would go on for ever.
    fn value(&mut self, schema: &str, index: usize) -> Option<Value> {
        let (pointer, _) = self.schemas.at(schema)?;
        let rounds = self.within.iter().filter(|outer| **outer == pointer).count();
        if rounds > ROUNDS_MAX || self.within.len() > DEPTH_MAX {
            return None;
        }
        let flat = Flat::of(self.schemas, &pointer, self.taste.branch);
        if flat.is_impossible {
            return None;
        }
        if let Some(shown) = flat.shown(self.taste.examples, index) {
            return Some(shown);
        }
        self.within.push(pointer);
        let made = self.made(&flat, index);
        self.within.pop();
        // Where it would go on for ever null is an end.
        made.or_else(|| flat.allows("null").then_some(Value::Null))
    }

    fn made(&mut self, flat: &Flat, index: usize) -> Option<Value> {
        match flat.kind() {
            "object" => self.object(flat),
            "array" => self.array(flat),
            "integer" => numbers::integer(&flat.rules, index),
            "number" => numbers::number(&flat.rules, index),
            "boolean" => Some(Value::Bool(index.is_multiple_of(2))),
            "null" => Some(Value::Null),
            _ => texts::text(&flat.rules, index).map(Value::String),
        }
    }

    fn object(&mut self, flat: &Flat) -> Option<Value> {
        let mut object = Map::new();
        for (name, schemas) in &flat.properties {
            let is_required = flat.required.contains(name);
            if !is_required && (!self.taste.optional || !flat.may_have(name)) {
                continue;
            }
            match self.of_all(schemas) {
                Some(value) => {
                    object.insert(name.clone(), value);
                }
                None if is_required => return None,
                None => {}
            }
        }
        for name in &flat.required {
            if !object.contains_key(name) {
                let made = flat
                    .others
                    .as_ref()
                    .map_or(Some(Value::from("text")), |schema| self.value(schema, 0));
                object.insert(name.clone(), made?);
            }
        }
        let least = flat.rules.get("minProperties").and_then(Value::as_u64).unwrap_or_default();
        let wanted = if flat.properties.is_empty() && flat.others.is_some() && self.taste.optional {
            1
        } else {
            0
        };
        let mut number = 0_usize;
        while (object.len() as u64) < least.max(wanted).min(ITEMS_MAX) {
            number += 1;
            let name = if number == 1 { "key".to_owned() } else { format!("key{number}") };
            let made = flat
                .others
                .as_ref()
                .map_or(Some(Value::from("text")), |schema| self.value(schema, number - 1));
            match made {
                Some(made) => object.insert(name, made),
                None if least > 0 => return None,
                None => break,
            };
        }
        Some(Value::Object(object))
    }

    /// A property that several parts of an `allOf` speak of: the first value that all of them take.
    fn of_all(&mut self, schemas: &[String]) -> Option<Value> {
        let mut first = None;
        for schema in schemas {
            let Some(made) = self.value(schema, 0) else { continue };
            let fits = |other: &String| {
                self.schemas.deviations(other, &made).is_ok_and(|found| found.is_empty())
            };
            if schemas.iter().all(fits) {
                return Some(made);
            }
            first.get_or_insert(made);
        }
        first
    }

    fn array(&mut self, flat: &Flat) -> Option<Value> {
        let bound = |key: &str| flat.rules.get(key).and_then(Value::as_u64);
        let least = bound("minItems").unwrap_or_default();
        let wanted = if self.taste.optional { least.max(1) } else { least };
        let count = wanted.min(bound("maxItems").unwrap_or(ITEMS_MAX)).min(ITEMS_MAX);
        let mut items: Vec<Value> = Vec::new();
        for index in 0..usize::try_from(count).unwrap_or_default() {
            let schema = flat.prefix.get(index).or(flat.items.as_ref());
            let made = match schema {
                Some(schema) => self.value(schema, index),
                None => Some(Value::from(format!("text{index}"))),
            };
            match made {
                Some(made) => items.push(made),
                None if (items.len() as u64) < least => return None,
                None => break,
            }
        }
        Some(Value::Array(items))
    }
}
