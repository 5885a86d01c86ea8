//! Output bindings, written so that the host stores exactly what was meant.
//!
//! The host tries to read every string output as base64, splits what looks like a JSON array,
//! re-indents what looks like a JSON object and rewrites what looks like a date
//! (`FunctionBinding.cs` of the host). Each kind of output has one form that survives, and a value
//! that none carries is refused instead of stored differently.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use function_json::{DataType, FunctionJson, Output, OutputBinding};
use serde::Serialize;
use serde_json::{Map, Value};
use thiserror::Error;

/// The output that travels as `ReturnValue`.
pub(crate) const RETURN: &str = "$return";

/// Values for output bindings, by binding name.
///
/// ```
/// use custom_handler::Outputs;
/// use serde_json::json;
///
/// let outputs = Outputs::new()
///     .message("decisions", r#"{"photoId":"7","state":"approved"}"#)
///     .document("cases", &json!({ "id": "7", "state": "closed" }));
/// ```
#[derive(Debug, Clone, Default)]
pub struct Outputs(Vec<(String, OutputValue)>);

#[derive(Debug, Clone)]
enum OutputValue {
    Message(Bytes),
    Messages(Vec<Bytes>),
    Documents(Vec<Value>),
    Blob(Bytes),
    Raw(Value),
    Flawed(String),
}

/// Why the values of a reply cannot be handed to the host.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub(crate) enum OutputError {
    #[error("writing output `{name}`: function.json has no such output; it has {known}")]
    Unknown { name: String, known: String },
    #[error(
        "writing output `{name}`: it has a value already; collect several messages or documents in one call"
    )]
    Twice { name: String },
    #[error("writing output `{name}`: a binding of type {binding} does not take {value}")]
    Kind { name: String, binding: &'static str, value: &'static str },
    #[error("writing output `{name}`: {problem}")]
    Value { name: String, problem: String },
}

impl Outputs {
    /// No output.
    pub fn new() -> Self {
        Self::default()
    }

    /// One message for a queue or event hub: text or bytes, stored exactly.
    #[must_use]
    pub fn message(self, name: impl Into<String>, message: impl Into<Bytes>) -> Self {
        self.add(name, OutputValue::Message(message.into()))
    }

    /// One JSON message for a queue or event hub, compact.
    #[must_use]
    pub fn json_message(
        self,
        name: impl Into<String>,
        message: &(impl Serialize + ?Sized),
    ) -> Self {
        let value = match serde_json::to_vec(message) {
            Ok(message) => OutputValue::Message(message.into()),
            Err(error) => OutputValue::Flawed(format!("serialising the message: {error}")),
        };
        self.add(name, value)
    }

    /// Several messages for a queue or event hub. The host carries several only as text, and
    /// rewrites text that looks like an ISO 8601 date: neither bytes nor such text can be sent
    /// this way, and the invocation fails if they are.
    #[must_use]
    pub fn messages<M: Into<Bytes>>(
        self,
        name: impl Into<String>,
        messages: impl IntoIterator<Item = M>,
    ) -> Self {
        self.add(name, OutputValue::Messages(messages.into_iter().map(Into::into).collect()))
    }

    /// One document for a Cosmos DB container: an object with an `id`. The host writes it with an
    /// upsert, and normalises strings that look like ISO 8601 dates (trailing zeros of a fraction
    /// go); a store that must keep them uses the SDK.
    #[must_use]
    pub fn document(self, name: impl Into<String>, document: &(impl Serialize + ?Sized)) -> Self {
        let value = match serde_json::to_value(document) {
            Ok(document) => OutputValue::Documents(vec![document]),
            Err(error) => OutputValue::Flawed(format!("serialising the document: {error}")),
        };
        self.add(name, value)
    }

    /// Several documents for a Cosmos DB container, upserted one by one, not in one transaction.
    #[must_use]
    pub fn documents(
        self,
        name: impl Into<String>,
        documents: impl IntoIterator<Item = impl Serialize>,
    ) -> Self {
        let documents: Result<Vec<Value>, _> =
            documents.into_iter().map(serde_json::to_value).collect();
        let value = documents.map_or_else(
            |error| OutputValue::Flawed(format!("serialising a document: {error}")),
            OutputValue::Documents,
        );
        self.add(name, value)
    }

    /// One event for an Event Grid topic, in the topic's schema.
    #[must_use]
    pub fn event(self, name: impl Into<String>, event: &(impl Serialize + ?Sized)) -> Self {
        self.document(name, event)
    }

    /// The content of a blob, stored exactly.
    #[must_use]
    pub fn blob(self, name: impl Into<String>, content: impl Into<Bytes>) -> Self {
        self.add(name, OutputValue::Blob(content.into()))
    }

