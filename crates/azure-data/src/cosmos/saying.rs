//! Documents that say in which trace they were written, for whoever follows the change feed of their container.

use super::Container;
use custom_handler::TraceContext;
use serde::{Serialize, Serializer, ser::Error};
use serde_json::Value;

const TRACEPARENT: &str = "traceparent";
const TRACESTATE: &str = "tracestate";

impl Container {
    /// The same container; whatever is written to it from now on says in the members `traceparent` and `tracestate` (W3C
    /// Trace Context) where in a trace that happened: in the caller's span. For containers whose change feed somebody follows,
    /// who goes on from there.
    ///
    /// The members are no part of the app's types: they are in the place of what a document had under these names, and whoever
    /// reads the document into a type of his own does not see them.
    ///
    /// ```
    /// use azure_data::{Container, Cosmos};
    ///
    /// fn orders(cosmos: &Cosmos) -> Container {
    ///     cosmos.container("orders").saying_writers()
    /// }
    /// ```
    #[must_use]
    pub fn saying_writers(self) -> Self {
        Self { saying: Saying::Writer, ..self }
    }
}

/// What the documents of a container say beside what the app has in them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Saying {
    Nothing,
    Writer,
}

impl Saying {
    /// A document as it is written here and now.
    pub(super) fn of<T>(self, document: &T) -> Said<'_, T> {
        let writer = (self == Self::Writer).then(TraceContext::current);
        Said { document, writer }
    }
}

/// A document, and where in a trace it is written, if it says so.
#[derive(Debug)]
pub(super) struct Said<'a, T> {
    document: &'a T,
    writer: Option<TraceContext>,
}

impl<T: Serialize> Serialize for Said<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Some(writer) = &self.writer else { return self.document.serialize(serializer) };
        let mut document = serde_json::to_value(self.document).map_err(S::Error::custom)?;
        if let Value::Object(members) = &mut document {
            members.insert(TRACEPARENT.to_owned(), writer.traceparent().into());
            // Not that of an earlier writer.
            members.remove(TRACESTATE);
            let state =
                writer.tracestate().map(|state| (TRACESTATE.to_owned(), Value::from(state)));
            members.extend(state);
        }
        document.serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;
    use serde_json::json;

    const PARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    fn said(document: &Value, tracestate: Option<&str>) -> Value {
        let writer = TraceContext::parse(PARENT, tracestate);
        serde_json::to_value(Said { document, writer }).unwrap()
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
    fn without_being_asked_it_says_nothing_of_it() {
        let document = json!({"id": "1"});
        assert_eq!(serde_json::to_value(Saying::Nothing.of(&document)).unwrap(), document);
    }
}
