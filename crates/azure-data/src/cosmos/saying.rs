//! Documents that say in which trace they were written, for whoever follows the change feed of their container.

use super::Container;
use crate::said::Said;
use custom_handler::TraceContext;

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
    pub(super) fn of<T>(self, value: &T) -> Said<'_, T> {
        let position = (self == Self::Writer).then(TraceContext::current);
        Said { value, position }
    }
}
