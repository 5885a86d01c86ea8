//! Reading an Avro schema.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{
    defaults,
    logical::{Carrier, Logical},
    names::{FullName, is_name},
    types::{Body, Document, Field, Named, Primitive, Shape, Type},
};
use crate::schema::{Place, Problem};

/// Reads the schema of an event.
pub(crate) fn parse(schema: &Value) -> Result<Document, Problem> {
    let mut reading = Reading::default();
    let root = reading.read(schema, "", &Place::default())?;
    let document = Document { root, named: reading.named };
    // A default may be of a type that was not read to its end when the field was: so at the end.
    for (place, of, default) in reading.defaults {
        defaults::check(&document, &of, &default)
            .map_err(|what| Problem::new(&place.at("default"), what))?;
    }
    Ok(document)
}

/// What was read so far.
#[derive(Default)]
struct Reading {
    named: BTreeMap<FullName, Named>,
    defaults: Vec<(Place, Type, Value)>,
}

type Members = Map<String, Value>;

impl Reading {
    fn read(&mut self, schema: &Value, namespace: &str, at: &Place) -> Result<Type, Problem> {
        at.checked()?;
        match schema {
            Value::String(word) => self.reference(word, namespace, at),
            Value::Array(branches) => self.union(branches, namespace, at),
            Value::Object(members) => self.described(members, namespace, at),
            _ => Err(Problem::new(at, "an Avro schema is a name, a list or a map")),
        }
    }

    fn reference(&self, word: &str, namespace: &str, at: &Place) -> Result<Type, Problem> {
        if let Some(primitive) = Primitive::of(word) {
            return Ok(Type { shape: Shape::Primitive(primitive), logical: None });
        }
        let known = FullName::read(word, namespace).filter(|name| self.named.contains_key(name));
        let name = known.ok_or_else(|| {
            let what = format!("`{word}` is no type that was described before; describe it here");
            Problem::new(at, what)
        })?;
        Ok(Type { shape: Shape::Named(name), logical: None })
    }

    fn described(
        &mut self,
        members: &Members,
        namespace: &str,
        at: &Place,
    ) -> Result<Type, Problem> {
        let kind = match members.get("type") {
            Some(Value::String(kind)) => kind.as_str(),
            Some(schema) => return self.read(schema, namespace, &at.at("type")),
            None => return Err(Problem::new(at, "it lacks `type`")),
        };
        let part = |key: &str| {
            members.get(key).ok_or_else(|| Problem::new(at, format!("`{kind}` lacks `{key}`")))
        };
        let shape = match kind {
            "array" => {
                Shape::List(Box::new(self.read(part("items")?, namespace, &at.at("items"))?))
            }
            "map" => {
                Shape::Map(Box::new(self.read(part("values")?, namespace, &at.at("values"))?))
            }
            "record" | "error" | "enum" | "fixed" => {
                Shape::Named(self.named(kind, members, namespace, at)?)
            }
            word => self.reference(word, namespace, &at.at("type"))?.shape,
        };
        let logical = match shape {
            Shape::Primitive(primitive) => Logical::read(members, Carrier::Primitive(primitive)),
            _ => None,
        };
        Ok(Type { shape, logical })
    }

    fn union(&mut self, branches: &[Value], namespace: &str, at: &Place) -> Result<Type, Problem> {
        let mut read: Vec<Type> = Vec::new();
        for (i, branch) in branches.iter().enumerate() {
            let at = at.at(&i.to_string());
            let branch = self.read(branch, namespace, &at)?;
            if matches!(branch.shape, Shape::Union(_)) {
                return Err(Problem::new(
                    &at,
                    "a union in a union; put its types into the outer one",
                ));
            }
            if read.iter().any(|other| is_same_kind(other, &branch)) {
                let what = format!("a second {branch} in one union, which nobody could tell apart");
                return Err(Problem::new(&at, what));
            }
            read.push(branch);
        }
        if read.is_empty() {
            return Err(Problem::new(at, "a union of nothing; name its types"));
        }
        Ok(Type { shape: Shape::Union(read), logical: None })
    }

