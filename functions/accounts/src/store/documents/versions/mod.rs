//! The forms that documents have had. One is read in whatever form it was written, and written in the form of today.
//!
//! A new form: raise [`TODAY`], write what makes it of the one before into `v<N>.rs`, name it in [`UPCASTS`], and put golden
//! documents of it into `tests/golden/v<N>`. Golden documents of forms that were ever released are never changed.

mod v2;

use serde_json::{Map, Value};

/// The form in which documents are written today.
pub(in crate::store) const TODAY: u32 = 2;
/// What makes of a document of form N one of form N + 1, beginning with N = 1. They know JSON only: the types are of today.
const UPCASTS: [fn(&mut Map<String, Value>); 1] = [v2::upcast];
const _: () = assert!(
    UPCASTS.len() + 1 == TODAY as usize,
    "each form but the first is made of the one before"
);

/// The field that says which form a document has.
pub(in crate::store) const VERSION: &str = "schemaVersion";

/// A document that this release does not know how to read, and so does not write either.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(in crate::store) enum UnknownForm {
    #[error(
        "the document has the form {0}, and this release knows forms up to {TODAY}: a newer one wrote it, deploy that"
    )]
    Newer(u64),
    #[error("`schemaVersion` must be a whole number from 1 on")]
    NoVersion,
    #[error("a document must be an object")]
    NoObject,
}

/// Which form a document has. The first had no field for it in the beginning.
pub(in crate::store) fn version(document: &Value) -> Result<u32, UnknownForm> {
    let version = match &document[VERSION] {
        Value::Null => return Ok(1),
        version => version.as_u64().filter(|version| *version > 0),
    };
    let version = version.ok_or(UnknownForm::NoVersion)?;
    match u32::try_from(version) {
        Ok(known) if known <= TODAY => Ok(known),
        _ => Err(UnknownForm::Newer(version)),
    }
}

/// The document in the form of today, with everything in it that this release does not know.
pub(in crate::store) fn upcast(document: Value) -> Result<Value, UnknownForm> {
    let version = version(&document)?;
    let Value::Object(mut members) = document else { return Err(UnknownForm::NoObject) };
    for upcast in &UPCASTS[version as usize - 1..] {
        upcast(&mut members);
    }
    members.insert(VERSION.to_owned(), TODAY.into());
    // What may be left out may also be null.
    members.retain(|_, value| !value.is_null());
    Ok(Value::Object(members))
}

#[cfg(test)]
mod golden;

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_document_without_a_version_has_the_first_form() {
        for document in [json!({"a": 1, "b": null}), json!({"a": 1, "schemaVersion": null})] {
            assert_eq!(upcast(document), Ok(json!({"a": 1, "schemaVersion": TODAY})));
        }
    }

    #[test]
    fn what_a_newer_release_wrote_is_refused_and_says_so() {
        let newer = UnknownForm::Newer(u64::from(TODAY) + 1);
        assert_eq!(upcast(json!({"schemaVersion": TODAY + 1})), Err(newer.clone()));
        assert!(newer.to_string().contains("a newer one wrote it"), "{newer}");
        for wrong in [json!(0), json!(-1), json!("1"), json!(1.5)] {
            assert_eq!(upcast(json!({ "schemaVersion": wrong })), Err(UnknownForm::NoVersion));
        }
    }
}
