//! What is written as JSON, with where in a trace that happens: documents for whoever follows a change feed, messages for
//! whoever gets them.

use custom_handler::TraceContext;
use serde::{Serialize, Serializer, ser::Error};
use serde_json::Value;

const TRACEPARENT: &str = "traceparent";
const TRACESTATE: &str = "tracestate";

/// A value, and where in a trace it is written, if it says so: in the members `traceparent` and `tracestate` (W3C Trace
/// Context), in the place of what it had under these names.
#[derive(Debug)]
pub(crate) struct Said<'a, T> {
    pub(crate) value: &'a T,
    pub(crate) position: Option<TraceContext>,
}

impl<T: Serialize> Serialize for Said<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Some(position) = &self.position else { return self.value.serialize(serializer) };
        let mut value = serde_json::to_value(self.value).map_err(S::Error::custom)?;
        if let Value::Object(members) = &mut value {
            members.insert(TRACEPARENT.to_owned(), position.traceparent().into());
            // Not that of an earlier writer.
            members.remove(TRACESTATE);
            let state = position.tracestate();
            members.extend(state.map(|state| (TRACESTATE.to_owned(), Value::from(state))));
        }
        value.serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;
    use serde_json::json;

    const PARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    fn said(value: &Value, tracestate: Option<&str>) -> Value {
        let position = TraceContext::parse(PARENT, tracestate);
        serde_json::to_value(Said { value, position }).unwrap()
    }

    #[test]
    fn a_document_says_where_it_was_written_and_not_where_it_was_before() {
        let before = json!({"id": "1", "traceparent": "another", "tracestate": "x=1"});
        assert_eq!(said(&before, None), json!({"id": "1", "traceparent": PARENT}));
        assert_eq!(
            said(&before, Some("y=2")),
            json!({"id": "1", "traceparent": PARENT, "tracestate": "y=2"})
        );
    }

    #[test]
    fn what_does_not_say_it_is_as_it_was() {
        let value = &json!({"id": "1"});
        assert_eq!(serde_json::to_value(Said { value, position: None }).unwrap(), *value);
    }
}
