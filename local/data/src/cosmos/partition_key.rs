//! Partition key values: as a header says them, as a document holds them, and one spelling for both.
//! <https://learn.microsoft.com/azure/cosmos-db/partitioning-overview>

use serde_json::{Map, Number, Value};

/// The value by which a document is placed: one component per path of the container's definition.
///
/// Held as the header `x-ms-documentdb-partitionkey` spells it, with numbers in their shortest form, so that two
/// spellings of the same key (`[1]`, `[ 1.0 ]`) are equal.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct PartitionKey(String);

impl PartitionKey {
    /// Reads the header, a JSON array of strings, numbers, booleans, nulls or `{}` for a missing value.
    pub(super) fn from_header(header: &str) -> Result<Self, String> {
        match serde_json::from_str(header) {
            Ok(Value::Array(components)) if components.is_empty() => {
                Err("the partition key is empty".to_owned())
            }
            Ok(Value::Array(components)) => {
                Ok(Self(Value::Array(components.into_iter().map(shortest).collect()).to_string()))
            }
            _ => Err(format!("the partition key {header} is no JSON array")),
        }
    }

    /// Picks the components out of a document. A missing value is `{}`.
    pub(super) fn of_document(paths: &[String], document: &Value) -> Self {
        let components = paths.iter().map(|path| {
            let found = segments(path).try_fold(document, |value, segment| value.get(segment));
            found.cloned().map_or_else(|| Value::Object(Map::new()), shortest)
        });
        Self(Value::Array(components.collect()).to_string())
    }

    /// How many components it has.
    pub(super) fn parts(&self) -> usize {
        serde_json::from_str::<Vec<Value>>(&self.0).map_or(0, |parts| parts.len())
    }

    /// The key as the header spells it, in ASCII or not.
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

/// The property names of a path such as `/address/city`. Names in quotes lose them.
fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').skip(1).map(|segment| segment.trim_matches('"'))
}

/// The same value with an integral number spelt without a fraction: Cosmos DB knows only doubles.
fn shortest(value: Value) -> Value {
    /// Up to here every integer is a double of its own.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let Some(number) = value.as_f64().filter(|_| value.is_number()) else {
        return value;
    };
    if number.fract() == 0.0 && number.abs() <= EXACT {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "whole and at most 2^53: nothing is cut off"
        )]
        let whole = number as i64;
        Value::Number(whole.into())
    } else {
        Number::from_f64(number).map_or(value, Value::Number)
    }
}

#[cfg(test)]
mod tests {
    use pretty_assertions::assert_eq;
    use serde_json::json;

    use super::*;

    #[test]
    fn a_header_and_a_document_spell_the_same_key_the_same() {
        let paths = ["/address/city".to_owned(), "/n".to_owned(), "/missing".to_owned()];
        let document = json!({ "address": { "city": "Köln" }, "n": 2.0 });
        let from_document = PartitionKey::of_document(&paths, &document);
        let from_header = PartitionKey::from_header(r#"[ "K\u00f6ln", 2, {} ]"#).unwrap();
        assert_eq!(from_document, from_header);
        assert_eq!(from_header.as_str(), r#"["Köln",2,{}]"#);
    }

    #[test]
    fn null_is_a_value_and_missing_is_not() {
        let paths = ["/pk".to_owned()];
        let null = PartitionKey::of_document(&paths, &json!({ "pk": null }));
        let missing = PartitionKey::of_document(&paths, &json!({}));
        assert_eq!((null.as_str(), missing.as_str()), ("[null]", "[{}]"));
    }

    #[test]
    fn a_number_beyond_what_a_double_counts_keeps_its_value() {
        let key = PartitionKey::from_header("[1e300, 0.1]").unwrap();
        assert_eq!(PartitionKey::from_header(key.as_str()).unwrap(), key);
        assert_eq!(key.as_str(), "[1e+300,0.1]");
    }

    #[test]
    fn an_empty_key_is_none() {
        assert!(PartitionKey::from_header("[]").is_err());
        assert!(PartitionKey::from_header("p").is_err());
    }
}
