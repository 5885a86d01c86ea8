//! The normal form of a schema: for each type the values that are listed, and shapes without `$ref`, `allOf`, `anyOf`,
//! `oneOf`, `if`, `nullable`, `const` and `enum`.

use serde_json::Value;

use super::{
    accepts,
    kinds::{self, KINDS},
    node::{self, Node, Part},
};
use crate::values;

/// Most alternatives that a schema may be made of.
const MAX_ALTERNATIVES: usize = 256;

/// Schemas that hold at once, none of which is put together from others any more.
#[derive(Debug, Clone, Default)]
pub(crate) struct Branch<'a> {
    pub(crate) parts: Vec<Part<'a>>,
    pub(crate) not: Vec<Node<'a>>,
}

/// Values of one type that satisfy all of some keywords.
#[derive(Debug, Clone)]
pub(crate) struct Shape<'a> {
    pub(crate) kind: u8,
    /// For numbers: whether only whole ones are meant.
    pub(crate) whole: bool,
    pub(crate) parts: Vec<Part<'a>>,
    pub(crate) not: Vec<Node<'a>>,
}

/// What a schema allows of one type.
#[derive(Debug, Clone, Default)]
pub(crate) struct Allowed<'a> {
    pub(crate) values: Vec<Value>,
    pub(crate) shapes: Vec<Shape<'a>>,
}

impl Allowed<'_> {
    pub(crate) fn is_empty(&self) -> bool {
        self.values.is_empty() && self.shapes.is_empty()
    }
}

/// What a schema allows, by type in the order of [`KINDS`].
#[derive(Debug, Clone, Default)]
pub(crate) struct Normal<'a> {
    pub(crate) allowed: [Allowed<'a>; 6],
    /// Each `oneOf`: its variants must not overlap.
    pub(crate) exclusive: Vec<Vec<Node<'a>>>,
}

impl Normal<'_> {
    pub(crate) fn kinds(&self) -> u8 {
        let there = KINDS.iter().zip(&self.allowed).filter(|(_, allowed)| !allowed.is_empty());
        there.fold(0, |all, (kind, _)| all | kind)
    }
}

/// Why a schema has no normal form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Odd {
    /// It has too many alternatives.
    TooMany,
    /// A keyword has a value that it cannot have.
    Wrong { file: String, problem: String },
}

/// The normal form of a schema.
pub(crate) fn normal<'a>(schema: &Node<'a>) -> Result<Normal<'a>, Odd> {
    let mut expansion = Expansion::default();
    let mut branches = vec![Branch::default()];
    for part in schema.parts() {
        branches = product(&branches, &expansion.branches(*part)?)?;
    }
    let mut normal = Normal { exclusive: expansion.exclusive, ..Normal::default() };
    for branch in &branches {
        add(&mut normal, branch)?;
    }
    Ok(normal)
}

#[derive(Default)]
struct Expansion<'a> {
    /// Those that are being expanded: one that refers to itself says nothing by it.
    open: Vec<*const Value>,
    exclusive: Vec<Vec<Node<'a>>>,
}

impl<'a> Expansion<'a> {
    fn branches(&mut self, part: Part<'a>) -> Result<Vec<Branch<'a>>, Odd> {
        let Some(keywords) = part.keywords() else {
            return match part.schema {
                Value::Bool(false) => Ok(Vec::new()),
                Value::Bool(true) => Ok(vec![Branch::default()]),
                other => {
                    Err(wrong(part, &format!("{other} is no schema; write a map, true or false")))
                }
            };
        };
        let address = std::ptr::from_ref(part.schema);
        if self.open.contains(&address) {
            return Ok(vec![Branch::default()]);
        }
        self.open.push(address);
        super::checked::check(part, keywords)?;
        let expanded = self.expanded(part, keywords);
        self.open.pop();
        let mut branches = expanded?;
        if part.is_nullable() {
            branches.push(Branch { parts: vec![part.with(&node::NULL)], not: Vec::new() });
        }
        Ok(branches)
    }

    fn expanded(
        &mut self,
        part: Part<'a>,
        keywords: &'a serde_json::Map<String, Value>,
    ) -> Result<Vec<Branch<'a>>, Odd> {
        let mut branches = vec![Branch::default()];
        if let Some(target) = part.target() {
            branches = self.branches(target)?;
            if part.is_only_reference() {
                return Ok(branches);
            }
        }
        let not = keywords.get("not").map(|schema| Node::of(vec![part.with(schema)]));
        for branch in &mut branches {
            branch.parts.push(part);
            branch.not.extend(not.clone());
        }
        let list = |keyword| keywords.get(keyword).and_then(Value::as_array);
        for schema in list("allOf").into_iter().flatten() {
            branches = product(&branches, &self.branches(part.with(schema))?)?;
        }
        for keyword in ["anyOf", "oneOf"] {
            let Some(schemas) = list(keyword) else { continue };
            let mut union = Vec::new();
            for schema in schemas {
                union.extend(self.branches(part.with(schema))?);
            }
            branches = product(&branches, &union)?;
            if keyword == "oneOf" {
                let variants = schemas.iter().map(|schema| Node::of(vec![part.with(schema)]));
                self.exclusive.push(variants.collect());
            }
        }
        match keywords.get("if") {
            Some(condition) => product(&branches, &self.conditional(part, keywords, condition)?),
            None => Ok(branches),
        }
    }

