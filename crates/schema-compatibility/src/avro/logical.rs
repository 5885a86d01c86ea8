//! What values mean, beside how they are encoded.

use std::fmt;

use serde_json::{Map, Value};

use super::types::Primitive;

/// A logical type that the specification names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Logical {
    name: String,
    /// Digits in all, and behind the point, of a decimal.
    digits: Option<(u64, u64)>,
}

/// What carries a logical type.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Carrier {
    Primitive(Primitive),
    /// A fixed value of this size, in bytes.
    Fixed(u64),
}

impl Logical {
    /// Reads `logicalType`. One that is not known, or that does not fit what carries it, is let be, as the specification has
    /// it.
    pub(crate) fn read(schema: &Map<String, Value>, carrier: Carrier) -> Option<Self> {
        use Primitive::{Bytes, Int, Long, Text};
        let name = schema.get("logicalType")?.as_str()?;
        let fits = matches!(
            (name, carrier),
            ("decimal", Carrier::Primitive(Bytes) | Carrier::Fixed(_))
                | ("big-decimal", Carrier::Primitive(Bytes))
                | ("uuid", Carrier::Primitive(Text) | Carrier::Fixed(16))
                | ("date" | "time-millis", Carrier::Primitive(Int))
                | ("duration", Carrier::Fixed(12))
                | (
                    "time-micros"
                        | "timestamp-millis"
                        | "timestamp-micros"
                        | "timestamp-nanos"
                        | "local-timestamp-millis"
                        | "local-timestamp-micros"
                        | "local-timestamp-nanos",
                    Carrier::Primitive(Long),
                )
        );
        let digits = match name {
            "decimal" => {
                let precision = schema.get("precision")?.as_u64().filter(|digits| *digits > 0)?;
                let scale = schema.get("scale").map_or(Some(0), Value::as_u64)?;
                Some((precision, scale)).filter(|_| scale <= precision)
            }
            _ => None,
        };
        let is_whole = name != "decimal" || digits.is_some();
        (fits && is_whole).then(|| Self { name: name.to_owned(), digits })
    }
}

impl fmt::Display for Logical {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.digits {
            Some((precision, scale)) => write!(f, "{}({precision}, {scale})", self.name),
            None => f.write_str(&self.name),
        }
    }
}
