//! Numbers, texts, and what is counted.

use std::cmp::Ordering;

use serde_json::Value;

use super::{
    gap::{Facet, Gap},
    kinds,
    normal::Shape,
    subset::Usage,
};
use crate::{pointer::Pointer, values::Num};

/// An end of a range.
#[derive(Debug, Clone, Copy)]
struct Bound {
    at: Num,
    excluded: bool,
}

impl Shape<'_> {
    /// The values of a keyword, of all parts.
    pub(crate) fn all(&self, keyword: &str) -> impl Iterator<Item = &Value> {
        self.parts.iter().filter_map(move |part| part.keywords()?.get(keyword))
    }

    /// The strictest minimum of a count.
    pub(crate) fn least(&self, keyword: &str) -> u64 {
        self.all(keyword).filter_map(Value::as_u64).max().unwrap_or(0)
    }

    /// The strictest maximum of a count.
    pub(crate) fn most(&self, keyword: &str) -> Option<u64> {
        self.all(keyword).filter_map(Value::as_u64).min()
    }

    /// The least that its other keywords leave besides.
    fn least_of(&self, keyword: &str) -> u64 {
        let required = match keyword {
            "minProperties" => self.required(Usage::Message).len() as u64,
            _ => 0,
        };
        self.least(keyword).max(required)
    }

    /// The most that its other keywords leave besides.
    fn most_of(&self, keyword: &str) -> Option<u64> {
        let most = self.most(keyword);
        if keyword != "maxProperties" || !self.has_known_names() {
            return most;
        }
        let names = self.names(Usage::Message).len() as u64;
        Some(most.map_or(names, |most| most.min(names)))
    }

    fn texts(&self, keyword: &str) -> Vec<&str> {
        let mut texts: Vec<&str> = self.all(keyword).filter_map(Value::as_str).collect();
        texts.sort_unstable();
        texts.dedup();
        texts
    }

    fn bound(&self, keyword: &str, exclusive: &str, stricter: Ordering) -> Option<Bound> {
        let mut bounds = Vec::new();
        for keywords in self.parts.iter().filter_map(|part| part.keywords()) {
            let excluded = keywords.get(exclusive);
            if let Some(number) = keywords.get(keyword).and_then(Value::as_number) {
                let excluded = excluded == Some(&Value::Bool(true));
                bounds.push(Bound { at: Num::of(number), excluded });
            }
            if let Some(number) = excluded.and_then(Value::as_number) {
                bounds.push(Bound { at: Num::of(number), excluded: true });
            }
        }
        let mut bounds = bounds.into_iter().map(|bound| self.on_whole(bound, stricter));
        let first = bounds.next()?;
        Some(bounds.fold(first, |a, b| if is_within(b, a, stricter) { b } else { a }))
    }

    /// Of whole numbers, `> 0` is `>= 1` and `>= 0.5` too.
    #[expect(clippy::cast_possible_truncation, reason = "what is beyond i128 stays as it is")]
    fn on_whole(&self, bound: Bound, stricter: Ordering) -> Bound {
        let step: i128 = if stricter == Ordering::Greater { 1 } else { -1 };
        match bound.at {
            _ if !self.whole => bound,
            Num::Whole(at) if bound.excluded => {
                Bound { at: Num::Whole(at.saturating_add(step)), excluded: false }
            }
            Num::Float(at) if at.is_finite() && at.abs() < 1e30 => {
                let inner = if step == 1 { at.ceil() } else { at.floor() };
                Bound { at: Num::Whole(inner as i128), excluded: false }
            }
            _ => bound,
        }
    }

    fn lower(&self) -> Option<Bound> {
        self.bound("minimum", "exclusiveMinimum", Ordering::Greater)
    }

    fn upper(&self) -> Option<Bound> {
        self.bound("maximum", "exclusiveMaximum", Ordering::Less)
    }

    fn steps(&self) -> Vec<Num> {
        let steps = self.all("multipleOf").filter_map(Value::as_number).map(Num::of);
        steps.chain(self.whole.then_some(Num::Whole(1))).collect()
    }

    /// Whether its limits leave no value. `false` is no promise that there is one.
    pub(crate) fn is_impossible(&self) -> bool {
        let counts = match self.kind {
            kinds::STRING => ["minLength", "maxLength"],
            kinds::ARRAY => ["minItems", "maxItems"],
            kinds::OBJECT => ["minProperties", "maxProperties"],
            _ => {
                return match (self.lower(), self.upper()) {
                    (Some(low), Some(high)) => match low.at.compare(high.at) {
                        Ordering::Greater => true,
                        Ordering::Equal => low.excluded || high.excluded,
                        Ordering::Less => false,
                    },
                    _ => false,
                };
            }
        };
        self.most(counts[1]).is_some_and(|most| self.least(counts[0]) > most)
    }

    /// Whether the limits of two leave no number or no length to both.
    pub(crate) fn is_apart_from(&self, other: &Self) -> bool {
        let both = Shape {
            parts: self.parts.iter().chain(&other.parts).copied().collect(),
            whole: self.whole || other.whole,
            ..self.clone()
        };
        both.is_impossible()
    }
}

