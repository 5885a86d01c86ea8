//! Conditional headers: `If-Match` and its relatives, on the blob itself or on the source of a copy.
//!
//! Source: "Specifying conditional headers for Blob service operations", REST reference.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::if_tags::TagCondition;
use crate::storage::{call::Call, code, failure::Failure};

/// The conditions of one request.
#[derive(Debug, Default)]
pub(super) struct Conditions {
    if_match: Option<String>,
    if_none_match: Option<String>,
    if_modified_since: Option<Timestamp>,
    if_unmodified_since: Option<Timestamp>,
    if_tags: Option<TagCondition>,
}

/// What conditions look at.
#[derive(Clone, Copy, Debug)]
pub(super) struct Facts<'a> {
    /// The entity tag, in quotes.
    pub(super) etag: &'a str,
    /// To the second.
    pub(super) modified: Timestamp,
    pub(super) tags: &'a BTreeMap<String, String>,
}

impl Conditions {
    /// The conditions on the thing that the request names.
    pub(super) fn of(call: &Call) -> Result<Self, Failure> {
        Ok(Self {
            if_match: call.header("if-match").map(str::to_owned),
            if_none_match: call.header("if-none-match").map(str::to_owned),
            if_modified_since: call.date("if-modified-since")?,
            if_unmodified_since: call.date("if-unmodified-since")?,
            if_tags: tags(call, "x-ms-if-tags")?,
        })
    }

    /// The conditions on the source of a copy.
    pub(super) fn of_source(call: &Call) -> Result<Self, Failure> {
        Ok(Self {
            if_match: call.header("x-ms-source-if-match").map(str::to_owned),
            if_none_match: call.header("x-ms-source-if-none-match").map(str::to_owned),
            if_modified_since: call.date("x-ms-source-if-modified-since")?,
            if_unmodified_since: call.date("x-ms-source-if-unmodified-since")?,
            if_tags: tags(call, "x-ms-source-if-tags")?,
        })
    }

    /// Whether a read may go on: 412 when the thing is not the expected one, 304 when the client has it already.
    pub(super) fn check_read(&self, facts: Facts<'_>) -> Result<(), Failure> {
        if self.if_none_match.as_deref() == Some("*") {
            return Err(code::UNSATISFIABLE_CONDITION.into());
        }
        self.check_expected(facts)?;
        let none_match = self.if_none_match.as_deref().map(|tags| !names(tags, facts.etag));
        let modified = self.if_modified_since.map(|since| facts.modified > since);
        match (none_match, modified) {
            (Some(false), None | Some(false)) | (None, Some(false)) => {
                Err(code::NOT_MODIFIED.into())
            }
            _ => Ok(()),
        }
    }

    /// Whether a write to something that exists may go on.
    pub(super) fn check_write(&self, facts: Facts<'_>) -> Result<(), Failure> {
        self.check_combination()?;
        self.check_expected(facts)?;
        let same = self
            .if_none_match
            .as_deref()
            .is_some_and(|tags| tags != "*" && names(tags, facts.etag));
        let unmodified = self.if_modified_since.is_some_and(|since| facts.modified <= since);
        if same || unmodified { Err(code::CONDITION_NOT_MET.into()) } else { Ok(()) }
    }

    /// Whether a write that creates or replaces may go on; `existing` is what would be replaced.
    pub(super) fn check_put(&self, existing: Option<Facts<'_>>) -> Result<(), Failure> {
        match existing {
            Some(_) if self.if_none_match.as_deref() == Some("*") => {
                Err(code::BLOB_ALREADY_EXISTS.into())
            }
            Some(facts) => self.check_write(facts),
            None => {
                self.check_combination()?;
                let expected = self.if_match.is_some() || self.if_tags.is_some();
                if expected { Err(code::CONDITION_NOT_MET.into()) } else { Ok(()) }
            }
        }
    }

    fn check_expected(&self, facts: Facts<'_>) -> Result<(), Failure> {
        let matches =
            self.if_match.as_deref().is_none_or(|tags| tags == "*" || names(tags, facts.etag));
        let unmodified = self.if_unmodified_since.is_none_or(|since| facts.modified <= since);
        let tags = self.if_tags.as_ref().is_none_or(|condition| condition.holds(facts.tags));
        if matches && unmodified && tags { Ok(()) } else { Err(code::CONDITION_NOT_MET.into()) }
    }

