//! What a new version of an OpenAPI document or of a JSON Schema breaks for those who hold the old one.
//!
//! A schema is taken for the set of values that it allows. What clients send may only become more: all old values must be
//! new ones. What they get may only become less. `$ref`, `allOf`, `nullable` and their kin are resolved before anything is
//! compared ([`Document`] says nothing about how it is cut up), so a change that leaves the sets as they are is no change.
//! What cannot be told is said, as a warning.
//!
//! ```
//! use contract_diff::{Document, Options, Severity, compare};
//!
//! let old = Document::read("old", "{ type: object, properties: { size: { enum: [s, m] } } }")?;
//! let new = Document::read("new", "{ type: object, properties: { size: { const: s } } }")?;
//! let changes = compare(&old, &new, &Options::default())?;
//! assert_eq!((changes[0].rule, changes[0].severity), ("message-enum-value-removed", Severity::Breaking));
//! # Ok::<(), contract_diff::Unreadable>(())
//! ```

mod change;
mod document;
mod judge;
mod openapi;
mod pointer;
mod rules;
mod schema;
mod values;

pub use change::{Change, Severity};
pub use document::{Document, Unreadable};
pub use rules::{RULES, Rule};

use jiff::civil::Date;

use change::Report;
use pointer::Pointer;
use schema::{node::Node, subset::Usage};

/// What a comparison goes by besides the documents.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// The day against which `x-sunset` is held.
    pub today: Date,
}

impl Default for Options {
    /// Before every day that a document names: nothing has had its sunset.
    fn default() -> Self {
        Self { today: Date::MIN }
    }
}

/// Compares two OpenAPI documents, or two JSON Schemas as those of a message: sent once, read by receivers that hold the
/// old schema, and again, from queues, by receivers that hold the new one.
///
/// The changes are sorted, those that break first; none if nothing changed.
///
/// # Errors
/// One is an OpenAPI document and the other is not, or a keyword has a value that it cannot have.
pub fn compare(
    old: &Document,
    new: &Document,
    options: &Options,
) -> Result<Vec<Change>, Unreadable> {
    let mut report = Report::new(*options);
    match (old.is_openapi(), new.is_openapi()) {
        (true, true) => openapi::compare(old, new, &mut report)?,
        (false, false) => {
            report.place = "message".to_owned();
            let pair = (Node::new(&old.root, old), Node::new(&new.root, new));
            judge::schemas(&mut report, Usage::Message, pair, &Pointer::default())?;
        }
        (is_openapi, _) => {
            let words = |is| if is { "an OpenAPI document" } else { "a JSON Schema" };
            let problem =
                format!("it is {}, and {} is {}", words(!is_openapi), old.name, words(is_openapi));
            return Err(document::unreadable(&new.name, "", &problem));
        }
    }
    Ok(report.finish())
}
