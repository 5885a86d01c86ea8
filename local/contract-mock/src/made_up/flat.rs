//! A schema with all that it is made of in one place: references, `allOf`, and of `oneOf` and `anyOf` one branch.

use serde_json::{Map, Value};

use crate::{
    reading::escaped,
    schemas::{Schemas, type_of},
};

/// How many parts a schema may be made of.
const PARTS_MAX: usize = 64;
/// The order in which a type is chosen when there are several.
const KINDS: [&str; 7] = ["object", "array", "string", "integer", "number", "boolean", "null"];

/// What a schema asks for.
#[derive(Default)]
pub(super) struct Flat {
    /// The types that all parts allow; nothing if none says.
    types: Option<Vec<String>>,
    /// Bounds, formats, patterns: the narrowest of each.
    pub(super) rules: Map<String, Value>,
    /// By name the schemas that speak of it.
    pub(super) properties: Vec<(String, Vec<String>)>,
    pub(super) required: Vec<String>,
    /// The names that a part without other properties leaves.
    only: Option<Vec<String>>,
    /// The schema of properties without a name.
    pub(super) others: Option<String>,
    pub(super) items: Option<String>,
    pub(super) prefix: Vec<String>,
    /// Values that the schema shows, the best first.
    examples: Vec<Value>,
    /// Values that it is restricted to.
    choices: Option<Vec<Value>>,
    /// Nothing fits the schema `false`.
    pub(super) is_impossible: bool,
    parts: usize,
    /// Which branch of several is taken.
    branch: usize,
}

impl Flat {
    pub(super) fn of(schemas: &Schemas, pointer: &str, branch: usize) -> Self {
        let mut flat = Self { branch, ..Self::default() };
        flat.add(schemas, pointer, true);
        flat
    }

    fn add(&mut self, schemas: &Schemas, pointer: &str, is_whole: bool) {
        self.parts += 1;
        let Some((pointer, schema)) = schemas.at(pointer) else { return };
        if self.parts > PARTS_MAX {
            return;
        }
        self.is_impossible |= *schema == Value::Bool(false);
        let Some(members) = schema.as_object() else { return };
        if is_whole {
            self.show(members);
        }
        self.narrow(members);
        self.members(&pointer, members);
        for (index, _) in
            members.get("allOf").and_then(Value::as_array).into_iter().flatten().enumerate()
        {
            // The example of a part is none of the whole, unless there is only the part.
            let is_alone = is_whole
                && members
                    .get("allOf")
                    .is_some_and(|all| all.as_array().is_some_and(|all| all.len() == 1));
            self.add(schemas, &format!("{pointer}/allOf/{index}"), is_alone);
        }
        for key in ["oneOf", "anyOf"] {
            let branches = members.get(key).and_then(Value::as_array).map_or(0, Vec::len);
            let is_null = |index: &usize| {
                schemas.value(&format!("{pointer}/{key}/{index}"))["type"] == "null"
            };
            let of_values: Vec<usize> = (0..branches).filter(|index| !is_null(index)).collect();
            let last = of_values.last().copied().or((branches > 0).then_some(0));
            let taken = of_values.get(self.branch).copied().or(last);
            if let Some(index) = taken {
                self.add(schemas, &format!("{pointer}/{key}/{index}"), is_whole);
            }
            if (0..branches).any(|index| is_null(&index))
                && let Some(types) = &mut self.types
            {
                types.push("null".to_owned());
            }
        }
    }

    fn show(&mut self, members: &Map<String, Value>) {
        self.examples.extend(members.get("example").cloned());
        self.examples.extend(
            members.get("examples").and_then(Value::as_array).into_iter().flatten().cloned(),
        );
        self.examples.extend(members.get("default").cloned());
    }

