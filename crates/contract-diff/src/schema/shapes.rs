//! Shapes of one type: which of the second is meant by which of the first, and what is lost between them.

use serde_json::Value;

use super::{
    accepts::accepts,
    gap::{Facet, Gap, hard},
    kinds,
    node::Node,
    normal::{Allowed, Normal, Shape},
    object::Member,
    scalar,
    subset::Comparison,
};
use crate::pointer::Pointer;

impl<'a> Comparison<'a> {
    /// What is lost of each shape, held against the one of the second that is most like it.
    pub(crate) fn shapes(
        &mut self,
        own: &[Shape<'a>],
        wanted: &Allowed<'a>,
        at: &Pointer,
    ) -> Vec<Gap> {
        if own.is_empty() {
            return Vec::new();
        }
        if wanted.shapes.is_empty() {
            let listed: Vec<String> = wanted.values.iter().map(ToString::to_string).collect();
            let any = "any value".to_owned();
            return vec![Gap::hard(
                Facet::Listed,
                at,
                any,
                format!("one of {}", listed.join(", ")),
            )];
        }
        if let ([first], [second]) = (own, wanted.shapes.as_slice()) {
            return self.shape(first, second, at);
        }
        let table: Vec<Vec<Vec<Gap>>> = own
            .iter()
            .map(|first| wanted.shapes.iter().map(|second| self.shape(first, second, at)).collect())
            .collect();
        let mut gaps = Vec::new();
        for (index, row) in table.iter().enumerate() {
            if let Some(lost) = self.lost_at_least(&own[index], row, &wanted.shapes, at) {
                gaps.extend(lost);
                continue;
            }
            let taken = |column: usize| {
                table.iter().enumerate().any(|(i, row)| i != index && hard(&row[column]) == 0)
            };
            let mut free = Vec::new();
            for (column, lost) in row.iter().enumerate().filter(|(column, _)| !taken(*column)) {
                if !self.are_apart(&own[index], &wanted.shapes[column]) {
                    free.push(lost);
                }
            }
            match free.into_iter().min_by_key(|gaps| hard(gaps)) {
                Some(nearest) => gaps.extend(nearest.iter().cloned()),
                None => gaps.push(Gap::hard(
                    Facet::Variant,
                    at,
                    named(&own[index]),
                    "none like it".to_owned(),
                )),
            }
        }
        gaps
    }

    /// What is lost of a shape that is taken whole: by one shape of the second, or, if that says less, by several.
    fn lost_at_least(
        &mut self,
        first: &Shape<'a>,
        row: &[Vec<Gap>],
        wanted: &[Shape<'a>],
        at: &Pointer,
    ) -> Option<Vec<Gap>> {
        let one = row.iter().filter(|gaps| hard(gaps) == 0).min_by_key(|gaps| gaps.len()).cloned();
        if one.as_ref().is_some_and(Vec::is_empty) {
            return one;
        }
        let several = self.by_property(first, row, wanted, at);
        one.into_iter().chain(several).min_by_key(Vec::len)
    }

    /// Whether each value of some property that is always there leads to a shape of the second that has all of the first
    /// besides: an enum that was cut up into variants. What is left to say, if so.
    fn by_property(
        &mut self,
        first: &Shape<'a>,
        row: &[Vec<Gap>],
        wanted: &[Shape<'a>],
        at: &Pointer,
    ) -> Option<Vec<Gap>> {
        if first.kind != kinds::OBJECT {
            return None;
        }
        for name in first.required(self.usage) {
            let Some(values) = self.few_values(first, name) else { continue };
            let place = at.at("properties").at(name);
            // What each shape lacks but for this property, whose values are looked at one by one.
            let rest: Vec<Vec<Gap>> = row
                .iter()
                .map(|gaps| gaps.iter().filter(|gap| gap.at != place).cloned().collect())
                .collect();
            let fits = |(gaps, shape): &(&Vec<Gap>, &Shape<'a>), value: &Value| {
                hard(gaps) == 0
                    && match shape.member(name) {
                        Member::Nothing => false,
                        Member::Anything => true,
                        Member::Schema(node) => accepts(&node, value),
                    }
            };
            let nearest = |value: &Value| {
                let those = rest.iter().zip(wanted).filter(|pair| fits(pair, value));
                those.min_by_key(|(gaps, _)| gaps.len())
            };
            let found: Option<Vec<_>> = values.iter().map(nearest).collect();
            if let Some(found) = found {
                return Some(found.into_iter().flat_map(|(gaps, _)| gaps.clone()).collect());
            }
        }
        None
    }

    /// The values of a property, if it lists them and they are few.
    fn few_values(&mut self, shape: &Shape<'a>, name: &str) -> Option<Vec<Value>> {
        const MOST: usize = 64;
        let Member::Schema(node) = shape.member(name) else { return None };
        let normal = self.normal(&node, &Pointer::default())?;
        let mut values = Vec::new();
        for allowed in &normal.allowed {
            if !allowed.shapes.is_empty() {
                return None;
            }
            values.extend(allowed.values.iter().filter(|value| accepts(&node, value)).cloned());
        }
        (!values.is_empty() && values.len() <= MOST).then_some(values)
    }

    fn shape(&mut self, first: &Shape<'a>, second: &Shape<'a>, at: &Pointer) -> Vec<Gap> {
        let mut gaps = match first.kind {
            kinds::NUMBER => scalar::numbers(first, second, at),
            kinds::STRING => scalar::texts(first, second, at),
            kinds::ARRAY => self.arrays(first, second, at),
            _ => self.objects(first, second, at),
        };
        for not in &second.not {
            if !self.is_without(first, not) {
                let (no, yes) = ("none".to_owned(), "values ruled out".to_owned());
                gaps.push(Gap::hard(Facet::Not, &at.at("not"), no, yes));
            }
        }
        gaps.extend(other_keywords(first, second, at));
        gaps
    }

    /// Whether no value of a shape is valid by what a `not` rules out.
    fn is_without(&mut self, first: &Shape<'a>, not: &Node<'a>) -> bool {
        let own = first.not.clone();
        if own.iter().any(|own| self.is_subset(not, own)) {
            return true;
        }
        let Some(ruled_out) = self.normal(not, &Pointer::default()) else { return false };
        let place = kinds::KINDS.iter().position(|kind| *kind == first.kind).unwrap_or_default();
        let ruled_out = &ruled_out.allowed[place];
        let values_apart = ruled_out
            .values
            .iter()
            .all(|value| first.parts.iter().any(|part| !accepts(&Node::of(vec![*part]), value)));
        values_apart && ruled_out.shapes.iter().all(|shape| self.are_apart(first, shape))
    }

    /// Variants of a `oneOf` that may overlap, if the first has not the same.
    pub(crate) fn overlaps(
        &mut self,
        (first, own): (&Node<'a>, &Normal<'a>),
        (second, wanted): (&Node<'a>, &Normal<'a>),
        at: &Pointer,
    ) -> Vec<Gap> {
        let mut gaps = Vec::new();
        for group in &wanted.exclusive {
            let mut apart = true;
            for (index, one) in group.iter().enumerate() {
                for two in &group[index + 1..] {
                    apart &= self.nodes_are_apart(one, two, 0);
                }
            }
            if apart || own.exclusive.iter().any(|own| self.are_one_group(own, group)) {
                continue;
            }
            let at = at.at("oneOf");
            let valid = "valid".to_owned();
            gaps.push(match self.lost_value(first, second) {
                Some(value) => {
                    let now = format!("{value} is a value of two variants");
                    Gap::hard(Facet::Overlap, &at, valid, now)
                }
                None => Gap::soft(Facet::Overlap, &at, valid, "perhaps of two variants".to_owned()),
            });
        }
        gaps
    }

    /// Whether nothing is lost, not even what nobody sends by convention.
    fn is_like(&mut self, first: &Node<'a>, second: &Node<'a>) -> bool {
        let gaps = self.subset(first, second, &Pointer::default());
        gaps.iter().all(|gap| gap.facet == Facet::Default)
    }

    /// Whether two groups have the same variants.
    fn are_one_group(&mut self, own: &[Node<'a>], group: &[Node<'a>]) -> bool {
        let mut left: Vec<&Node<'a>> = own.iter().collect();
        for variant in group {
            let like = left
                .iter()
                .position(|own| self.is_like(own, variant) && self.is_like(variant, own));
            let Some(like) = like else { return false };
            left.swap_remove(like);
        }
        left.is_empty()
    }
}

/// What a variant is called by those who look for it.
fn named(shape: &Shape<'_>) -> String {
    let title = shape.all("title").find_map(|title| title.as_str());
    let names: Vec<&str> = shape.names(super::subset::Usage::Message).into_iter().collect();
    match title {
        Some(title) => title.to_owned(),
        None if names.is_empty() => format!("a variant of type {}", kinds::words(shape.kind)),
        None => format!("a variant with {}", names.join(", ")),
    }
}

/// Keywords of which it is only seen whether they are the same.
const AS_THEY_ARE: [&str; 5] =
    ["contains", "minContains", "maxContains", "dependentSchemas", "unevaluatedItems"];

fn other_keywords(first: &Shape<'_>, second: &Shape<'_>, at: &Pointer) -> Vec<Gap> {
    let mut gaps = Vec::new();
    for keyword in AS_THEY_ARE {
        let own: Vec<_> = first.all(keyword).collect();
        for wanted in second.all(keyword) {
            let at = at.at(keyword);
            if own.iter().any(|own| crate::values::same(own, wanted)) {
                continue;
            }
            let said = own.first().map_or("none".to_owned(), ToString::to_string);
            if own.is_empty() {
                gaps.push(Gap::hard(Facet::Limit, &at, said, wanted.to_string()));
            } else {
                gaps.push(Gap::soft(Facet::Unclear, &at, said, wanted.to_string()));
            }
        }
    }
    gaps
}
