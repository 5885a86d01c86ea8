//! What a writer may write and a reader cannot read, and the rules that say so.

use crate::{Direction, path::Path};

/// One thing that a reader cannot read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Gap {
    pub(crate) rule: Rule,
    pub(crate) path: Path,
    /// What the reader's schema has there.
    pub(crate) reader: String,
    /// What the writer's schema has there.
    pub(crate) writer: String,
}

impl Gap {
    pub(crate) fn new(
        rule: Rule,
        path: &Path,
        reader: impl Into<String>,
        writer: impl Into<String>,
    ) -> Self {
        Self { rule, path: path.clone(), reader: reader.into(), writer: writer.into() }
    }
}

/// Why something cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rule {
    FieldMissing,
    TypeDiffers,
    ValueUnknown,
    BranchUnknown,
    LimitNarrower,
    PatternDiffers,
    FormatDiffers,
    NameDiffers,
    SizeDiffers,
    LogicalTypeDiffers,
    FormDiffers,
}

/// Every rule: its id, and what it says.
pub const RULES: &[(&str, &str)] = &[
    ("field-missing", "a reader needs a field that the writer may leave out"),
    ("type-differs", "a writer's type is none that the reader takes"),
    ("value-unknown", "a writer's value of a list is none that the reader knows"),
    ("branch-unknown", "a branch of a writer's union is none that the reader has"),
    ("limit-narrower", "a reader takes less than the writer may write"),
    ("pattern-differs", "a reader holds texts against a pattern that the writer does not keep"),
    ("format-differs", "a reader expects a format that the writer does not keep"),
    ("name-differs", "records, enums or fixed values of another name"),
    ("size-differs", "fixed values of another size"),
    ("logical-type-differs", "the same bytes mean something else"),
    ("form-differs", "Avro and JSON do not read each other"),
];

impl Rule {
    pub(crate) fn id(self) -> &'static str {
        RULES[self as usize].0
    }

    /// What to do, if it is the new version that reads, or that writes.
    pub(crate) fn remedy(self, direction: Direction) -> &'static str {
        let reads = direction == Direction::Backward;
        match (self, reads) {
            (Self::FieldMissing, true) => {
                "let the new version do without it: not in `required` in JSON, with a default in Avro"
            }
            (Self::FieldMissing, false) => {
                "keep sending it, since the old version cannot do without it, and send what is new beside it"
            }
            (Self::TypeDiffers | Self::BranchUnknown, true) => {
                "take the old type as well, or give what is new a field of its own"
            }
            (Self::TypeDiffers | Self::BranchUnknown, false) => {
                "keep the type that the old version reads, and send what is new in a field of its own"
            }
            (Self::ValueUnknown, true) => {
                "keep the old values in the list; an enum's default in Avro takes those that are gone"
            }
            (Self::ValueUnknown, false) => {
                "announce values one version before they are sent, by `x-extensible: true` in JSON or the enum's default in Avro, or use a field of its own"
            }
            (Self::LimitNarrower, true) => {
                "take at least what the old version was allowed to write"
            }
            (Self::LimitNarrower, false) => "write no more than the old version takes",
            (Self::PatternDiffers | Self::FormatDiffers, true) => {
                "leave it out, since the old version did not keep it, or use a field of its own"
            }
            (Self::PatternDiffers | Self::FormatDiffers, false) => {
                "keep it, since the old version relies on it, or use a field of its own"
            }
            (Self::NameDiffers, true) => "keep the name, or put the old one among its `aliases`",
            (Self::NameDiffers, false) => "keep the name: the old version knows no other",
            (Self::SizeDiffers, _) => "keep the size, or use a field of its own",
            (Self::LogicalTypeDiffers, _) => {
                "keep the meaning of the bytes, and send the other one in a field of its own"
            }
            (Self::FormDiffers, _) => "keep the form, or make a new type in a file of its own",
        }
    }
}
