//! The spans of a trace as a tree: who was called by whom.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::{
    invocations::{INVOCATION_ID, INVOKED_NAME},
    model::Span,
};
use crate::trace_ids::SpanId;

/// How deep a tree is shown; what lies deeper is shown at this depth.
pub(crate) const DEPTH_MAX: usize = 24;

/// A span and how deep it lies; 0 is a root.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Node<'a> {
    pub(crate) span: &'a Span,
    pub(crate) depth: usize,
    /// Whether its parent is named but was not received, such as the client's own span.
    pub(crate) is_orphan: bool,
}

/// Each span once: parents before children, in the order in which they began. A span whose parent is not there is a
/// root; so is the first of spans that name each other in a circle. What a handler tells of an invocation lies within the
/// host's span of it, also where both name the span that sent the message.
pub(crate) fn ordered(spans: &[Span]) -> Vec<Node<'_>> {
    let ids: HashSet<SpanId> = spans.iter().map(|span| span.id).collect();
    let mut children: BTreeMap<Option<SpanId>, Vec<&Span>> = BTreeMap::new();
    let invocations = Invocations::of(spans);
    for span in spans {
        let parent = invocations.around(span).or(span.parent_id);
        let parent = parent.filter(|parent| ids.contains(parent) && *parent != span.id);
        children.entry(parent).or_default().push(span);
    }
    for siblings in children.values_mut() {
        siblings.sort_by_key(|span| (span.start_ns, std::cmp::Reverse(span.end_ns)));
    }
    let mut order = Vec::with_capacity(spans.len());
    let roots = children.remove(&None).unwrap_or_default();
    descend(roots, &mut children, &mut order);
    // What is left are circles.
    while let Some((_, siblings)) = children.pop_first() {
        descend(siblings, &mut children, &mut order);
    }
    order
}

/// The host's own spans, by the invocations that they are of.
struct Invocations<'a>(HashMap<&'a str, &'a Span>);

impl<'a> Invocations<'a> {
    fn of(spans: &'a [Span]) -> Self {
        let of_host = spans.iter().filter(|span| span.attributes.contains_key(INVOKED_NAME));
        Self(of_host.filter_map(|span| Some((invocation(span)?, span))).collect())
    }

    /// The host's span of the same invocation, if it stands beside this one.
    fn around(&self, span: &Span) -> Option<SpanId> {
        let of_host = self.0.get(invocation(span)?)?;
        let is_beside = of_host.id != span.id && of_host.parent_id == span.parent_id;
        is_beside.then_some(of_host.id)
    }
}

fn invocation(span: &Span) -> Option<&str> {
    span.attributes.get(INVOCATION_ID)?.as_str()
}

/// The span that a trace is named after: the first without a parent that is here.
pub(crate) fn first_root(spans: &[Span]) -> Option<&Span> {
    ordered(spans).first().map(|node| node.span)
}

fn descend<'a>(
    roots: Vec<&'a Span>,
    children: &mut BTreeMap<Option<SpanId>, Vec<&'a Span>>,
    order: &mut Vec<Node<'a>>,
) {
    // Not by recursion: a trace may be deeper than the stack.
    let node = |span: &'a Span, depth: usize| Node {
        span,
        depth: depth.min(DEPTH_MAX),
        is_orphan: depth == 0 && span.parent_id.is_some(),
    };
    let mut waiting: Vec<Node<'a>> = roots.into_iter().rev().map(|span| node(span, 0)).collect();
    while let Some(next) = waiting.pop() {
        order.push(next);
        let below = children.remove(&Some(next.span.id)).unwrap_or_default();
        waiting.extend(below.into_iter().rev().map(|span| node(span, next.depth + 1)));
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::{
        telemetry::model::{Attributes, Kind, Status},
        trace_ids::TraceId,
    };

    fn span(id: u64, parent: u64, start_ns: u64) -> Span {
        let span_id = |number: u64| SpanId::from_bytes(&number.to_be_bytes());
        Span {
            trace_id: TraceId::parse(&"1".repeat(32)).unwrap(),
            id: span_id(id).unwrap(),
            parent_id: span_id(parent),
            origin: Arc::default(),
            name: id.to_string(),
            kind: Kind::Internal,
            start_ns,
            end_ns: start_ns + 1,
            attributes: Attributes::new(),
            status: Status::Unset,
            events: Vec::new(),
            links: Vec::new(),
        }
    }

    fn told(spans: &[Span]) -> Vec<String> {
        let tell = |node: &Node<'_>| {
            let mark = if node.is_orphan { "?" } else { "" };
            format!("{}{}{mark}", "-".repeat(node.depth), node.span.name)
        };
        ordered(spans).iter().map(tell).collect()
    }

    #[test]
    fn children_follow_their_parent_in_the_order_of_their_beginning() {
        let spans = [span(4, 2, 9), span(3, 1, 5), span(2, 1, 2), span(1, 0, 1), span(5, 77, 3)];
        assert_eq!(told(&spans), ["1", "-2", "--4", "-3", "5?"]);
    }

    #[test]
    fn what_a_handler_tells_lies_in_the_hosts_span_of_the_invocation() {
        let of = |span: Span, names: &[&str]| {
            let attributes = names.iter().map(|name| ((*name).to_owned(), "i".into())).collect();
            Span { attributes, ..span }
        };
        let spans = [
            span(1, 0, 1),
            of(span(2, 1, 4), &[INVOCATION_ID, INVOKED_NAME]),
            // The clocks of two processes may differ by a little.
            of(span(3, 1, 3), &[INVOCATION_ID]),
            span(4, 3, 5),
        ];
        assert_eq!(told(&spans), ["1", "-2", "--3", "---4"]);
    }

    #[test]
    fn circles_are_shown_too_and_depth_has_an_end() {
        assert_eq!(told(&[span(1, 1, 1)]), ["1?"]);
        assert_eq!(told(&[span(1, 2, 1), span(2, 1, 2)]).len(), 2);
        let chain: Vec<Span> = (1..=10_000).map(|id| span(id, id - 1, id)).collect();
        let nodes = ordered(&chain);
        assert_eq!((nodes.len(), nodes[9_999].depth), (10_000, DEPTH_MAX));
    }
}