/// Whether `inner` allows no more than `outer`.
fn is_within(inner: Bound, outer: Bound, stricter: Ordering) -> bool {
    match inner.at.compare(outer.at) {
        Ordering::Equal => inner.excluded || !outer.excluded,
        order => order == stricter,
    }
}

fn said(bound: Option<Bound>, sign: &str) -> String {
    match bound {
        None => "none".to_owned(),
        Some(Bound { at, excluded }) => {
            let at = match at {
                Num::Whole(at) => at.to_string(),
                Num::Float(at) => at.to_string(),
            };
            format!("{sign}{} {at}", if excluded { "" } else { "=" })
        }
    }
}

/// What the limits of numbers lose.
pub(crate) fn numbers(first: &Shape<'_>, second: &Shape<'_>, at: &Pointer) -> Vec<Gap> {
    let mut gaps = Vec::new();
    let mut ends = |keyword, sign, stricter, first: Option<Bound>, second: Option<Bound>| {
        let lost = match (first, second) {
            (_, None) => false,
            (None, Some(_)) => true,
            (Some(first), Some(second)) => !is_within(first, second, stricter),
        };
        if lost {
            let at = at.at(keyword);
            gaps.push(Gap::hard(Facet::Limit, &at, said(first, sign), said(second, sign)));
        }
    };
    ends("minimum", ">", Ordering::Greater, first.lower(), second.lower());
    ends("maximum", "<", Ordering::Less, first.upper(), second.upper());
    let (own, wanted) = (first.steps(), second.steps());
    for step in wanted {
        if own.iter().any(|own| own.is_multiple_of(step)) {
            continue;
        }
        if second.whole && step.compare(Num::Whole(1)).is_eq() {
            let words =
                |shape: &Shape<'_>| if shape.whole { "integer" } else { "number" }.to_owned();
            gaps.push(Gap::hard(Facet::Type, at, words(first), words(second)));
        } else {
            let all = |shape: &Shape<'_>| {
                let steps: Vec<String> =
                    shape.all("multipleOf").map(|step| format!("multipleOf {step}")).collect();
                if steps.is_empty() { "none".to_owned() } else { steps.join(", ") }
            };
            gaps.push(Gap::hard(Facet::Limit, &at.at("multipleOf"), all(first), all(second)));
        }
    }
    gaps.extend(formats(first, second, at));
    gaps
}

/// What the limits of texts lose.
pub(crate) fn texts(first: &Shape<'_>, second: &Shape<'_>, at: &Pointer) -> Vec<Gap> {
    let mut gaps = counts(first, second, ["minLength", "maxLength"], at);
    let own = first.texts("pattern");
    for pattern in second.texts("pattern") {
        if !own.contains(&pattern) {
            let facet = Facet::Pattern { changed: !own.is_empty() };
            gaps.push(Gap::hard(facet, &at.at("pattern"), or_none(&own), pattern.to_owned()));
        }
    }
    gaps.extend(formats(first, second, at));
    for keyword in ["contentEncoding", "contentMediaType"] {
        let (own, wanted) = (first.texts(keyword), second.texts(keyword));
        if !wanted.is_empty() && own != wanted {
            let facet = Facet::Format { changed: !own.is_empty() };
            gaps.push(Gap::hard(facet, &at.at(keyword), or_none(&own), or_none(&wanted)));
        }
    }
    gaps
}

fn or_none(words: &[&str]) -> String {
    if words.is_empty() { "none".to_owned() } else { words.join(" and ") }
}

/// A format and one that has all of its values.
const WIDER: [(&str, &str); 4] =
    [("int32", "int64"), ("float", "double"), ("int32", "double"), ("uri", "uri-reference")];

fn formats(first: &Shape<'_>, second: &Shape<'_>, at: &Pointer) -> Vec<Gap> {
    let own = first.texts("format");
    let lost = second
        .texts("format")
        .into_iter()
        .filter(|wanted| !own.iter().any(|own| own == wanted || WIDER.contains(&(*own, *wanted))));
    lost.map(|wanted| {
        let facet = Facet::Format { changed: !own.is_empty() };
        Gap::hard(facet, &at.at("format"), or_none(&own), wanted.to_owned())
    })
    .collect()
}

/// What a minimum and a maximum of a count lose.
pub(crate) fn counts(
    first: &Shape<'_>,
    second: &Shape<'_>,
    [least, most]: [&str; 2],
    at: &Pointer,
) -> Vec<Gap> {
    let mut gaps = Vec::new();
    let (own, wanted) = (first.least_of(least), second.least(least));
    if own < wanted {
        gaps.push(Gap::hard(Facet::Limit, &at.at(least), own.to_string(), wanted.to_string()));
    }
    let said = |most: Option<u64>| most.map_or("none".to_owned(), |most| most.to_string());
    let (own, wanted) = (first.most_of(most), second.most(most));
    if wanted.is_some_and(|wanted| own.is_none_or(|own| own > wanted)) {
        gaps.push(Gap::hard(Facet::Limit, &at.at(most), said(own), said(wanted)));
    }
    gaps
}