    /// Those that satisfy the condition and `then`, and those that do not and satisfy `else`.
    fn conditional(
        &mut self,
        part: Part<'a>,
        keywords: &'a serde_json::Map<String, Value>,
        condition: &'a Value,
    ) -> Result<Vec<Branch<'a>>, Odd> {
        let mut yes = self.branches(part.with(condition))?;
        if let Some(then) = keywords.get("then") {
            yes = product(&yes, &self.branches(part.with(then))?)?;
        }
        let mut no = vec![Branch::default()];
        if let Some(otherwise) = keywords.get("else") {
            no = self.branches(part.with(otherwise))?;
        }
        for branch in &mut no {
            branch.not.push(Node::of(vec![part.with(condition)]));
        }
        yes.extend(no);
        Ok(yes)
    }
}

/// One of each, together.
fn product<'a>(some: &[Branch<'a>], more: &[Branch<'a>]) -> Result<Vec<Branch<'a>>, Odd> {
    if some.len() * more.len() > MAX_ALTERNATIVES {
        return Err(Odd::TooMany);
    }
    let pairs = some.iter().flat_map(|a| more.iter().map(move |b| (a, b)));
    Ok(pairs
        .map(|(a, b)| Branch {
            parts: a.parts.iter().chain(&b.parts).copied().collect(),
            not: a.not.iter().chain(&b.not).cloned().collect(),
        })
        .collect())
}

/// Puts what a branch allows under its types.
fn add<'a>(normal: &mut Normal<'a>, branch: &Branch<'a>) -> Result<(), Odd> {
    let (mut allowed, mut listed) = (kinds::ALL, None::<Vec<Value>>);
    for part in &branch.parts {
        let Some(keywords) = part.keywords() else { continue };
        if let Some(word) = keywords.get("type") {
            allowed &= kinds::named(word).map_err(|problem| wrong(*part, &problem))?;
        }
        let own = match (keywords.get("const"), keywords.get("enum").and_then(Value::as_array)) {
            (Some(only), _) => Some(std::slice::from_ref(only)),
            (None, Some(values)) => Some(values.as_slice()),
            (None, None) => None,
        };
        if let (None, Some(own)) = (&listed, own) {
            listed = Some(own.to_vec());
        }
    }
    let listed = listed.or_else(|| few(allowed));
    for (kind, allowed_here) in KINDS.iter().zip(&mut normal.allowed) {
        if allowed & kind == 0 {
            continue;
        }
        if let Some(values) = &listed {
            for value in values.iter().filter(|value| kinds::of(value) & kind != 0) {
                if is_valid(branch, value) && !values::contains(&allowed_here.values, value) {
                    allowed_here.values.push(value.clone());
                }
            }
        } else if let Some(values) = few(allowed & kind) {
            let new = values.into_iter().filter(|value| is_valid(branch, value));
            let new: Vec<Value> =
                new.filter(|value| !values::contains(&allowed_here.values, value)).collect();
            allowed_here.values.extend(new);
        } else {
            let shape = Shape {
                kind: *kind,
                whole: allowed & kinds::NUMBER == kinds::WHOLE,
                parts: branch.parts.clone(),
                not: branch.not.clone(),
            };
            if !shape.is_impossible() {
                allowed_here.shapes.push(shape);
            }
        }
    }
    Ok(())
}

/// The values of types that have few.
fn few(kinds: u8) -> Option<Vec<Value>> {
    let mut values = Vec::new();
    if kinds & !(kinds::NULL | kinds::BOOLEAN) != 0 {
        return None;
    }
    if kinds & kinds::NULL != 0 {
        values.push(Value::Null);
    }
    if kinds & kinds::BOOLEAN != 0 {
        values.extend([Value::Bool(false), Value::Bool(true)]);
    }
    Some(values)
}

fn is_valid(branch: &Branch<'_>, value: &Value) -> bool {
    branch.parts.iter().all(|part| accepts::accepts_alone(*part, value))
        && !branch.not.iter().any(|not| accepts::accepts(not, value))
}

pub(crate) fn wrong(part: Part<'_>, problem: &str) -> Odd {
    Odd::Wrong { file: part.document.name.clone(), problem: problem.to_owned() }
}
