//! Whether all values of one schema are values of another, and what is lost if not.

use std::{
    collections::{HashMap, HashSet},
    rc::Rc,
};

use jiff::civil::Date;
use serde_json::Value;

use super::{
    accepts::accepts,
    gap::{Facet, Gap, hard},
    kinds::{self, KINDS},
    node::{Key, Node},
    normal::{Allowed, Normal, Odd, normal},
};
use crate::{
    document::{Unreadable, unreadable},
    pointer::Pointer,
};

/// Most pairs of schemas that one comparison looks at; beyond it says that it cannot tell.
const MAX_PAIRS: usize = 200_000;
/// Most steps down that one comparison goes.
const MAX_DEPTH: usize = 200;

/// What a schema is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Usage {
    /// Clients send it.
    Request,
    /// Clients get it.
    Response,
    /// It is sent once and read by others, now and later.
    Message,
}

impl Usage {
    /// The flag of properties that are not there.
    pub(crate) fn hides(self) -> Option<&'static str> {
        match self {
            Self::Request => Some("readOnly"),
            Self::Response => Some("writeOnly"),
            Self::Message => None,
        }
    }
}

/// One comparison. It knows what it has seen, so that schemas that contain themselves come to an end.
pub(crate) struct Comparison<'a> {
    pub(crate) usage: Usage,
    /// Whether the first is the old one.
    pub(crate) from_old: bool,
    today: Date,
    pairs: usize,
    /// Pairs under way: what leads back to one holds if nothing else speaks against it.
    open: Vec<(Key, Key)>,
    /// The outermost pair under way that something led back to.
    led_back_to: usize,
    proved: HashSet<(Key, Key)>,
    normals: HashMap<Key, Rc<Normal<'a>>>,
    /// The first thing that could not be understood.
    pub(crate) trouble: Option<Unreadable>,
}

impl<'a> Comparison<'a> {
    pub(crate) fn new(usage: Usage, from_old: bool, today: Date) -> Self {
        Self {
            usage,
            from_old,
            today,
            pairs: 0,
            open: Vec::new(),
            led_back_to: usize::MAX,
            proved: HashSet::new(),
            normals: HashMap::new(),
            trouble: None,
        }
    }

    /// Whether a day of a document is over.
    pub(crate) fn is_past(&self, day: &Value) -> bool {
        let day = day.as_str().and_then(|day| day.parse::<Date>().ok());
        day.is_some_and(|day| day < self.today)
    }

    /// What keeps the values of the first from being values of the second; nothing if all are.
    pub(crate) fn subset(&mut self, first: &Node<'a>, second: &Node<'a>, at: &Pointer) -> Vec<Gap> {
        let pair = (first.key(), second.key());
        if self.proved.contains(&pair) {
            return Vec::new();
        }
        if let Some(depth) = self.open.iter().position(|open| *open == pair) {
            self.led_back_to = self.led_back_to.min(depth);
            return Vec::new();
        }
        self.pairs += 1;
        if self.pairs > MAX_PAIRS || self.open.len() > MAX_DEPTH {
            return vec![unclear(at, "too large to compare")];
        }
        let depth = self.open.len();
        let before = std::mem::replace(&mut self.led_back_to, usize::MAX);
        self.open.push(pair.clone());
        let gaps = self.compare(first, second, at);
        self.open.pop();
        // Proved by itself, and not only if a pair further out holds.
        if gaps.is_empty() && self.led_back_to >= depth {
            self.proved.insert(pair);
        }
        if self.led_back_to >= depth {
            self.led_back_to = usize::MAX;
        }
        self.led_back_to = self.led_back_to.min(before);
        gaps
    }

    /// Whether all values of the first are values of the second, as far as can be told.
    pub(crate) fn is_subset(&mut self, first: &Node<'a>, second: &Node<'a>) -> bool {
        hard(&self.subset(first, second, &Pointer::default())) == 0
    }

    fn compare(&mut self, first: &Node<'a>, second: &Node<'a>, at: &Pointer) -> Vec<Gap> {
        let (own, wanted) = match (self.normal(first, at), self.normal(second, at)) {
            (Some(own), Some(wanted)) => (own, wanted),
            _ => return vec![unclear(at, "too many alternatives to compare")],
        };
        let mut gaps = Vec::new();
        gaps.extend(types(&own, &wanted, at));
        for ((kind, own), wanted) in KINDS.iter().zip(&own.allowed).zip(&wanted.allowed) {
            if own.is_empty() || (wanted.is_empty() && *kind != kinds::NULL) {
                continue;
            }
            gaps.extend(values(own, (first, second), wanted, *kind, at));
            gaps.extend(self.shapes(&own.shapes, wanted, at));
        }
        if hard(&gaps) == 0 {
            gaps.extend(self.overlaps((first, &own), (second, &wanted), at));
        }
        let extensible = second.is_extensible();
        for gap in gaps.iter_mut().filter(|gap| gap.at == *at) {
            gap.extensible |= extensible;
        }
        if self.from_old {
            gaps.extend(default(first, second, at));
        }
        gaps
    }

