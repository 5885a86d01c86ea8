//! Why an invoice has no picture.

use std::fmt;

use crate::fonts::FontError;

/// Why an invoice has no picture. The invoice itself is none the worse for it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Unprintable {
    /// No font has a character; a box would be in its place.
    #[error(
        "printing {place}: no font has the character U+{:04X}; spell it otherwise, or add a font that has it to those of crates/invoice-pdf",
        u32::from(*character)
    )]
    Character {
        /// The text that it is in.
        place: Place,
        /// The character.
        character: char,
    },
    /// A text that would fill pages.
    #[error("printing {place}: it has more than {MAX_TEXT_CHARS} characters; shorten it")]
    TooLong {
        /// The text.
        place: Place,
    },
    /// More pages than anybody reads.
    #[error(
        "printing the invoice: it has more than {MAX_PAGES} pages; make several invoices of it"
    )]
    TooManyPages,
    /// A font that cannot be used.
    #[error("printing the invoice: {0}")]
    Font(#[from] FontError),
    /// What was drawn is no PDF/A-3.
    #[error(
        "printing the invoice: what was drawn is no PDF/A-3: {found}; this is a mistake of ours"
    )]
    Archival {
        /// What the standard forbids.
        found: String,
    },
}

/// A text may have this many characters.
pub(crate) const MAX_TEXT_CHARS: usize = 4_000;

/// A picture may have this many pages.
pub(crate) const MAX_PAGES: usize = 999;

/// Which text of an invoice: its field, and its line if it has one: `lines[2].item`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    line: Option<usize>,
    field: &'static str,
}

impl Place {
    pub(crate) const fn of(field: &'static str) -> Self {
        Self { line: None, field }
    }

    /// Lines are counted from 0, as in the document.
    pub(crate) const fn in_line(line: usize, field: &'static str) -> Self {
        Self { line: Some(line), field }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "lines[{line}].{}", self.field),
            None => f.write_str(self.field),
        }
    }
}
