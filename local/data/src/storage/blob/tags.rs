//! Blob index tags: up to ten names and values, in a header or as `<Tags>`.
//!
//! Source: "Set Blob Tags", REST reference.

use std::collections::BTreeMap;

use crate::storage::{
    call::Call,
    code,
    failure::{Failure, invalid_header},
    query::decode,
    xml::{self, Element, Xml},
};

/// Tags on a blob, at most.
const MAX_TAGS: usize = 10;
/// Characters of a tag's name, at most.
const MAX_NAME_LENGTH: usize = 128;
/// Characters of a tag's value, at most.
const MAX_VALUE_LENGTH: usize = 256;
/// Bytes of a document with tags, at most.
pub(super) const MAX_BODY_BYTES: usize = 64 * 1024;

/// Tags, sorted by name.
pub(super) type Tags = BTreeMap<String, String>;

/// Reads `x-ms-tags: state=new&size=10`, percent-encoded.
pub(super) fn from_header(call: &Call) -> Result<Option<Tags>, Failure> {
    let Some(text) = call.header("x-ms-tags").filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    let invalid = || invalid_header("x-ms-tags", text);
    let mut pairs = Vec::new();
    for pair in text.split('&') {
        let (name, value) = pair.split_once('=').ok_or_else(invalid)?;
        // SDKs write a space as a plus, as forms do.
        let plain = |text: &str| decode(&text.replace('+', " "));
        pairs.push((plain(name)?, plain(value)?));
    }
    checked(pairs).map(Some)
}

/// Reads `<Tags><TagSet><Tag><Key/><Value/></Tag></TagSet></Tags>`.
pub(super) fn from_xml(body: &[u8]) -> Result<Tags, Failure> {
    let document = xml::parse(body, "Tags")?;
    let set = document.child("TagSet").ok_or_else(|| Failure::from(code::INVALID_XML_DOCUMENT))?;
    let text = |tag: &Element, name: &str| tag.child_text(name).unwrap_or_default().to_owned();
    checked(set.children.iter().map(|tag| (text(tag, "Key"), text(tag, "Value"))))
}

/// Writes `<Tags>`, as a document's content or in a list.
pub(super) fn to_xml(tags: &Tags, xml: &mut Xml) {
    xml.open("Tags");
    xml.open("TagSet");
    for (name, value) in tags {
        xml.open("Tag");
        xml.text("Key", name);
        xml.text("Value", value);
        xml.close("Tag");
    }
    xml.close("TagSet");
    xml.close("Tags");
}

fn checked(pairs: impl IntoIterator<Item = (String, String)>) -> Result<Tags, Failure> {
    let mut tags = Tags::new();
    for (name, value) in pairs {
        if name.is_empty() {
            return Err(code::EMPTY_TAG_NAME.into());
        }
        if name.chars().count() > MAX_NAME_LENGTH || value.chars().count() > MAX_VALUE_LENGTH {
            return Err(code::TAGS_TOO_LARGE.into());
        }
        if !name.chars().chain(value.chars()).all(is_allowed) {
            return Err(code::INVALID_TAGS.into());
        }
        if tags.insert(name, value).is_some() {
            return Err(code::DUPLICATE_TAG_NAMES.into());
        }
    }
    if tags.len() > MAX_TAGS { Err(code::TAGS_TOO_LARGE.into()) } else { Ok(tags) }
}

fn is_allowed(c: char) -> bool {
    c.is_ascii_alphanumeric() || " +-./:=_".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::storage::call::tests::call;

    #[test]
    fn the_header_is_decoded() {
        let call =
            call("PUT", "/devstoreaccount1/c/b", &[("x-ms-tags", "state=new%2Fer&size=1+0")]);
        let tags = from_header(&call).unwrap().unwrap();
        assert_eq!(
            tags,
            [("size", "1 0"), ("state", "new/er")]
                .map(|(k, v)| (k.to_owned(), v.to_owned()))
                .into()
        );
    }

    #[test]
    fn tags_on_both_sides_of_each_limit() {
        let refusal =
            |pairs: Vec<(String, String)>| checked(pairs).err().map(|failure| failure.code());
        let tag = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let many = |count: usize| (0..count).map(|i| tag(&i.to_string(), "")).collect::<Vec<_>>();
        assert_eq!(refusal(many(10)), None);
        assert_eq!(refusal(many(11)), Some(code::TAGS_TOO_LARGE));
        assert_eq!(refusal(vec![tag(&"n".repeat(128), &"v".repeat(256))]), None);
        assert_eq!(refusal(vec![tag(&"n".repeat(129), "")]), Some(code::TAGS_TOO_LARGE));
        assert_eq!(refusal(vec![tag("", "v")]), Some(code::EMPTY_TAG_NAME));
        assert_eq!(refusal(vec![tag("a", "1"), tag("a", "2")]), Some(code::DUPLICATE_TAG_NAMES));
        assert_eq!(refusal(vec![tag("a", "é")]), Some(code::INVALID_TAGS));
    }
}
