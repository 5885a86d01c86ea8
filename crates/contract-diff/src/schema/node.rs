//! A schema to be compared: what has to hold at once, as it stands in the document.

use std::sync::LazyLock;

use serde_json::{Map, Value, json};

use crate::document::{Document, Form};

/// A part of a document.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Part<'a> {
    pub(crate) schema: &'a Value,
    pub(crate) document: &'a Document,
}

impl<'a> Part<'a> {
    fn address(self) -> usize {
        std::ptr::from_ref(self.schema).addr()
    }

    pub(crate) fn keywords(self) -> Option<&'a Map<String, Value>> {
        self.schema.as_object()
    }

    pub(crate) fn with(self, schema: &'a Value) -> Self {
        Self { schema, ..self }
    }

    pub(crate) fn flag(self, keyword: &str) -> bool {
        self.schema.get(keyword) == Some(&Value::Bool(true))
    }

    /// What its `$ref` leads to.
    pub(crate) fn target(self) -> Option<Self> {
        let reference = self.schema.get("$ref")?.as_str()?;
        self.document.resolve(reference).map(|schema| self.with(schema))
    }

    /// Whether nothing beside its `$ref` counts.
    pub(crate) fn is_only_reference(self) -> bool {
        self.document.form == Form::OpenApi30 && self.schema.get("$ref").is_some()
    }

    /// Whether it says that `null` is allowed besides. A keyword of OpenAPI 3.0 that people still write in 3.1.
    pub(crate) fn is_nullable(self) -> bool {
        self.document.form != Form::Schema && self.flag("nullable")
    }
}

/// The values that are valid by all parts. None is no restriction.
#[derive(Debug, Clone, Default)]
pub(crate) struct Node<'a> {
    parts: Vec<Part<'a>>,
}

/// The same parts in whatever order have the same key.
pub(crate) type Key = Vec<usize>;

impl<'a> Node<'a> {
    pub(crate) fn new(schema: &'a Value, document: &'a Document) -> Self {
        Self::of(vec![Part { schema, document }])
    }

    pub(crate) fn of(mut parts: Vec<Part<'a>>) -> Self {
        parts.sort_by_key(|part| part.address());
        parts.dedup_by_key(|part| part.address());
        Self { parts }
    }

    pub(crate) fn parts(&self) -> &[Part<'a>] {
        &self.parts
    }

    pub(crate) fn key(&self) -> Key {
        self.parts.iter().map(|part| part.address()).collect()
    }

    /// Whether a flag stands in it: in a part, behind its `$ref`, or in what its `allOf` demands.
    pub(crate) fn has_flag(&self, keyword: &str) -> bool {
        self.stated().iter().any(|part| part.flag(keyword))
    }

    /// The first value of a keyword, in a part, behind its `$ref` or in its `allOf`.
    pub(crate) fn stated_value(&self, keyword: &str) -> Option<&'a Value> {
        self.stated().iter().find_map(|part| part.keywords()?.get(keyword))
    }

    /// Its parts, what they refer to and what their `allOf` demands; each once.
    fn stated(&self) -> Vec<Part<'a>> {
        let (mut found, mut next) = (Vec::<Part<'a>>::new(), self.parts.clone());
        while let Some(part) = next.pop() {
            if found.iter().any(|there| there.address() == part.address()) {
                continue;
            }
            found.push(part);
            next.extend(part.target());
            let all = part.schema.get("allOf").and_then(Value::as_array);
            next.extend(all.into_iter().flatten().map(|schema| part.with(schema)));
        }
        found
    }
}

/// A schema of ours: only `null`.
pub(crate) static NULL: LazyLock<Value> = LazyLock::new(|| json!({ "type": "null" }));

/// A schema of ours: any text.
pub(crate) static TEXT: LazyLock<Value> = LazyLock::new(|| json!({ "type": "string" }));

/// Where schemas of ours stand.
pub(crate) static OURS: LazyLock<Document> = LazyLock::new(|| Document {
    name: "any text".to_owned(),
    root: Value::Bool(true),
    form: Form::Schema,
});