    fn narrow(&mut self, members: &Map<String, Value>) {
        let choices = members.get("enum").and_then(Value::as_array).cloned();
        let choices = members.get("const").map(|only| vec![only.clone()]).or(choices);
        if let Some(choices) = choices {
            let mine = self.choices.take();
            let both = |value: &Value| mine.as_ref().is_none_or(|mine| mine.contains(value));
            self.choices = Some(choices.into_iter().filter(both).collect());
        }
        let types: Option<Vec<String>> = match members.get("type") {
            Some(Value::String(one)) => Some(vec![one.clone()]),
            Some(Value::Array(several)) => {
                Some(several.iter().filter_map(Value::as_str).map(str::to_owned).collect())
            }
            _ => None,
        };
        if let Some(types) = types {
            self.types = Some(match self.types.take() {
                None => types,
                // A whole number is a number.
                Some(mine) if mine == ["number"] && types == ["integer"] => types,
                Some(mine) => mine
                    .into_iter()
                    .filter(|one| {
                        types.contains(one)
                            || (one == "integer" && types.contains(&"number".to_owned()))
                    })
                    .collect(),
            });
        }
        for (key, value) in members {
            let number = |value: &Value| value.as_f64();
            let known = self.rules.get(key).and_then(number);
            let is_narrower = match key.as_str() {
                "minimum" | "exclusiveMinimum" | "minLength" | "minItems" | "minProperties"
                | "multipleOf" => {
                    number(value).is_some_and(|value| known.is_none_or(|known| value > known))
                }
                "maximum" | "exclusiveMaximum" | "maxLength" | "maxItems" | "maxProperties" => {
                    number(value).is_some_and(|value| known.is_none_or(|known| value < known))
                }
                "format" | "pattern" | "contentEncoding" => !self.rules.contains_key(key),
                _ => false,
            };
            if is_narrower {
                self.rules.insert(key.clone(), value.clone());
            }
        }
    }

    fn members(&mut self, pointer: &str, members: &Map<String, Value>) {
        let properties = members.get("properties").and_then(Value::as_object);
        for (name, _) in properties.into_iter().flatten() {
            let place = format!("{pointer}/properties/{}", escaped(name));
            match self.properties.iter_mut().find(|(known, _)| known == name) {
                Some((_, places)) => places.push(place),
                None => self.properties.push((name.clone(), vec![place])),
            }
        }
        let required = members.get("required").and_then(Value::as_array).into_iter().flatten();
        for name in required.filter_map(Value::as_str) {
            if !self.required.iter().any(|known| known == name) {
                self.required.push(name.to_owned());
            }
        }
        match members.get("additionalProperties") {
            Some(Value::Bool(false)) => {
                let names: Vec<String> =
                    properties.into_iter().flatten().map(|(name, _)| name.clone()).collect();
                self.only = Some(match self.only.take() {
                    None => names,
                    Some(mine) => mine.into_iter().filter(|name| names.contains(name)).collect(),
                });
            }
            Some(Value::Object(_)) => self.others = Some(format!("{pointer}/additionalProperties")),
            _ => {}
        }
        if members.get("items").is_some_and(Value::is_object) {
            self.items.get_or_insert(format!("{pointer}/items"));
        }
        let prefix = members.get("prefixItems").and_then(Value::as_array).map_or(0, Vec::len);
        self.prefix.extend((0..prefix).map(|index| format!("{pointer}/prefixItems/{index}")));
    }

    /// A value that the schema shows itself, or one of those that it is restricted to.
    pub(super) fn shown(&self, examples: bool, index: usize) -> Option<Value> {
        let example = self.examples.get(index).or(self.examples.first().filter(|_| index == 0));
        if examples && let Some(example) = example {
            return Some(example.clone());
        }
        let choices = self.choices.as_ref().filter(|choices| !choices.is_empty())?;
        Some(choices[index % choices.len()].clone())
    }

    /// Whether a property may be there as far as the other parts go.
    pub(super) fn may_have(&self, name: &String) -> bool {
        self.only.as_ref().is_none_or(|only| only.contains(name))
    }

    pub(super) fn allows(&self, kind: &str) -> bool {
        self.types.as_ref().is_some_and(|types| types.iter().any(|one| one == kind))
    }

    /// The type of value to make.
    pub(super) fn kind(&self) -> &'static str {
        if let Some(types) = &self.types {
            let chosen = KINDS.iter().find(|kind| types.iter().any(|one| one == *kind));
            return chosen.copied().unwrap_or("null");
        }
        if let Some(choice) = self.choices.iter().flatten().next() {
            return type_of(choice);
        }
        let has = |keys: &[&str]| keys.iter().any(|key| self.rules.contains_key(*key));
        if !self.properties.is_empty()
            || self.others.is_some()
            || !self.required.is_empty()
            || has(&["minProperties", "maxProperties"])
        {
            "object"
        } else if self.items.is_some() || !self.prefix.is_empty() || has(&["minItems", "maxItems"])
        {
            "array"
        } else if has(&["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"])
        {
            "number"
        } else if has(&["format", "pattern", "minLength", "maxLength"]) {
            "string"
        } else {
            // A schema that says nothing takes anything.
            "object"
        }
    }
}