    /// A value for a binding that this crate does not know, as it is in the reply. Strings in it
    /// are subject to everything that the host does to strings.
    #[must_use]
    pub fn raw(self, name: impl Into<String>, value: Value) -> Self {
        self.add(name, OutputValue::Raw(value))
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn add(mut self, name: impl Into<String>, value: OutputValue) -> Self {
        self.0.push((name.into(), value));
        self
    }

    /// The values as `Outputs` of the reply, `$return` included under its name.
    pub(crate) fn encode(self, function: &FunctionJson) -> Result<Map<String, Value>, OutputError> {
        let mut encoded = Map::new();
        for (name, value) in self.0 {
            let Some(binding) = function.outputs.iter().find(|binding| binding.name == name) else {
                let known: Vec<String> =
                    function.outputs.iter().map(|binding| format!("`{}`", binding.name)).collect();
                let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
                return Err(OutputError::Unknown { name, known });
            };
            if encoded.contains_key(&name) {
                return Err(OutputError::Twice { name });
            }
            if let Some(value) = value.encode(binding)? {
                encoded.insert(name, value);
            }
        }
        Ok(encoded)
    }
}

impl OutputValue {
    /// `None` for a value that writes nothing.
    fn encode(self, binding: &OutputBinding) -> Result<Option<Value>, OutputError> {
        let wrong = |problem: String| OutputError::Value { name: binding.name.clone(), problem };
        let verbatim = binding.data_type == Some(DataType::Binary);
        match (self, &binding.kind) {
            (Self::Flawed(problem), _) => Err(wrong(problem)),
            (Self::Raw(value), _) => Ok(Some(value)),
            (Self::Message(message), Output::Queue { .. } | Output::EventHub { .. }) => {
                // With `dataType: binary` the host decodes nothing, but still takes text apart that
                // looks like JSON; an array of one string is what it leaves alone.
                if verbatim {
                    texts(vec![message]).map(Some).map_err(wrong)
                } else {
                    Ok(Some(base64(&message)))
                }
            }
            (Self::Messages(messages), Output::Queue { .. } | Output::EventHub { .. }) => {
                match messages.as_slice() {
                    [] => Ok(None),
                    [message] if !verbatim => Ok(Some(base64(message))),
                    _ => texts(messages).map(Some).map_err(wrong),
                }
            }
            (Self::Blob(content), Output::Blob { .. }) if verbatim => {
                text(&content).map(Some).map_err(wrong)
            }
            (Self::Blob(content), Output::Blob { .. }) => Ok(Some(base64(&content))),
            (Self::Documents(documents), Output::CosmosDb { .. } | Output::EventGrid { .. }) => {
                if documents.iter().all(Value::is_object) {
                    Ok((!documents.is_empty()).then_some(Value::Array(documents)))
                } else {
                    Err(wrong("a document or event must be a JSON object".to_owned()))
                }
            }
            (value, kind) => Err(OutputError::Kind {
                name: binding.name.clone(),
                binding: kind_name(kind),
                value: value.name(),
            }),
        }
    }

    fn name(&self) -> &'static str {
        match self {
            Self::Message(_) | Self::Messages(_) => "messages",
            Self::Documents(_) => "documents or events",
            Self::Blob(_) => "a blob's content",
            Self::Raw(_) | Self::Flawed(_) => "this value",
        }
    }
}

fn kind_name(kind: &Output) -> &'static str {
    match kind {
        Output::Http => "http",
        Output::Queue { .. } => "queue",
        Output::CosmosDb { .. } => "cosmosDB",
        Output::Blob { .. } => "blob",
        Output::EventHub { .. } => "eventHub",
        Output::EventGrid { .. } => "eventGrid",
        Output::Other(_) => "another kind",
    }
}

fn base64(bytes: &Bytes) -> Value {
    Value::String(STANDARD.encode(bytes))
}

/// Elements of an array reach the host's queue verbatim: no base64, no splitting; only dates are rewritten.
fn texts(messages: Vec<Bytes>) -> Result<Value, String> {
    messages.iter().map(text).collect::<Result<Vec<_>, _>>().map(Value::Array)
}

fn text(bytes: &Bytes) -> Result<Value, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| {
        "bytes that are not UTF-8 can only be sent as a single value without `dataType`".to_owned()
    })?;
    if looks_like_a_date(text) {
        return Err("the host would rewrite text that is just a date; wrap it in a JSON object or send it alone".to_owned());
    }
    Ok(Value::String(text.to_owned()))
}

/// Whether Json.NET would read the string as a date: `yyyy-MM-ddTHH:mm:ss…` or `/Date(…)/`.
/// Wider than what it takes, never narrower.
pub(crate) fn looks_like_a_date(text: &str) -> bool {
    let bytes = text.as_bytes();
    let iso = bytes.len() >= 19
        && [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':')]
            .iter()
            .all(|(at, mark)| bytes[*at] == *mark)
        && bytes[..4].iter().all(u8::is_ascii_digit);
    iso || (text.starts_with("/Date(") && text.ends_with(")/"))
}
