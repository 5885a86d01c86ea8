//! Objects: which properties there are, which must be, and what of others.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::{
    accepts::matches,
    gap::{Facet, Gap},
    node::{self, Node, Part},
    normal::Shape,
    scalar,
    subset::{Comparison, Usage},
};
use crate::pointer::Pointer;

/// What an object may have under a name.
#[derive(Debug, Clone)]
pub(crate) enum Member<'a> {
    Nothing,
    /// Whatever it is: nobody says anything about this name.
    Anything,
    Schema(Node<'a>),
}

/// The schemas that one set of keywords has for the value of a property.
pub(crate) fn schemas_of<'a>(keywords: &'a Map<String, Value>, name: &str) -> Vec<&'a Value> {
    let own = declared(keywords, name);
    match (own.is_empty(), keywords.get("additionalProperties")) {
        (true, Some(other)) => vec![other],
        _ => own,
    }
}

fn declared<'a>(keywords: &'a Map<String, Value>, name: &str) -> Vec<&'a Value> {
    let map = |keyword| keywords.get(keyword).and_then(Value::as_object);
    let own = map("properties").and_then(|properties| properties.get(name));
    let patterns = map("patternProperties").into_iter().flatten();
    let fitting = patterns.filter(|(pattern, _)| matches(pattern, name)).map(|(_, schema)| schema);
    own.into_iter().chain(fitting).collect()
}

fn member_of<'a>(schemas: Vec<Part<'a>>) -> Member<'a> {
    if schemas.iter().any(|part| part.schema == &Value::Bool(false)) {
        return Member::Nothing;
    }
    if schemas.is_empty() { Member::Anything } else { Member::Schema(Node::of(schemas)) }
}

impl<'a> Shape<'a> {
    /// What it may have under a name.
    pub(crate) fn member(&self, name: &str) -> Member<'a> {
        let mut schemas = Vec::new();
        for part in &self.parts {
            let Some(keywords) = part.keywords() else { continue };
            let own = schemas_of(keywords, name).into_iter();
            schemas.extend(own.map(|schema| part.with(schema)));
        }
        if schemas.is_empty() {
            schemas = self.unevaluated();
        }
        member_of(schemas)
    }

    /// What it may have under names that nobody says anything about.
    pub(crate) fn others(&self) -> Member<'a> {
        let mut schemas = Vec::new();
        for part in &self.parts {
            match part.keywords().and_then(|keywords| keywords.get("additionalProperties")) {
                None | Some(Value::Bool(true)) => {}
                Some(Value::Object(keywords)) if keywords.is_empty() => {}
                Some(schema) => schemas.push(part.with(schema)),
            }
        }
        if schemas.is_empty() {
            schemas = self.unevaluated();
        }
        member_of(schemas)
    }

    fn unevaluated(&self) -> Vec<Part<'a>> {
        let said = |part: &Part<'a>| {
            let schema = part.keywords()?.get("unevaluatedProperties")?;
            (schema != &Value::Bool(true)).then(|| part.with(schema))
        };
        self.parts.iter().filter_map(said).collect()
    }

    /// The names of its properties, those left out that this use of it never has.
    pub(crate) fn names(&self, usage: Usage) -> BTreeSet<&str> {
        let maps = self.all("properties").filter_map(Value::as_object);
        maps.flat_map(|map| map.keys().map(String::as_str))
            .filter(|name| !self.is_hidden(name, usage))
            .collect()
    }

    /// The names that must be there.
    pub(crate) fn required(&self, usage: Usage) -> BTreeSet<&str> {
        let lists = self.all("required").filter_map(Value::as_array);
        lists
            .flatten()
            .filter_map(Value::as_str)
            .filter(|name| !self.is_hidden(name, usage))
            .collect()
    }

    fn patterns(&self) -> BTreeSet<&str> {
        let maps = self.all("patternProperties").filter_map(Value::as_object);
        maps.flat_map(|map| map.keys().map(String::as_str)).collect()
    }

    fn is_hidden(&self, name: &str, usage: Usage) -> bool {
        let Some(flag) = usage.hides() else { return false };
        matches!(self.member(name), Member::Schema(node) if node.has_flag(flag))
    }

    /// Whether a property was announced to go, and the day has come.
    fn has_sunset(&self, name: &str, comparison: &Comparison<'a>) -> bool {
        let Member::Schema(node) = self.member(name) else { return false };
        node.has_flag("deprecated")
            && node.stated_value("x-sunset").is_some_and(|day| comparison.is_past(day))
    }

    fn pattern_member(&self, pattern: &str) -> Member<'a> {
        let mut schemas = Vec::new();
        for part in &self.parts {
            let map = part.keywords().and_then(|k| k.get("patternProperties")?.as_object());
            schemas.extend(map.and_then(|map| map.get(pattern)).map(|schema| part.with(schema)));
        }
        member_of(schemas)
    }
}

