//! A few values of a schema, to show that one is lost.

use serde_json::{Map, Value, json};

use super::{
    accepts::accepts, kinds, node::Node, normal::Shape, object::Member, subset::Comparison,
};
use crate::pointer::Pointer;

/// Most values of a schema that are tried.
const MOST: usize = 24;
/// How deep values are made.
const MAX_DEPTH: usize = 4;
/// Longest text or list that is made.
const MAX_LENGTH: u64 = 64;

impl<'a> Comparison<'a> {
    /// A value of the first that the second refuses, if one is found.
    pub(crate) fn lost_value(&mut self, first: &Node<'a>, second: &Node<'a>) -> Option<Value> {
        self.some_values(first, 0).into_iter().find(|value| !accepts(second, value))
    }

    /// Some values that are valid.
    fn some_values(&mut self, node: &Node<'a>, depth: usize) -> Vec<Value> {
        let Some(normal) = self.normal(node, &Pointer::default()) else { return Vec::new() };
        let mut values = Vec::new();
        for allowed in &normal.allowed {
            values.extend(allowed.values.iter().cloned());
            for shape in &allowed.shapes {
                values.extend(self.of_shape(shape, depth));
            }
        }
        values.retain(|value| accepts(node, value));
        values.truncate(MOST);
        values
    }

    fn of_shape(&mut self, shape: &Shape<'a>, depth: usize) -> Vec<Value> {
        match shape.kind {
            kinds::NUMBER => numbers(shape),
            kinds::STRING => {
                let lengths = [shape.least("minLength"), shape.most("maxLength").unwrap_or(1)];
                let lengths = lengths.into_iter().filter(|length| *length <= MAX_LENGTH);
                lengths
                    .map(|length| json!("a".repeat(usize::try_from(length).unwrap_or(0))))
                    .collect()
            }
            _ if depth >= MAX_DEPTH => Vec::new(),
            kinds::ARRAY => self.lists(shape, depth),
            _ => self.maps(shape, depth),
        }
    }

    fn lists(&mut self, shape: &Shape<'a>, depth: usize) -> Vec<Value> {
        let least = shape.least("minItems").min(MAX_LENGTH);
        [least, least + 1]
            .into_iter()
            .filter_map(|length| {
                let length = usize::try_from(length).ok()?;
                (0..length).map(|index| self.one_value(&shape.item(index), depth)).collect()
            })
            .collect()
    }

    /// With what must be there only, and with all that is described.
    fn maps(&mut self, shape: &Shape<'a>, depth: usize) -> Vec<Value> {
        let usage = self.usage;
        let (required, names) = (shape.required(usage), shape.names(usage));
        [required.clone(), required.union(&names).copied().collect()]
            .into_iter()
            .filter_map(|names| {
                let mut members = Map::new();
                for name in names {
                    members.insert(name.to_owned(), self.one_value(&shape.member(name), depth)?);
                }
                Some(Value::Object(members))
            })
            .collect()
    }

    fn one_value(&mut self, member: &Member<'a>, depth: usize) -> Option<Value> {
        match member {
            Member::Nothing => None,
            Member::Anything => Some(json!(1)),
            Member::Schema(node) => self.some_values(node, depth + 1).into_iter().next(),
        }
    }
}

/// Both ends, what lies beside them, and what is usual.
fn numbers(shape: &Shape<'_>) -> Vec<Value> {
    let mut values = vec![json!(0), json!(1), json!(0.5)];
    for keyword in ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"] {
        for bound in shape.all(keyword).filter_map(Value::as_f64) {
            values.extend([bound - 1.0, bound, bound + 0.5, bound + 1.0].map(Value::from));
        }
    }
    values
}
