//! What a JSON Schema says of a value.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use serde_json::Value;

use super::limits::Limits;

/// What a value can be. A whole number is none that has a fraction, so `number` is both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Null,
    Boolean,
    Whole,
    Fraction,
    Text,
    List,
    Object,
}

impl Kind {
    pub(crate) const ALL: [Self; 7] = [
        Self::Null,
        Self::Boolean,
        Self::Whole,
        Self::Fraction,
        Self::Text,
        Self::List,
        Self::Object,
    ];

    pub(crate) fn of(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(_) => Self::Boolean,
            Value::Number(number) if number.as_f64().is_some_and(|n| n.fract() == 0.0) => {
                Self::Whole
            }
            Value::Number(_) => Self::Fraction,
            Value::String(_) => Self::Text,
            Value::Array(_) => Self::List,
            Value::Object(_) => Self::Object,
        }
    }
}

/// A set of kinds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Kinds(pub(crate) BTreeSet<Kind>);

impl Kinds {
    pub(crate) fn has(&self, kind: Kind) -> bool {
        self.0.contains(&kind)
    }

    pub(crate) fn has_numbers(&self) -> bool {
        self.has(Kind::Whole) || self.has(Kind::Fraction)
    }
}

impl fmt::Display for Kinds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.len() == Kind::ALL.len() {
            return f.write_str("anything");
        }
        let number = self.has(Kind::Fraction);
        let words: Vec<&str> = self
            .0
            .iter()
            .filter_map(|kind| match kind {
                Kind::Null => Some("null"),
                Kind::Boolean => Some("boolean"),
                Kind::Whole if number => None,
                Kind::Whole => Some("integer"),
                Kind::Fraction => Some("number"),
                Kind::Text => Some("string"),
                Kind::List => Some("array"),
                Kind::Object => Some("object"),
            })
            .collect();
        f.write_str(if words.is_empty() { "nothing" } else { "" })?;
        f.write_str(&words.join(" or "))
    }
}

/// The properties that no name is given for.
#[derive(Debug, Clone)]
pub(crate) enum Others {
    /// By convention nobody writes them and everybody lets them be, whether they are forbidden or not.
    Ignored,
    /// A map's values.
    Of(Box<Node>),
}

/// A schema for one value.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub(crate) kinds: Kinds,
    /// The list of an `enum` or `const`.
    pub(crate) values: Option<Vec<Value>>,
    /// More values may come (`x-extensible`): whoever reads them knows what to do with another one.
    pub(crate) is_extensible: bool,
    pub(crate) limits: Limits,
    pub(crate) pattern: Option<String>,
    pub(crate) format: Option<String>,
    pub(crate) required: BTreeSet<String>,
    pub(crate) properties: BTreeMap<String, Node>,
    pub(crate) others: Others,
    pub(crate) names: Option<Box<Node>>,
    pub(crate) items: Option<Box<Node>>,
    pub(crate) is_unique: bool,
}

impl Node {
    /// What takes all of some kinds.
    pub(crate) fn of(kinds: impl IntoIterator<Item = Kind>) -> Self {
        Self {
            kinds: Kinds(kinds.into_iter().collect()),
            values: None,
            is_extensible: false,
            limits: Limits::default(),
            pattern: None,
            format: None,
            required: BTreeSet::new(),
            properties: BTreeMap::new(),
            others: Others::Ignored,
            names: None,
            items: None,
            is_unique: false,
        }
    }

    pub(crate) fn anything() -> Self {
        Self::of(Kind::ALL)
    }
}
