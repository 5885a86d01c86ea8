//! Entity tags and the conditional headers that carry them (RFC 9110, sections 8.8.3, 13.1.1, 13.1.2).

use std::fmt;
use std::str::FromStr;

use http::header::ETAG;
use thiserror::Error;

use crate::problem::{Problem, problems};

/// The version of a resource: `"abc"`, or `W/"abc"` when it promises equivalence only.
///
/// Characters are limited to visible ASCII without the double quote; RFC 9110 also allows bytes
/// above 127, which no service sends and no log reads.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct EntityTag {
    weak: bool,
    opaque: String,
}

/// A text that is not an entity tag.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "{0:?} is not an entity tag; write it in double quotes as it came in the ETag header, such as \"33a6\""
)]
pub struct InvalidEntityTag(pub String);

impl EntityTag {
    /// A strong tag from the text between the quotes.
    pub fn strong(opaque: impl Into<String>) -> Result<Self, InvalidEntityTag> {
        Self::new(false, opaque.into())
    }

    /// A weak tag from the text between the quotes.
    pub fn weak(opaque: impl Into<String>) -> Result<Self, InvalidEntityTag> {
        Self::new(true, opaque.into())
    }

    /// Reads `"abc"` or `W/"abc"`.
    pub fn parse(text: &str) -> Result<Self, InvalidEntityTag> {
        match take_tag(text) {
            Some((tag, "")) => Ok(tag),
            _ => Err(InvalidEntityTag(text.to_owned())),
        }
    }

    /// The text between the quotes.
    pub fn opaque(&self) -> &str {
        &self.opaque
    }

    /// The same bytes: equal, and neither is weak.
    pub fn matches_strongly(&self, other: &Self) -> bool {
        !self.weak && self == other
    }

    /// The same for all purposes of a reader: equal, weak or not.
    pub fn matches_weakly(&self, other: &Self) -> bool {
        self.opaque == other.opaque
    }

    fn new(weak: bool, opaque: String) -> Result<Self, InvalidEntityTag> {
        if opaque.bytes().all(is_tag_byte) {
            Ok(Self { weak, opaque })
        } else {
            Err(InvalidEntityTag(opaque))
        }
    }
}

fn is_tag_byte(byte: u8) -> bool {
    byte.is_ascii_graphic() && byte != b'"'
}

impl fmt::Display for EntityTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\"{}\"", if self.weak { "W/" } else { "" }, self.opaque)
    }
}

impl FromStr for EntityTag {
    type Err = InvalidEntityTag;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl TryFrom<&str> for EntityTag {
    type Error = InvalidEntityTag;

    fn try_from(text: &str) -> Result<Self, Self::Error> {
        Self::parse(text)
    }
}

/// `If-Match`: do it only to a version that the client has seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IfMatch {
    /// `*`: any version, as long as there is one.
    Any,
    /// One of these versions.
    Tags(Vec<EntityTag>),
}

impl IfMatch {
    /// Reads the header's value.
    pub fn parse(value: &str) -> Result<Self, InvalidEntityTag> {
        Ok(take_list(value)?.map_or(Self::Any, Self::Tags))
    }

    /// Whether the current version is one of them, by strong comparison.
    pub fn matches(&self, current: &EntityTag) -> bool {
        match self {
            Self::Any => true,
            Self::Tags(tags) => tags.iter().any(|tag| tag.matches_strongly(current)),
        }
    }

    /// Refuses a version that the client has not seen: 412 `precondition-failed`, with the current
    /// version in the `ETag` header.
    pub fn check(&self, current: &EntityTag) -> Result<(), Problem> {
        if self.matches(current) {
            return Ok(());
        }
        Err(Problem::of(&problems::PRECONDITION_FAILED)
            .detail("If-Match does not name the current version; read it again, apply the change to it and send its ETag")
            .header_error("If-Match", format!("the current version is {current}"))
            .response_header(ETAG, current.to_string()))
    }
}

/// `If-None-Match`: do it only to a version that the client has not seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IfNoneMatch {
    /// `*`: only when there is nothing yet.
    Any,
    /// None of these versions.
    Tags(Vec<EntityTag>),
}

impl IfNoneMatch {
    /// Reads the header's value.
    pub fn parse(value: &str) -> Result<Self, InvalidEntityTag> {
        Ok(take_list(value)?.map_or(Self::Any, Self::Tags))
    }

    /// Whether the current version is one of them, by weak comparison: a read may then answer 304.
    pub fn matches(&self, current: &EntityTag) -> bool {
        match self {
            Self::Any => true,
            Self::Tags(tags) => tags.iter().any(|tag| tag.matches_weakly(current)),
        }
    }
}