    fn named(
        &mut self,
        kind: &str,
        members: &Members,
        namespace: &str,
        at: &Place,
    ) -> Result<FullName, Problem> {
        let own = members.get("namespace").and_then(Value::as_str).unwrap_or(namespace);
        let word = members.get("name").and_then(Value::as_str).unwrap_or_default();
        let name = FullName::read(word, own).ok_or_else(|| {
            let what = format!("`{word}` is no name: a letter, then letters, digits and `_`");
            Problem::new(&at.at("name"), what)
        })?;
        if Primitive::of(name.short()).is_some() || self.named.contains_key(&name) {
            let what = format!("there is a type `{name}` already; give it another name");
            return Err(Problem::new(&at.at("name"), what));
        }
        let aliases = aliases(members, at)?;
        let full = aliases.iter().map(|alias| FullName::read(alias, name.namespace()));
        let aliases: Option<Vec<FullName>> = full.collect();
        let aliases = aliases.ok_or_else(|| Problem::new(&at.at("aliases"), "no names"))?;
        // Known before its fields are, which may be of its own type.
        let empty = Named { aliases, body: Body::Record(Vec::new()) };
        self.named.insert(name.clone(), empty);
        let body = match kind {
            "enum" => enumeration(members, at)?,
            "fixed" => fixed(members, at)?,
            _ => Body::Record(self.fields(members, name.namespace(), at)?),
        };
        if let Some(named) = self.named.get_mut(&name) {
            named.body = body;
        }
        Ok(name)
    }

    fn fields(
        &mut self,
        members: &Members,
        namespace: &str,
        at: &Place,
    ) -> Result<Vec<Field>, Problem> {
        let at = at.at("fields");
        let wrong = || Problem::new(&at, "a record has a list of fields");
        let listed = members.get("fields").and_then(Value::as_array).ok_or_else(wrong)?;
        let mut fields: Vec<Field> = Vec::new();
        for (i, field) in listed.iter().enumerate() {
            let at = at.at(&i.to_string());
            let field = field.as_object().ok_or_else(|| Problem::new(&at, "a field is a map"))?;
            let name = field.get("name").and_then(Value::as_str).unwrap_or_default();
            if !is_name(name) || fields.iter().any(|other| other.name == name) {
                let what = format!("`{name}` is no name, or a second field of this one");
                return Err(Problem::new(&at.at("name"), what));
            }
            let schema = field.get("type").ok_or_else(|| Problem::new(&at, "it lacks `type`"))?;
            let of = self.read(schema, namespace, &at.at("type"))?;
            let default = field.get("default").cloned();
            if let Some(default) = &default {
                self.defaults.push((at.clone(), of.clone(), default.clone()));
            }
            let aliases = aliases(field, &at)?;
            fields.push(Field { name: name.to_owned(), aliases, of, default });
        }
        Ok(fields)
    }
}

fn enumeration(members: &Members, at: &Place) -> Result<Body, Problem> {
    let wrong = || Problem::new(&at.at("symbols"), "an enum has a list of names, each once");
    let listed = members.get("symbols").and_then(Value::as_array).ok_or_else(wrong)?;
    let mut symbols: Vec<String> = Vec::new();
    for symbol in listed {
        let symbol = symbol.as_str().filter(|symbol| is_name(symbol)).ok_or_else(wrong)?;
        if symbols.iter().any(|other| other == symbol) {
            return Err(wrong());
        }
        symbols.push(symbol.to_owned());
    }
    let default = members.get("default").map(|default| {
        let known = default.as_str().filter(|word| symbols.iter().any(|symbol| symbol == word));
        known.map(str::to_owned).ok_or_else(|| {
            Problem::new(&at.at("default"), "an enum's default is one of its symbols")
        })
    });
    Ok(Body::Enum { default: default.transpose()?, symbols })
}

fn fixed(members: &Members, at: &Place) -> Result<Body, Problem> {
    let size = members.get("size").and_then(Value::as_u64);
    let size = size.ok_or_else(|| Problem::new(&at.at("size"), "a number of bytes"))?;
    Ok(Body::Fixed { size, logical: Logical::read(members, Carrier::Fixed(size)) })
}

fn aliases(members: &Members, at: &Place) -> Result<Vec<String>, Problem> {
    let wrong = || Problem::new(&at.at("aliases"), "it is a list of names");
    let Some(aliases) = members.get("aliases") else { return Ok(Vec::new()) };
    let aliases = aliases.as_array().ok_or_else(wrong)?;
    aliases.iter().map(|alias| alias.as_str().map(str::to_owned).ok_or_else(wrong)).collect()
}

/// Whether a union may not have both: only types with names may come more than once.
fn is_same_kind(a: &Type, b: &Type) -> bool {
    match (&a.shape, &b.shape) {
        (Shape::Primitive(a), Shape::Primitive(b)) => a == b,
        (Shape::List(_), Shape::List(_)) | (Shape::Map(_), Shape::Map(_)) => true,
        (Shape::Named(a), Shape::Named(b)) => a == b,
        _ => false,
    }
}