impl<'a> Comparison<'a> {
    /// What is lost between two shapes of objects.
    pub(crate) fn objects(
        &mut self,
        first: &Shape<'a>,
        second: &Shape<'a>,
        at: &Pointer,
    ) -> Vec<Gap> {
        let usage = self.usage;
        let mut gaps = scalar::counts(first, second, ["minProperties", "maxProperties"], at);
        let properties = at.at("properties");
        let (own, wanted) = (first.required(usage), second.required(usage));
        let names = first.names(usage);
        for name in wanted.difference(&own) {
            let facet = Facet::Required {
                known: names.contains(name),
                sunset: second.has_sunset(name, self),
            };
            let at = properties.at(name);
            gaps.push(Gap::hard(facet, &at, "optional".to_owned(), "required".to_owned()));
        }
        gaps.extend(self.members(first, second, &properties));
        gaps.extend(self.patterned(first, second, at));
        let more = at.at("additionalProperties");
        match (first.others(), second.others()) {
            (Member::Nothing, _) | (_, Member::Anything) => {}
            (_, Member::Nothing) => {
                let (any, none) = ("more properties".to_owned(), "no others".to_owned());
                gaps.push(Gap::hard(Facet::Closed, &more, any, none));
            }
            (Member::Anything, Member::Schema(second)) => {
                gaps.extend(self.subset(&Node::default(), &second, &more));
            }
            (Member::Schema(first), Member::Schema(second)) => {
                gaps.extend(self.subset(&first, &second, &more));
            }
        }
        gaps.extend(dependent(first, second, at));
        gaps.extend(self.named(first, second, at));
        gaps
    }

    /// What is lost of the properties that one of two shapes describes; `at` is where they stand.
    fn members(&mut self, first: &Shape<'a>, second: &Shape<'a>, at: &Pointer) -> Vec<Gap> {
        let (usage, mut gaps) = (self.usage, Vec::new());
        let (names, others) = (first.names(usage), second.names(usage));
        for name in names.union(&others) {
            let (known, wanted) = (names.contains(name), others.contains(name));
            let at = at.at(name);
            match (first.member(name), second.member(name)) {
                (Member::Nothing, _) => {}
                // By convention nobody sends what nobody says anything about.
                (Member::Anything, _) if !known => {}
                (_, Member::Anything) if known && !wanted => {
                    gaps.push(self.unknown(first, name, false, &at));
                }
                (_, Member::Anything) => {}
                (_, Member::Nothing) => gaps.push(self.unknown(first, name, true, &at)),
                (Member::Schema(_), Member::Schema(_)) if known && first.is_hidden(name, usage) => {
                }
                (Member::Schema(_), Member::Schema(there)) if known && hidden(&there, usage) => {
                    gaps.push(self.unknown(first, name, second.is_closed(), &at));
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

    fn unknown(&self, first: &Shape<'a>, name: &str, closed: bool, at: &Pointer) -> Gap {
        let facet = Facet::Unknown {
            closed,
            required: first.required(self.usage).contains(name),
            sunset: first.has_sunset(name, self),
        };
        let said = if closed { "refused" } else { "not described" };
        Gap { hard: closed, ..Gap::hard(facet, at, "described".to_owned(), said.to_owned()) }
    }

    fn patterned(&mut self, first: &Shape<'a>, second: &Shape<'a>, at: &Pointer) -> Vec<Gap> {
        let mut gaps = Vec::new();
        let (own, wanted) = (first.patterns(), second.patterns());
        for pattern in own.union(&wanted) {
            let at = at.at("patternProperties").at(pattern);
            let (mine, theirs) = (own.contains(pattern), wanted.contains(pattern));
            let first = if mine { first.pattern_member(pattern) } else { first.others() };
            let second = if theirs { second.pattern_member(pattern) } else { second.others() };
            match (first, second) {
                (Member::Nothing, _) | (_, Member::Anything) => {}
                (_, Member::Nothing) => {
                    let (some, none) = ("properties of this name".to_owned(), "none".to_owned());
                    gaps.push(Gap::hard(Facet::Closed, &at, some, none));
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

    /// `propertyNames`.
    fn named(&mut self, first: &Shape<'a>, second: &Shape<'a>, at: &Pointer) -> Vec<Gap> {
        let names = |shape: &Shape<'a>| {
            let parts = shape.parts.iter().filter_map(|part| {
                part.keywords()?.get("propertyNames").map(|schema| part.with(schema))
            });
            Node::of(parts.collect())
        };
        let (own, wanted) = (names(first), names(second));
        if wanted.parts().is_empty() {
            return Vec::new();
        }
        let text = Node::new(&node::TEXT, &node::OURS);
        let own = Node::of(own.parts().iter().chain(text.parts()).copied().collect());
        self.subset(&own, &wanted, &at.at("propertyNames"))
    }
}

fn hidden(node: &Node<'_>, usage: Usage) -> bool {
    usage.hides().is_some_and(|flag| node.has_flag(flag))
}

impl Shape<'_> {
    fn is_closed(&self) -> bool {
        matches!(self.others(), Member::Nothing)
    }

    /// Whether all names that it may have are listed.
    pub(crate) fn has_known_names(&self) -> bool {
        self.is_closed() && self.patterns().is_empty()
    }
}

/// `dependentRequired`: what one property demands.
fn dependent(first: &Shape<'_>, second: &Shape<'_>, at: &Pointer) -> Vec<Gap> {
    let pairs = |shape: &Shape<'_>| -> BTreeSet<(String, String)> {
        let maps = shape.all("dependentRequired").filter_map(Value::as_object);
        maps.flatten()
            .flat_map(|(name, more)| {
                let more = more.as_array().into_iter().flatten().filter_map(Value::as_str);
                more.map(|more| (name.clone(), more.to_owned())).collect::<Vec<_>>()
            })
            .collect()
    };
    let own = pairs(first);
    let lost = pairs(second).into_iter().filter(|pair| !own.contains(pair));
    let always: Vec<&str> = first
        .all("required")
        .filter_map(Value::as_array)
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    lost.filter(|(_, more)| !always.contains(&more.as_str()))
        .map(|(name, more)| {
            let at = at.at("dependentRequired").at(&name);
            Gap::hard(Facet::Limit, &at, "none".to_owned(), format!("{more} with {name}"))
        })
        .collect()
}
