//! What somebody cannot read any more, or not yet.

use std::fmt;

use serde::Serialize;

use crate::{
    Schema, avro,
    gap::{Gap, Rule},
    json,
    path::Path,
    schema::Kind,
};

/// Who reads what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// The new version reads old events.
    Backward,
    /// The old version reads new events.
    Forward,
}

impl fmt::Display for Direction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Backward => "backward",
            Self::Forward => "forward",
        })
    }
}

/// One thing that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The new schema, by the name that it was given.
    pub schema: String,
    /// The old ones, by their names.
    pub against: Vec<String>,
    /// Who cannot read whom.
    pub direction: Direction,
    /// The rule, by the id that [`crate::RULES`] has.
    pub rule: &'static str,
    /// The field, such as `$.lines[].quantity`; `$` is the whole event.
    pub path: String,
    /// What the old schema has there.
    pub old: String,
    /// What the new schema has there.
    pub new: String,
    /// What to do.
    pub remedy: &'static str,
}

impl Finding {
    /// Whether it says the same of another old version.
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        let said = |f: &Self| (f.direction, f.rule, f.path.clone(), f.old.clone(), f.new.clone());
        said(self) == said(other)
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { schema, direction, rule, path, old, new, remedy, .. } = self;
        let against = self.against.join(", ");
        write!(
            f,
            "{schema} {path}: {old} → {new} [{rule}, {direction}, against {against}]: {remedy}"
        )
    }
}

/// What cannot be read in one direction.
pub(crate) fn between(direction: Direction, old: &Schema, new: &Schema) -> Vec<Finding> {
    let (reader, writer) = match direction {
        Direction::Backward => (new, old),
        Direction::Forward => (old, new),
    };
    let finding = |gap: Gap| {
        let (old_has, new_has) = match direction {
            Direction::Backward => (gap.writer, gap.reader),
            Direction::Forward => (gap.reader, gap.writer),
        };
        Finding {
            schema: new.name().to_owned(),
            against: vec![old.name().to_owned()],
            direction,
            rule: gap.rule.id(),
            path: gap.path.to_string(),
            old: old_has,
            new: new_has,
            remedy: gap.rule.remedy(direction),
        }
    };
    gaps(reader, writer).into_iter().map(finding).collect()
}

fn gaps(reader: &Schema, writer: &Schema) -> Vec<Gap> {
    match (reader.kind(), writer.kind()) {
        (Kind::Json(reader), Kind::Json(writer)) => json::unread(reader, writer),
        (Kind::Avro(reader), Kind::Avro(writer)) => avro::unread(reader, writer),
        _ => {
            let words = |schema: &Schema| schema.form().to_string();
            vec![Gap::new(Rule::FormDiffers, &Path::root(), words(reader), words(writer))]
        }
    }
}
