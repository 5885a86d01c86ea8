//! Things that have versions: what their ETags are, and changes that must name one.

use crate::domain::{Profile, Revision, Service};
use crate::problems;
use custom_handler::{EntityTag, IfMatch, IfNoneMatch, MergePatch, Problem, Request, Response};
use iommi_app::Kept;
use serde::Serialize;
use serde_json::{Map, Value, json};

pub(crate) trait Versioned: Serialize {
    fn revision(&self) -> Revision;
}

impl Versioned for Profile {
    fn revision(&self) -> Revision {
        self.revision
    }
}

impl Versioned for Service {
    fn revision(&self) -> Revision {
        self.revision
    }
}

/// The version as clients see it. Not Cosmos DB's `_etag`, which also changes when nothing did that a client
/// could see.
pub(crate) fn entity_tag(revision: Revision) -> EntityTag {
    EntityTag::strong(revision.get().to_string()).expect("digits are fit for an entity tag")
}

/// 200 with the thing, or 304 if the client knows this version.
pub(crate) fn unless_known(thing: &impl Versioned, known: Option<IfNoneMatch>) -> Response {
    let tag = entity_tag(thing.revision());
    match known {
        Some(known) if known.matches(&tag) => Response::not_modified().etag(tag),
        _ => Response::ok(thing).etag(tag),
    }
}

/// 200 with the thing as it is now.
pub(crate) fn current(thing: &impl Versioned) -> Response {
    Response::ok(thing).etag(entity_tag(thing.revision()))
}

/// 201 with the thing and where it is.
pub(crate) fn created(thing: &impl Versioned, url: &str) -> Response {
    Response::created(thing, url).etag(entity_tag(thing.revision()))
}

/// The thing, if it is the version that the client means; else 412, naming the current one.
pub(crate) fn expect<T: Versioned>(kept: Kept<T>, expected: &IfMatch) -> Result<Kept<T>, Problem> {
    if expected.matches(&entity_tag(kept.value.revision())) {
        return Ok(kept);
    }
    Err(problems::precondition_failed(kept.value.revision()))
}

/// `If-Match`, where it may be left out.
pub(crate) fn optional_if_match(request: &Request) -> Result<Option<IfMatch>, Problem> {
    request.header("if-match").is_some().then(|| request.if_match()).transpose()
}

/// The thing as it would be with the patch (RFC 7396), to be checked as a whole.
pub(crate) fn merged(thing: &impl Versioned, patch: &MergePatch) -> Value {
    let current = json!(thing);
    let mut merged = current.clone();
    patch.apply_to(&mut merged);
    keep_unknown(&current, patch.members(), &mut merged);
    merged
}

/// Removing what was never there is no mistake for a merge patch, but for us it is a misspelt name: left in the
/// merged body, so that it is refused like any other unknown field.
fn keep_unknown(current: &Value, patch: &Map<String, Value>, merged: &mut Value) {
    let (Some(current), Some(merged)) = (current.as_object(), merged.as_object_mut()) else {
        return;
    };
    for (name, value) in patch {
        match (current.get(name), value) {
            (None, Value::Null) => {
                merged.insert(name.clone(), Value::Null);
            }
            (Some(inner), Value::Object(patch)) => {
                if let Some(merged) = merged.get_mut(name) {
                    keep_unknown(inner, patch, merged);
                }
            }
            _ => {}
        }
    }
}
