//! Who sends what to whom, as a picture: apps that send on the left, types in the middle, apps that read on the right. Made here,
//! without a script; the table below it says the same in words.

use crate::catalogue::Catalogue;
use std::collections::{BTreeMap, BTreeSet};

/// In the picture's own units, which are those of a text of 13.
const WIDTH: u32 = 1000;
const ROW: u32 = 22;
const TOP: u32 = 30;
/// Where the texts of the columns begin or end, and the lines between them.
const SENDERS_END: u32 = 130;
const TYPES_BEGIN: u32 = 260;
const TYPES_END: u32 = 720;
/// What a letter of a type takes, a little more than most do.
const LETTER: u32 = 7;
const READERS_BEGIN: u32 = 860;

/// A picture of the catalogue.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Graph {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) texts: Vec<Text>,
    pub(crate) lines: Vec<Line>,
    /// The same in one sentence, for those who do not see it.
    pub(crate) summary: String,
}

/// A text in the picture.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Text {
    pub(crate) x: u32,
    pub(crate) y: u32,
    /// `start` or `end`: which side of it is at `x`.
    pub(crate) anchor: &'static str,
    pub(crate) label: String,
}

/// A line between two of them.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) path: String,
}

/// Of the types on event hubs, or of those that go through queues.
pub(crate) fn graph(catalogue: &Catalogue, on_hubs: bool) -> Graph {
    let types = catalogue.types.iter().filter(|known| known.hub.is_some() == on_hubs);
    let types: Vec<_> = types.collect();
    let senders: BTreeSet<&str> =
        types.iter().flat_map(|known| &known.producers).map(String::as_str).collect();
    let readers: BTreeSet<&str> =
        types.iter().flat_map(|known| &known.consumers).map(|one| one.app.as_str()).collect();
    let rows = u32::try_from(types.len()).unwrap_or(u32::MAX / ROW - TOP).max(1);
    let (left, right) = (spread(&senders, rows), spread(&readers, rows));
    let mut texts = Vec::new();
    let mut column = |places: &BTreeMap<&str, u32>, x: u32, anchor: &'static str| {
        let of = |(name, y): (&&str, &u32)| Text { x, y: *y, anchor, label: (*name).to_owned() };
        texts.extend(places.iter().map(of));
    };
    column(&left, SENDERS_END, "end");
    column(&right, READERS_BEGIN, "start");
    let mut lines = Vec::new();
    for (row, known) in (0..).zip(&types) {
        let y = TOP + row * ROW;
        let label = match &known.hub {
            Some(hub) => format!("{} on {hub}", known.r#type),
            None => known.r#type.clone(),
        };
        let letters = u32::try_from(label.chars().count()).unwrap_or(TYPES_END);
        let end = (TYPES_BEGIN + 16).saturating_add(letters.saturating_mul(LETTER)).min(TYPES_END);
        texts.push(Text { x: TYPES_BEGIN + 8, y, anchor: "start", label });
        let from = known.producers.iter().filter_map(|app| left.get(app.as_str()));
        lines.extend(from.map(|at| line((SENDERS_END + 8, *at), (TYPES_BEGIN, y))));
        let to = known.consumers.iter().filter_map(|one| right.get(one.app.as_str()));
        lines.extend(to.map(|at| line((end, y), (READERS_BEGIN - 8, *at))));
    }
    let summary = format!(
        "{} types of events from {} apps to {} apps; the table below says which",
        types.len(),
        senders.len(),
        readers.len()
    );
    Graph { width: WIDTH, height: TOP + rows * ROW, texts, lines, summary }
}

/// The names of a column, evenly over the rows of the types.
fn spread<'a>(names: &BTreeSet<&'a str>, rows: u32) -> BTreeMap<&'a str, u32> {
    let count = u32::try_from(names.len()).unwrap_or(u32::MAX).max(1);
    let place = |at: u32| TOP + (2 * at + 1) * (rows.saturating_sub(1)) * ROW / (2 * count);
    (0..).zip(names).map(|(at, name)| (*name, place(at))).collect()
}

/// Both ends lie at half the height of a text.
fn line((x, y): (u32, u32), (to_x, to_y): (u32, u32)) -> Line {
    let middle = u32::midpoint(x, to_x);
    let (y, to_y) = (y - 4, to_y - 4);
    Line { path: format!("M{x} {y}C{middle} {y} {middle} {to_y} {to_x} {to_y}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_type_is_joined_to_who_sends_and_who_reads_it() {
        let catalogue = Catalogue::shipped();
        for on_hubs in [true, false] {
            let graph = graph(&catalogue, on_hubs);
            let types = || catalogue.types.iter().filter(|known| known.hub.is_some() == on_hubs);
            let ends: usize =
                types().map(|known| known.producers.len() + known.consumers.len()).sum();
            assert_eq!(graph.lines.len(), ends);
            for known in types() {
                assert!(graph.texts.iter().any(|text| text.label.starts_with(&known.r#type)));
            }
            assert!(graph.texts.iter().all(|text| text.y <= graph.height && text.x < graph.width));
        }
    }
}
