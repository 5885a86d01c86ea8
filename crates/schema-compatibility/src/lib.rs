//! May a reader with one schema read what a writer with another one wrote? For Avro and for JSON Schema, in the modes of
//! schema registries.
//!
//! An event lies in a log for days and in a lake for years, so it is read by who holds an older schema and by who holds a
//! newer one. [`check`] says of a new version what somebody cannot read: with [`Mode::Backward`] whoever holds the new
//! version and reads old events, with [`Mode::Forward`] whoever holds the old one and reads new events. A [`Finding`] names
//! the rule, the field, what was, what is, and the cure.
//!
//! Both forms go by one notion: a writer writes the fields that its schema names, a reader takes those that it knows and lets
//! the others be. So "optional" in JSON is "with a default" in Avro, and the rules have the same names.
//!
//! ```
//! use schema_compatibility::{Mode, Schema, check};
//!
//! let old = Schema::json("1", r#"{ "type": "object", "required": ["leadId"],
//!     "properties": { "leadId": { "type": "string" } } }"#)?;
//! let new = Schema::json("2", r#"{ "type": "object", "required": ["leadId", "reason"],
//!     "properties": { "leadId": { "type": "string" }, "reason": { "type": "string" } } }"#)?;
//!
//! let findings = check(Mode::Backward, &old, &new);
//! assert_eq!((findings[0].rule, findings[0].path.as_str()), ("field-missing", "$.reason"));
//! assert!(check(Mode::Forward, &old, &new).is_empty());
//! # Ok::<(), schema_compatibility::Unreadable>(())
//! ```

mod avro;
mod finding;
mod gap;
mod json;
mod mode;
mod path;
mod schema;

pub use finding::{Direction, Finding};
pub use gap::RULES;
pub use mode::{Mode, UnknownMode};
pub use schema::{Form, Schema, Unreadable};

/// What a new version makes unreadable, given the one before it. Nothing in [`Mode::None`].
#[must_use]
pub fn check(mode: Mode, old: &Schema, new: &Schema) -> Vec<Finding> {
    let directions = mode.directions().iter();
    directions.flat_map(|direction| finding::between(*direction, old, new)).collect()
}

/// What a new version makes unreadable, given all earlier ones, the oldest first: a transitive mode asks all of them, the
/// others the last one. What is found against several versions is said once, and names them.
#[must_use]
pub fn check_all(mode: Mode, earlier: &[Schema], new: &Schema) -> Vec<Finding> {
    let asked = if mode.is_transitive() { 0 } else { earlier.len().saturating_sub(1) };
    let mut findings: Vec<Finding> = Vec::new();
    for old in &earlier[asked..] {
        for finding in check(mode, old, new) {
            match findings.iter_mut().find(|known| known.is_like(&finding)) {
                Some(known) => known.against.extend(finding.against),
                None => findings.push(finding),
            }
        }
    }
    findings
}
