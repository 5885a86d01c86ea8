use function_json::Trigger;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{Message, not};
use crate::decoding;
use crate::envelope::{EnvelopeError, Metadata, Payload};

/// Changed documents of one partition of a container, each in its latest version
/// (`cosmosDBTrigger`). Deletions do not show.
///
/// After a failed invocation the host's checkpoint moves on and the batch is lost, unless a retry
/// policy holds it: a function that must not lose changes has `maxRetryCount: -1`.
#[derive(Debug, Clone, PartialEq)]
pub struct ChangeFeed {
    /// Full documents with their system properties (`_ts`, `_etag`, …), in the order of the feed.
    pub documents: Vec<Value>,
}

/// A document that does not fit the type it was read as.
#[derive(Debug, Clone, PartialEq)]
pub struct Rejected {
    /// The document.
    pub document: Value,
    /// What does not fit, and where; not the value there.
    pub problem: String,
}

impl Rejected {
    /// The document's id, if it has one.
    pub fn id(&self) -> Option<&str> {
        self.document.get("id").and_then(Value::as_str)
    }
}

impl ChangeFeed {
    /// The documents as a type, and those that do not fit it: one bad document must not stop the others.
    pub fn parse<T: DeserializeOwned>(&self) -> (Vec<T>, Vec<Rejected>) {
        let (parsed, rejected) = self.parse_beside();
        (parsed.into_iter().map(|(value, _)| value).collect(), rejected)
    }

    /// As [`ChangeFeed::parse`], each beside its document, which says also what the type leaves out.
    pub fn parse_beside<T: DeserializeOwned>(&self) -> (Vec<(T, &Value)>, Vec<Rejected>) {
        let (mut parsed, mut rejected) = (Vec::new(), Vec::new());
        for document in &self.documents {
            match decoding::from_value(document) {
                Ok(value) => parsed.push((value, document)),
                Err(problem) => rejected.push(Rejected { document: document.clone(), problem }),
            }
        }
        (parsed, rejected)
    }
}

impl Message for ChangeFeed {
    const EXPECTED: &'static str = "a cosmosDBTrigger";

    fn is_for(trigger: &Trigger) -> bool {
        matches!(trigger, Trigger::CosmosDb(_))
    }

    fn read(payload: Payload, _: &Metadata, _: &Trigger) -> Result<Self, EnvelopeError> {
        match payload {
            Payload::Json(array @ Value::Array(_)) => {
                let documents =
                    Vec::deserialize(array).map_err(|error| EnvelopeError(error.to_string()))?;
                Ok(Self { documents })
            }
            other => Err(not("an array of documents", &other)),
        }
    }
}