    /// Writes take one condition, or one of the pairs that mean the same thing twice.
    fn check_combination(&self) -> Result<(), Failure> {
        let expected = (self.if_match.is_some(), self.if_unmodified_since.is_some());
        let other = (self.if_none_match.is_some(), self.if_modified_since.is_some());
        let mixed = (expected.0 || expected.1) && (other.0 || other.1);
        let several = [&self.if_match, &self.if_none_match]
            .into_iter()
            .flatten()
            .any(|tags| tags.contains(','));
        if mixed || several {
            Err(code::MULTIPLE_CONDITION_HEADERS_NOT_SUPPORTED.into())
        } else {
            Ok(())
        }
    }
}

fn tags(call: &Call, name: &'static str) -> Result<Option<TagCondition>, Failure> {
    call.header(name).map(|text| TagCondition::parse(name, text)).transpose()
}

/// Whether a list of entity tags, in quotes or not, names this one.
fn names(list: &str, etag: &str) -> bool {
    list.split(',')
        .any(|tag| tag.trim().trim_start_matches("W/").trim_matches('"') == etag.trim_matches('"'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::storage::call::tests::call;

    const ETAG: &str = "\"0x8DD\"";

    fn facts(tags: &BTreeMap<String, String>) -> Facts<'_> {
        Facts { etag: ETAG, modified: "2026-11-21T08:00:00Z".parse().unwrap(), tags }
    }

    fn read(headers: &[(&str, &str)]) -> Option<code::Code> {
        let conditions = Conditions::of(&call("GET", "/devstoreaccount1/c/b", headers)).unwrap();
        conditions.check_read(facts(&BTreeMap::new())).err().map(|failure| failure.code())
    }

    fn put(headers: &[(&str, &str)], exists: bool) -> Option<code::Code> {
        let tags = BTreeMap::new();
        let conditions = Conditions::of(&call("PUT", "/devstoreaccount1/c/b", headers)).unwrap();
        conditions.check_put(exists.then(|| facts(&tags))).err().map(|failure| failure.code())
    }

    #[test]
    fn reads() {
        assert_eq!(read(&[("if-match", ETAG)]), None);
        assert_eq!(read(&[("if-match", "0x8DD")]), None);
        assert_eq!(read(&[("if-match", "\"0x8DE\", \"0x8DD\"")]), None);
        assert_eq!(read(&[("if-match", "\"0x8DE\"")]), Some(code::CONDITION_NOT_MET));
        assert_eq!(read(&[("if-none-match", ETAG)]), Some(code::NOT_MODIFIED));
        assert_eq!(read(&[("if-none-match", "\"0x8DE\"")]), None);
        assert_eq!(read(&[("if-none-match", "*")]), Some(code::UNSATISFIABLE_CONDITION));
        assert_eq!(
            read(&[("if-modified-since", "Sat, 21 Nov 2026 08:00:00 GMT")]),
            Some(code::NOT_MODIFIED)
        );
        assert_eq!(read(&[("if-modified-since", "Sat, 21 Nov 2026 07:59:59 GMT")]), None);
        assert_eq!(
            read(&[("if-unmodified-since", "Sat, 21 Nov 2026 07:59:59 GMT")]),
            Some(code::CONDITION_NOT_MET)
        );
        assert_eq!(read(&[("if-tags", "x")]), None);
        assert_eq!(read(&[("x-ms-if-tags", "\"a\" = 'b'")]), Some(code::CONDITION_NOT_MET));
    }

    #[test]
    fn writes() {
        assert_eq!(put(&[("if-none-match", "*")], true), Some(code::BLOB_ALREADY_EXISTS));
        assert_eq!(put(&[("if-none-match", "*")], false), None);
        assert_eq!(put(&[("if-match", ETAG)], true), None);
        assert_eq!(put(&[("if-match", "\"0x8DE\"")], true), Some(code::CONDITION_NOT_MET));
        assert_eq!(put(&[("if-match", ETAG)], false), Some(code::CONDITION_NOT_MET));
        assert_eq!(put(&[("if-match", "*")], false), Some(code::CONDITION_NOT_MET));
        assert_eq!(put(&[("if-none-match", ETAG)], true), Some(code::CONDITION_NOT_MET));
        let both = [("if-match", ETAG), ("if-none-match", ETAG)];
        assert_eq!(put(&both, true), Some(code::MULTIPLE_CONDITION_HEADERS_NOT_SUPPORTED));
    }
}
