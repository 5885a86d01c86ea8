//! Where in a trace the documents of a change feed were written, for functions that read them into types of their own.

use std::collections::HashMap;

use serde_json::Value;

use crate::carried::carried_by;
use crate::invocation::Invocation;
use crate::item::Item;
use crate::trace::TraceContext;
use crate::triggers::ChangeFeed;

/// Of the documents of a batch, by their ids: where each says that it was written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Writers(HashMap<String, TraceContext>);

impl ChangeFeed {
    /// Where the documents were written, as far as they say it in `traceparent` and `tracestate`. For containers in which an
    /// id is one document; where each partition has the same ids, see [`ChangeFeed::parse_beside`].
    pub fn writers(&self) -> Writers {
        let writers = self.documents.iter().filter_map(|document| {
            let id = document.get("id").and_then(Value::as_str)?;
            Some((id.to_owned(), carried_by(document)?))
        });
        Writers(writers.collect())
    }
}

impl Writers {
    /// A span for the work at the document of this id: see [`Invocation::item_of`].
    pub fn item(&self, invocation: &Invocation, id: &str) -> Item {
        invocation.item_of_trace(self.0.get(id).cloned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn who_says_it_is_found_by_its_id() {
        let parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        let documents = vec![
            json!({"id": "1", "traceparent": parent, "tracestate": "x=1"}),
            json!({"id": "2"}),
            json!({"id": "3", "traceparent": "00-1"}),
        ];
        let expected = TraceContext::parse(parent, Some("x=1")).unwrap();
        let writers = ChangeFeed { documents }.writers();
        assert_eq!(writers, Writers(HashMap::from([("1".to_owned(), expected)])));
    }
}
