//! Whether a value is valid: for values that an `enum` lists.

use serde_json::{Map, Value};

use super::{
    kinds,
    node::{Node, Part},
};
use crate::values::{self, Num};

/// Deeper than any value that a contract lists.
const MAX_DEPTH: usize = 64;

/// Whether a value is valid by all parts. Formats are taken for kept, as are patterns that cannot be read.
pub(crate) fn accepts(node: &Node<'_>, value: &Value) -> bool {
    node.parts().iter().all(|part| valid(*part, value, 0))
}

/// Whether a value is valid by the keywords of one schema, the schemas that it is put together from left out.
pub(crate) fn accepts_alone(part: Part<'_>, value: &Value) -> bool {
    part.keywords().is_none_or(|keywords| alone(part, keywords, value, 0))
}

fn valid(part: Part<'_>, value: &Value, depth: usize) -> bool {
    let Some(keywords) = part.keywords() else { return part.schema != &Value::Bool(false) };
    if depth > MAX_DEPTH || (part.is_nullable() && value.is_null()) {
        return true;
    }
    if let Some(target) = part.target()
        && !valid(target, value, depth + 1)
    {
        return false;
    }
    part.is_only_reference()
        || (alone(part, keywords, value, depth) && together(part, keywords, value, depth))
}

fn together(part: Part<'_>, keywords: &Map<String, Value>, value: &Value, depth: usize) -> bool {
    let check = |schema: &Value| {
        let part = Part { schema, document: part.document };
        valid(part, value, depth + 1)
    };
    let list = |keyword| keywords.get(keyword).and_then(Value::as_array);
    let count = |schemas: &[Value]| schemas.iter().filter(|schema| check(schema)).count();
    if let Some(condition) = keywords.get("if") {
        let then = if check(condition) { "then" } else { "else" };
        if keywords.get(then).is_some_and(|schema| !check(schema)) {
            return false;
        }
    }
    list("allOf").is_none_or(|schemas| schemas.iter().all(check))
        && list("anyOf").is_none_or(|schemas| count(schemas) > 0)
        && list("oneOf").is_none_or(|schemas| count(schemas) == 1)
        && keywords.get("not").is_none_or(|schema| !check(schema))
}

fn alone(part: Part<'_>, keywords: &Map<String, Value>, value: &Value, depth: usize) -> bool {
    if let Some(Ok(kinds)) = keywords.get("type").map(kinds::named)
        && kinds & kinds::of(value) == 0
    {
        return false;
    }
    if keywords.get("const").is_some_and(|only| !values::same(only, value)) {
        return false;
    }
    let listed = keywords.get("enum").and_then(Value::as_array);
    if listed.is_some_and(|listed| !values::contains(listed, value)) {
        return false;
    }
    match value {
        Value::Number(number) => in_bounds(keywords, Num::of(number)),
        Value::String(text) => of_length(keywords, text),
        Value::Array(items) => of_items(part, keywords, items, depth),
        Value::Object(members) => of_members(part, keywords, members, depth),
        _ => true,
    }
}

fn number(keywords: &Map<String, Value>, keyword: &str) -> Option<Num> {
    keywords.get(keyword)?.as_number().map(Num::of)
}

fn in_bounds(keywords: &Map<String, Value>, value: Num) -> bool {
    let order = |keyword| number(keywords, keyword).map(|bound| value.compare(bound));
    let strict = |keyword| keywords.get(keyword) == Some(&Value::Bool(true));
    order("minimum")
        .is_none_or(|order| order.is_gt() || (order.is_eq() && !strict("exclusiveMinimum")))
        && order("maximum")
            .is_none_or(|order| order.is_lt() || (order.is_eq() && !strict("exclusiveMaximum")))
        && order("exclusiveMinimum").is_none_or(|order| order.is_gt())
        && order("exclusiveMaximum").is_none_or(|order| order.is_lt())
        && number(keywords, "multipleOf").is_none_or(|step| value.is_multiple_of(step))
}

fn of_length(keywords: &Map<String, Value>, text: &str) -> bool {
    let pattern = keywords.get("pattern").and_then(Value::as_str);
    counted(keywords, "minLength", "maxLength", text.chars().count())
        && pattern.is_none_or(|pattern| matches(pattern, text))
}

/// Whether a pattern is found in a text; one that cannot be read is in each.
pub(crate) fn matches(pattern: &str, text: &str) -> bool {
    regex_lite::Regex::new(pattern).map_or(true, |regex| regex.is_match(text))
}

fn counted(keywords: &Map<String, Value>, min: &str, max: &str, count: usize) -> bool {
    let bound = |keyword| keywords.get(keyword).and_then(Value::as_u64);
    bound(min).is_none_or(|min| count as u64 >= min)
        && bound(max).is_none_or(|max| count as u64 <= max)
}

fn of_items(part: Part<'_>, keywords: &Map<String, Value>, items: &[Value], depth: usize) -> bool {
    let unique = keywords.get("uniqueItems") == Some(&Value::Bool(true));
    if !counted(keywords, "minItems", "maxItems", items.len())
        || (unique && (1..items.len()).any(|i| values::contains(&items[..i], &items[i])))
    {
        return false;
    }
    let first = keywords.get("prefixItems").and_then(Value::as_array);
    items.iter().enumerate().all(|(index, item)| {
        let schema = first.and_then(|first| first.get(index)).or_else(|| keywords.get("items"));
        schema.is_none_or(|schema| valid(part.with(schema), item, depth + 1))
    })
}

fn of_members(
    part: Part<'_>,
    keywords: &Map<String, Value>,
    members: &Map<String, Value>,
    depth: usize,
) -> bool {
    let required = keywords.get("required").and_then(Value::as_array);
    let mut names = required.into_iter().flatten().filter_map(Value::as_str);
    if !names.all(|name| members.contains_key(name))
        || !counted(keywords, "minProperties", "maxProperties", members.len())
    {
        return false;
    }
    members.iter().all(|(name, value)| {
        let schemas = super::object::schemas_of(keywords, name);
        schemas.iter().all(|schema| valid(part.with(schema), value, depth + 1))
    })
}
