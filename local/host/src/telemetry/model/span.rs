//! A span.

use std::sync::Arc;

use serde::Serialize;

use super::{Attributes, Origin, size_bytes};
use crate::trace_ids::{SpanContext, SpanId, TraceId};

/// What a span takes beside its texts, in bytes: estimated.
const SPAN_BYTES: usize = 256;

/// A finished piece of work.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Span {
    pub(crate) trace_id: TraceId,
    pub(crate) id: SpanId,
    pub(crate) parent_id: Option<SpanId>,
    pub(crate) origin: Arc<Origin>,
    pub(crate) name: String,
    pub(crate) kind: Kind,
    /// Nanoseconds since 1970.
    pub(crate) start_ns: u64,
    /// Nanoseconds since 1970; not before the start.
    pub(crate) end_ns: u64,
    pub(crate) attributes: Attributes,
    pub(crate) status: Status,
    pub(crate) events: Vec<SpanEvent>,
    pub(crate) links: Vec<Link>,
}

/// Which side of what the work was on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Kind {
    #[default]
    Internal,
    Server,
    Client,
    Producer,
    Consumer,
}

/// How it ended.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase", tag = "code", content = "message")]
pub(crate) enum Status {
    #[default]
    Unset,
    Ok,
    /// With what is said of it, perhaps nothing.
    Error(String),
}

/// Something that happened meanwhile, such as an exception.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SpanEvent {
    pub(crate) name: String,
    /// Nanoseconds since 1970.
    pub(crate) at_ns: u64,
    pub(crate) attributes: Attributes,
}

/// A span of another trace, or of this one, that has to do with it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Link {
    pub(crate) to: SpanContext,
    pub(crate) attributes: Attributes,
}

impl Span {
    /// About how much memory it takes.
    pub(crate) fn size_bytes(&self) -> usize {
        let events =
            self.events.iter().map(|event| event.name.len() + size_bytes(&event.attributes));
        let links = self.links.iter().map(|link| size_of::<Link>() + size_bytes(&link.attributes));
        let parts = events.sum::<usize>() + links.sum::<usize>();
        SPAN_BYTES + self.name.len() + size_bytes(&self.attributes) + parts
    }

    pub(crate) fn is_error(&self) -> bool {
        matches!(self.status, Status::Error(_))
    }

    pub(crate) fn duration_ns(&self) -> u64 {
        self.end_ns.saturating_sub(self.start_ns)
    }
}

impl Kind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Internal => "internal",
            Self::Server => "server",
            Self::Client => "client",
            Self::Producer => "producer",
            Self::Consumer => "consumer",
        }
    }
}
