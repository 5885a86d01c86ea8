//! Arrays: what stands where, how many, and whether twice.

use serde_json::Value;

use super::{
    gap::{Facet, Gap},
    node::Node,
    normal::Shape,
    object::Member,
    scalar,
    subset::Comparison,
};
use crate::pointer::Pointer;

impl<'a> Shape<'a> {
    /// What stands at a place.
    pub(crate) fn item(&self, index: usize) -> Member<'a> {
        let mut parts = Vec::new();
        for part in &self.parts {
            let Some(keywords) = part.keywords() else { continue };
            let first = keywords.get("prefixItems").and_then(Value::as_array);
            let own = first.and_then(|first| first.get(index)).or_else(|| keywords.get("items"));
            match own {
                None | Some(Value::Bool(true)) => {}
                Some(Value::Bool(false)) => return Member::Nothing,
                Some(schema) => parts.push(part.with(schema)),
            }
        }
        if parts.is_empty() { Member::Anything } else { Member::Schema(Node::of(parts)) }
    }

    fn first_items(&self) -> usize {
        self.all("prefixItems").filter_map(Value::as_array).map(Vec::len).max().unwrap_or(0)
    }

    fn is_unique(&self) -> bool {
        self.all("uniqueItems").any(|unique| unique == &Value::Bool(true))
    }
}

impl<'a> Comparison<'a> {
    /// What is lost between two shapes of arrays.
    pub(crate) fn arrays(
        &mut self,
        first: &Shape<'a>,
        second: &Shape<'a>,
        at: &Pointer,
    ) -> Vec<Gap> {
        let mut gaps = scalar::counts(first, second, ["minItems", "maxItems"], at);
        if second.is_unique() && !first.is_unique() && first.most("maxItems").is_none_or(|n| n > 1)
        {
            let (no, yes) = ("false".to_owned(), "true".to_owned());
            gaps.push(Gap::hard(Facet::Limit, &at.at("uniqueItems"), no, yes));
        }
        let places = first.first_items().max(second.first_items());
        let most = first.most("maxItems").and_then(|most| usize::try_from(most).ok());
        for index in 0..=places {
            if most.is_some_and(|most| index >= most) {
                break;
            }
            let at = if index == places {
                at.at("items")
            } else {
                at.at("prefixItems").at(&index.to_string())
            };
            match (first.item(index), second.item(index)) {
                (Member::Nothing, _) => break,
                (_, Member::Anything) => {}
                (_, Member::Nothing) => {
                    let (more, none) = ("more items".to_owned(), "none".to_owned());
                    gaps.push(Gap::hard(Facet::Limit, &at, more, none));
                }
                (Member::Anything, Member::Schema(second)) => {
                    gaps.extend(self.subset(&Node::default(), &second, &at));
                }
                (Member::Schema(first), Member::Schema(second)) => {
                    gaps.extend(self.subset(&first, &second, &at));
                }
            }
        }
        gaps
    }
}
