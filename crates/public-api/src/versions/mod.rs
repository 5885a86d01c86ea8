//! Things that have versions: what their entity tags are, and changes that must name one (RFC 9110, section 13).

mod merging;

pub use merging::merged;

use crate::problems;
use azure_data::Item;
use custom_handler::{EntityTag, IfMatch, IfNoneMatch, Problem, Request, Response};
use serde::Serialize;
use values::Revision;

/// A thing with a version that clients see: the value as it is kept, or the view that is shown of it.
pub trait Versioned {
    /// How often it was changed.
    fn revision(&self) -> Revision;
}

/// The version as clients see it. Not Cosmos DB's `_etag`, which also changes when nothing did that a client could see.
#[must_use]
pub fn entity_tag(revision: Revision) -> EntityTag {
    EntityTag::strong(revision.get().to_string()).expect("digits are fit for an entity tag")
}

/// 200 with the thing, or 304 if the client knows this version.
#[must_use]
pub fn unless_known(thing: &(impl Versioned + Serialize), known: Option<IfNoneMatch>) -> Response {
    let tag = entity_tag(thing.revision());
    match known {
        Some(known) if known.matches(&tag) => Response::not_modified().etag(tag),
        _ => Response::ok(thing).etag(tag),
    }
}

/// 200 with the thing as it is now.
#[must_use]
pub fn current(thing: &(impl Versioned + Serialize)) -> Response {
    Response::ok(thing).etag(entity_tag(thing.revision()))
}

/// 201 with the thing and where it is.
#[must_use]
pub fn created(thing: &(impl Versioned + Serialize), url: &str) -> Response {
    Response::created(thing, url).etag(entity_tag(thing.revision()))
}

/// 412 for a thing of which this is the current version.
#[must_use]
pub fn precondition_failed(current: Revision) -> Problem {
    problems::precondition_failed(&entity_tag(current))
}

/// The thing, if it is the version that the client means.
///
/// # Errors
/// 412 `precondition-failed`, naming the current version.
pub fn expect<T: Versioned>(item: Item<T>, expected: &IfMatch) -> Result<Item<T>, Problem> {
    check(&item.value, expected)?;
    Ok(item)
}

/// Whether it is the version that the client means; for a decision inside a change.
///
/// # Errors
/// 412 `precondition-failed`, naming the current version.
pub fn check(thing: &impl Versioned, expected: &IfMatch) -> Result<(), Problem> {
    let current = entity_tag(thing.revision());
    if expected.matches(&current) { Ok(()) } else { Err(problems::precondition_failed(&current)) }
}

/// `If-Match`, where it may be left out.
///
/// # Errors
/// 400 `invalid-header` if it is no list of entity tags.
pub fn optional_if_match(request: &Request) -> Result<Option<IfMatch>, Problem> {
    request.header("if-match").is_some().then(|| request.if_match()).transpose()
}

/// What a PUT means where the client chooses the id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Put {
    /// `If-None-Match: *`: add it, if it is not there.
    Add,
    /// `If-Match`: replace this version.
    Replace(IfMatch),
}

impl Put {
    /// Reads it from the headers; `thing` is what is put, such as `the service`.
    ///
    /// # Errors
    /// 428 `precondition-required` if the client does not say, 400 `invalid-header` if it says both or something else.
    pub fn of(request: &Request, thing: &str) -> Result<Self, Problem> {
        Self::from_conditions(optional_if_match(request)?, request.if_none_match()?, thing)
    }

    fn from_conditions(
        expected: Option<IfMatch>,
        known: Option<IfNoneMatch>,
        thing: &str,
    ) -> Result<Self, Problem> {
        match (expected, known) {
            (Some(expected), None) => Ok(Self::Replace(expected)),
            (None, Some(IfNoneMatch::Any)) => Ok(Self::Add),
            (None, None) => Err(problems::add_or_replace(thing)),
            (_, Some(_)) => Err(problems::one_condition()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use custom_handler::{StatusCode, header};

    #[derive(Serialize)]
    struct Cake {
        revision: Revision,
    }

    impl Versioned for Cake {
        fn revision(&self) -> Revision {
            self.revision
        }
    }

    const CAKE: Cake = Cake { revision: Revision::FIRST };

    #[test]
    fn a_version_that_is_known_is_not_sent_again() {
        let known = |tags: &str| unless_known(&CAKE, Some(IfNoneMatch::parse(tags).unwrap()));
        assert_eq!(known("\"1\"").status(), StatusCode::NOT_MODIFIED);
        assert_eq!(known("\"2\"").status(), StatusCode::OK);
        assert_eq!(unless_known(&CAKE, None).headers()[header::ETAG], "\"1\"");
        assert_eq!(created(&CAKE, "/cakes/1").headers()[header::LOCATION], "/cakes/1");
    }

    #[test]
    fn a_stale_version_is_refused_and_the_current_one_named() {
        let expected = |tags: &str| check(&CAKE, &IfMatch::parse(tags).unwrap());
        assert!(expected("\"1\"").is_ok() && expected("*").is_ok());
        let problem = expected("\"7\"").unwrap_err().to_string();
        assert!(problem.starts_with("412 precondition-failed: the current ETag is \"1\""));
    }

    #[test]
    fn a_put_says_whether_it_adds_or_replaces() {
        let read = |expected: Option<&str>, known: Option<&str>| {
            let expected = expected.map(|tags| IfMatch::parse(tags).unwrap());
            let known = known.map(|tags| IfNoneMatch::parse(tags).unwrap());
            Put::from_conditions(expected, known, "the cake").map_err(|p| p.slug().to_owned())
        };
        assert_eq!(read(None, Some("*")), Ok(Put::Add));
        assert!(matches!(read(Some("\"1\""), None), Ok(Put::Replace(_))));
        assert_eq!(read(None, None), Err("precondition-required".into()));
        assert_eq!(read(None, Some("\"1\"")), Err("invalid-header".into()));
        assert_eq!(read(Some("\"1\""), Some("*")), Err("invalid-header".into()));
    }
}
