//! Values for the schemas of any document, for those who test with them.

use serde_json::Value;

use crate::{made_up, schemas::Schemas};

/// A document with schemas: an OpenAPI document (3.1), or a JSON Schema.
#[derive(Debug)]
pub struct Samples(Schemas);

impl Samples {
    /// Of this document.
    #[must_use]
    pub fn of(document: Value) -> Self {
        Self(Schemas::new(document))
    }

    /// A value that the schema at this JSON pointer takes, with all that need not be there as far as it fits; the same
    /// each time. `None` if none is found.
    ///
    /// ```
    /// use contract_mock::Samples;
    /// use serde_json::json;
    ///
    /// let cake = json!({"type": "object", "required": ["name"], "properties": {"name": {"const": "Sacher"}}});
    /// assert_eq!(Samples::of(cake).value(""), Some(json!({"name": "Sacher"})));
    /// ```
    #[must_use]
    pub fn value(&self, pointer: &str) -> Option<Value> {
        made_up::value(&self.0, pointer).ok()
    }
}
