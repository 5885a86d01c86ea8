//! Whether two schemas have no value in common, as far as can be told.

use super::{
    kinds::{self, KINDS},
    node::Node,
    normal::Shape,
    object::Member,
    subset::Comparison,
};
use crate::{pointer::Pointer, values};

/// How deep variants are told apart: by a property, or by one of a property.
const MAX_DEPTH: usize = 3;

impl<'a> Comparison<'a> {
    /// Whether two schemas have no value in common.
    pub(crate) fn nodes_are_apart(
        &mut self,
        first: &Node<'a>,
        second: &Node<'a>,
        depth: usize,
    ) -> bool {
        let here = Pointer::default();
        let (Some(own), Some(other)) = (self.normal(first, &here), self.normal(second, &here))
        else {
            return false;
        };
        for (own, other) in own.allowed.iter().zip(&other.allowed) {
            let shared = own.values.iter().any(|value| values::contains(&other.values, value));
            let fits = |values: &[serde_json::Value], node: &Node<'a>, shapes: &[Shape<'a>]| {
                !shapes.is_empty()
                    && values.iter().any(|value| super::accepts::accepts(node, value))
            };
            if shared
                || fits(&own.values, second, &other.shapes)
                || fits(&other.values, first, &own.shapes)
            {
                return false;
            }
            for one in &own.shapes {
                if other.shapes.iter().any(|two| !self.shapes_are_apart(one, two, depth)) {
                    return false;
                }
            }
        }
        true
    }

    /// Whether two shapes of one type have no value in common.
    pub(crate) fn are_apart(&mut self, first: &Shape<'a>, second: &Shape<'a>) -> bool {
        self.shapes_are_apart(first, second, 0)
    }

    fn shapes_are_apart(&mut self, first: &Shape<'a>, second: &Shape<'a>, depth: usize) -> bool {
        debug_assert!(KINDS.contains(&first.kind));
        if first.is_apart_from(second) {
            return true;
        }
        if first.kind != kinds::OBJECT || depth >= MAX_DEPTH {
            return false;
        }
        let usage = self.usage;
        let (own, other) = (first.required(usage), second.required(usage));
        own.union(&other).any(|name| match (first.member(name), second.member(name)) {
            (Member::Nothing, _) | (_, Member::Nothing) => true,
            (Member::Schema(one), Member::Schema(two)) => {
                self.nodes_are_apart(&one, &two, depth + 1)
            }
            _ => false,
        })
    }
}