/// `None` for `*`. Empty members of a list are skipped, as RFC 9110 section 5.6.1 asks of a recipient.
fn take_list(value: &str) -> Result<Option<Vec<EntityTag>>, InvalidEntityTag> {
    let invalid = || InvalidEntityTag(value.to_owned());
    if value.trim() == "*" {
        return Ok(None);
    }
    let mut tags = Vec::new();
    let mut rest = value;
    loop {
        rest = rest.trim_start_matches([' ', '\t', ',']);
        if rest.is_empty() {
            break;
        }
        let (tag, after) = take_tag(rest).ok_or_else(invalid)?;
        tags.push(tag);
        rest = after.trim_start_matches([' ', '\t']);
        if !rest.is_empty() && !rest.starts_with(',') {
            return Err(invalid());
        }
    }
    if tags.is_empty() { Err(invalid()) } else { Ok(Some(tags)) }
}

fn take_tag(text: &str) -> Option<(EntityTag, &str)> {
    let (weak, quoted) = match text.strip_prefix("W/") {
        Some(quoted) => (true, quoted),
        None => (false, text),
    };
    let (opaque, rest) = quoted.strip_prefix('"')?.split_once('"')?;
    EntityTag::new(weak, opaque.to_owned()).ok().map(|tag| (tag, rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::ErrorStatus;

    fn tag(text: &str) -> EntityTag {
        EntityTag::parse(text).expect("a tag")
    }

    #[test]
    fn tags_are_read_and_written_alike() {
        for text in
            ["\"a\"", "W/\"a\"", "\"\"", "\"00001-x,y z\"".replace(' ', "").as_str(), "\"W/\""]
        {
            assert_eq!(tag(text).to_string(), text);
        }
        assert_eq!(EntityTag::strong("a"), Ok(tag("\"a\"")));
        assert_eq!(EntityTag::weak("a"), Ok(tag("W/\"a\"")));
    }

    #[test]
    fn what_is_not_a_tag_is_refused() {
        for text in ["", "a", "\"a", "a\"", "w/\"a\"", "W/a", "\"a b\"", "\"a\"b", "\"é\"", "'a'"]
        {
            assert_eq!(EntityTag::parse(text), Err(InvalidEntityTag(text.to_owned())), "{text}");
        }
        assert!(EntityTag::strong("a\"b").is_err());
    }

    /// The table of RFC 9110, section 8.8.3.2.
    #[test]
    fn strong_and_weak_comparison_follow_the_rfc() {
        let table = [
            ("W/\"1\"", "W/\"1\"", false, true),
            ("W/\"1\"", "W/\"2\"", false, false),
            ("W/\"1\"", "\"1\"", false, true),
            ("\"1\"", "\"1\"", true, true),
        ];
        for (one, other, strong, weak) in table {
            let (one, other) = (tag(one), tag(other));
            assert_eq!(
                (one.matches_strongly(&other), one.matches_weakly(&other)),
                (strong, weak),
                "{one} {other}"
            );
        }
    }

    #[test]
    fn lists_take_spaces_empty_members_and_commas_inside_tags() {
        let expected = IfMatch::Tags(vec![tag("\"a\""), tag("W/\"b,c\""), tag("\"d\"")]);
        assert_eq!(IfMatch::parse("\"a\", W/\"b,c\" ,, \"d\""), Ok(expected));
        assert_eq!(IfMatch::parse(" * "), Ok(IfMatch::Any));
        for value in ["", ",", "a", "\"a\" \"b\"", "*, \"a\"", "\"a\"; \"b\"", "\"a"] {
            assert!(IfMatch::parse(value).is_err(), "{value}");
            assert!(IfNoneMatch::parse(value).is_err(), "{value}");
        }
    }

    #[test]
    fn if_match_compares_strongly_and_if_none_match_weakly() {
        assert!(IfMatch::parse("\"a\", \"b\"").unwrap().matches(&tag("\"b\"")));
        assert!(!IfMatch::parse("W/\"b\"").unwrap().matches(&tag("\"b\"")));
        assert!(IfNoneMatch::parse("W/\"b\"").unwrap().matches(&tag("\"b\"")));
        assert!(!IfNoneMatch::parse("\"a\"").unwrap().matches(&tag("\"b\"")));
        assert!(IfMatch::Any.matches(&tag("\"b\"")) && IfNoneMatch::Any.matches(&tag("\"b\"")));
    }

    #[test]
    fn a_stale_tag_is_refused_and_the_refusal_names_the_current_one() {
        let expected = IfMatch::parse("\"old\"").unwrap();
        assert!(expected.check(&tag("\"old\"")).is_ok());
        let problem = expected.check(&tag("\"new\"")).unwrap_err();
        assert_eq!(problem.status(), ErrorStatus::PreconditionFailed);
        assert!(problem.to_string().contains("precondition-failed"), "{problem}");
    }
}
