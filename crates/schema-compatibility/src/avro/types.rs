//! What an Avro schema says of a value.

use std::{collections::BTreeMap, fmt};

use serde_json::Value;

use super::{logical::Logical, names::FullName};

/// A schema with all types that it gives names to.
#[derive(Debug, Clone)]
pub(crate) struct Document {
    pub(crate) root: Type,
    pub(crate) named: BTreeMap<FullName, Named>,
}

/// A type, and what its values mean.
#[derive(Debug, Clone)]
pub(crate) struct Type {
    pub(crate) shape: Shape,
    pub(crate) logical: Option<Logical>,
}

/// How a value is encoded.
#[derive(Debug, Clone)]
pub(crate) enum Shape {
    Primitive(Primitive),
    List(Box<Type>),
    Map(Box<Type>),
    Union(Vec<Type>),
    /// A record, enum or fixed value, by its name.
    Named(FullName),
}

/// Types without parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Primitive {
    Null,
    Boolean,
    Int,
    Long,
    Float,
    Double,
    Bytes,
    Text,
}

/// A type with a name.
#[derive(Debug, Clone)]
pub(crate) struct Named {
    /// Earlier names, by which a reader knows what a writer calls so.
    pub(crate) aliases: Vec<FullName>,
    pub(crate) body: Body,
}

/// What a type with a name is.
#[derive(Debug, Clone)]
pub(crate) enum Body {
    Record(Vec<Field>),
    Enum { symbols: Vec<String>, default: Option<String> },
    Fixed { size: u64, logical: Option<Logical> },
}

/// A field of a record.
#[derive(Debug, Clone)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) aliases: Vec<String>,
    pub(crate) of: Type,
    /// What a reader takes if the writer has no such field.
    pub(crate) default: Option<Value>,
}

impl Primitive {
    const ALL: [Self; 8] = [
        Self::Null,
        Self::Boolean,
        Self::Int,
        Self::Long,
        Self::Float,
        Self::Double,
        Self::Bytes,
        Self::Text,
    ];

    pub(crate) fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|primitive| primitive.word() == word)
    }

    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean => "boolean",
            Self::Int => "int",
            Self::Long => "long",
            Self::Float => "float",
            Self::Double => "double",
            Self::Bytes => "bytes",
            Self::Text => "string",
        }
    }

    /// Whether a reader of this type takes what a writer of another one wrote: itself, and what it may be promoted from.
    pub(crate) fn reads(self, writer: Self) -> bool {
        use Primitive::{Bytes, Double, Float, Int, Long, Text};
        self == writer
            || matches!(
                (writer, self),
                (Int, Long | Float | Double)
                    | (Long, Float | Double)
                    | (Float, Double)
                    | (Text, Bytes)
                    | (Bytes, Text)
            )
    }
}

impl Body {
    pub(crate) fn word(&self) -> &'static str {
        match self {
            Self::Record(_) => "record",
            Self::Enum { .. } => "enum",
            Self::Fixed { .. } => "fixed",
        }
    }
}

impl Document {
    pub(crate) fn body(&self, name: &FullName) -> &Named {
        self.named.get(name).expect("a name is only read where its type is known")
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.shape {
            Shape::Primitive(primitive) => f.write_str(primitive.word()),
            Shape::List(items) => write!(f, "array of {items}"),
            Shape::Map(values) => write!(f, "map of {values}"),
            Shape::Union(branches) => {
                let words: Vec<String> = branches.iter().map(ToString::to_string).collect();
                write!(f, "[{}]", words.join(", "))
            }
            Shape::Named(name) => write!(f, "{name}"),
        }
    }
}