    /// The normal form; nothing if it has too many alternatives.
    pub(crate) fn normal(&mut self, node: &Node<'a>, at: &Pointer) -> Option<Rc<Normal<'a>>> {
        let key = node.key();
        if let Some(normal) = self.normals.get(&key) {
            return Some(Rc::clone(normal));
        }
        let made = match normal(node) {
            Ok(made) => Rc::new(made),
            Err(Odd::TooMany) => return None,
            Err(Odd::Wrong { file, problem }) => {
                let at = at.to_string();
                self.trouble.get_or_insert_with(|| unreadable(&file, &at, &problem));
                return None;
            }
        };
        self.normals.insert(key, Rc::clone(&made));
        Some(made)
    }
}

impl Node<'_> {
    /// Whether it says that more values, or more variants, may come.
    fn is_extensible(&self) -> bool {
        const FLAG: &str = "x-extensible";
        self.has_flag(FLAG)
            || self.parts().iter().any(|part| {
                let lists = ["anyOf", "oneOf"]
                    .iter()
                    .filter_map(|keyword| part.schema.get(keyword)?.as_array());
                let mut variants = lists.flatten().map(|schema| Self::new(schema, part.document));
                variants.any(|variant| variant.has_flag(FLAG))
            })
    }
}

pub(crate) fn unclear(at: &Pointer, why: &str) -> Gap {
    Gap::soft(Facet::Unclear, at, why.to_owned(), String::new())
}

/// The types that the second lacks.
fn types(own: &Normal<'_>, wanted: &Normal<'_>, at: &Pointer) -> Vec<Gap> {
    let lost = KINDS.iter().zip(own.allowed.iter().zip(&wanted.allowed));
    let lost = lost.filter(|(_, (own, wanted))| !own.is_empty() && wanted.is_empty());
    let lost = lost.fold(0, |all, (kind, _)| all | kind);
    let mut gaps = Vec::new();
    let words = |normal: &Normal<'_>| kinds::words(described(normal));
    if lost & !kinds::NULL != 0 {
        gaps.push(Gap::hard(Facet::Type, at, words(own), words(wanted)));
    }
    if lost & kinds::NULL != 0 && lost & !kinds::NULL == 0 {
        gaps.push(Gap::hard(Facet::Null, at, words(own), words(wanted)));
    }
    gaps
}

/// Its types, `integer` told from `number`.
fn described(normal: &Normal<'_>) -> u8 {
    let numbers = &normal.allowed[2];
    let whole = numbers.shapes.iter().all(|shape| shape.whole)
        && numbers.values.iter().all(|value| kinds::of(value) == kinds::WHOLE);
    let kinds = normal.kinds();
    if kinds & kinds::NUMBER != 0 && whole { kinds & !kinds::FRACTION } else { kinds }
}

/// The listed values that the second refuses.
fn values<'a>(
    own: &Allowed<'a>,
    (first, second): (&Node<'a>, &Node<'a>),
    wanted: &Allowed<'a>,
    kind: u8,
    at: &Pointer,
) -> Vec<Gap> {
    if kind == kinds::NULL {
        return Vec::new();
    }
    let listed = if wanted.shapes.is_empty() { "not listed" } else { "refused" };
    // One that stands in two variants of a oneOf is listed, and valid in neither.
    let lost = own.values.iter().filter(|value| !accepts(second, value) && accepts(first, value));
    lost.map(|value| Gap::hard(Facet::Value, at, value.to_string(), listed.to_owned())).collect()
}

/// What holds when nothing is said.
fn default(old: &Node<'_>, new: &Node<'_>, at: &Pointer) -> Option<Gap> {
    let (before, now) = (old.stated_value("default"), new.stated_value("default"));
    let said = |value: Option<&Value>| value.map_or("none".to_owned(), Value::to_string);
    let differ = match (before, now) {
        (Some(before), Some(now)) => !crate::values::same(before, now),
        (before, now) => before.is_some() != now.is_some(),
    };
    differ.then(|| Gap::soft(Facet::Default, &at.at("default"), said(before), said(now)))
}
