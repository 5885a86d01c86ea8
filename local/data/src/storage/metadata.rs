//! Names and values that a client attaches to a queue, container or blob: `x-ms-meta-NAME: value`.

use std::collections::BTreeMap;

use http::{HeaderMap, HeaderName};
use serde::{Deserialize, Serialize};

use super::{call::Call, code, failure::Failure, reply::Reply, spelling, xml::Xml};

const PREFIX: &str = "x-ms-meta-";
/// Names and values together, in bytes.
const MAX_BYTES: usize = 8 * 1024;

/// Metadata, sorted by name. Names are told apart without regard to case, and given back as they were spelled.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Metadata(BTreeMap<String, Item>);

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Item {
    /// As the client spelled it.
    name: String,
    value: String,
}

impl Metadata {
    /// Reads the metadata headers of a request.
    pub(super) fn of(call: &Call) -> Result<Self, Failure> {
        let values = values(&call.headers)?;
        let headers: Vec<&HeaderName> = values.iter().map(|(header, _)| *header).collect();
        if headers.is_empty() {
            return Ok(Self::default());
        }
        let spelled = spelling::of_request(&call.extensions, &headers);
        let items = values.into_iter().zip(spelled).map(|((header, value), spelled)| {
            // Both have the prefix, in whatever case.
            let lower = header.as_str().get(PREFIX.len()..).unwrap_or_default().to_owned();
            (
                lower,
                Item { name: spelled.get(PREFIX.len()..).unwrap_or_default().to_owned(), value },
            )
        });
        Ok(Self(items.collect()))
    }

    /// Whether there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds the metadata headers to an answer.
    pub(super) fn to_reply(&self, mut reply: Reply) -> Reply {
        for (lower, item) in &self.0 {
            if let Ok(header) = format!("{PREFIX}{lower}").parse() {
                reply.set(header, &item.value);
            }
        }
        let spelled = self.0.iter().any(|(lower, item)| *lower != item.name);
        if spelled {
            let names: Vec<String> =
                self.0.values().map(|item| format!("{PREFIX}{}", item.name)).collect();
            reply.extensions = spelling::for_response(&names);
        }
        reply
    }

    /// Writes `<Metadata>` as lists have it.
    pub(super) fn to_xml(&self, xml: &mut Xml) {
        xml.open("Metadata");
        for item in self.0.values() {
            xml.text(&item.name, &item.value);
        }
        xml.close("Metadata");
    }
}

/// Two clients mean the same metadata however they spell its names.
impl PartialEq for Metadata {
    fn eq(&self, other: &Self) -> bool {
        fn pairs(metadata: &Metadata) -> impl Iterator<Item = (&String, &String)> {
            metadata.0.iter().map(|(lower, item)| (lower, &item.value))
        }
        pairs(self).eq(pairs(other))
    }
}

/// The metadata headers and their values; several of one name are joined by commas.
fn values(headers: &HeaderMap) -> Result<Vec<(&HeaderName, String)>, Failure> {
    let mut values = Vec::new();
    let mut size_bytes = 0;
    for header in headers.keys() {
        let Some(name) = header.as_str().strip_prefix(PREFIX) else { continue };
        if !is_identifier(name) {
            return Err(Failure::from(code::INVALID_METADATA).detail("MetadataName", name));
        }
        let texts = headers
            .get_all(header)
            .iter()
            .map(|value| std::str::from_utf8(value.as_bytes()).map(str::trim));
        let texts: Vec<&str> =
            texts.collect::<Result<_, _>>().map_err(|_| Failure::from(code::INVALID_METADATA))?;
        let value = texts.join(",");
        size_bytes += name.len() + value.len();
        values.push((header, value));
    }
    if size_bytes > MAX_BYTES { Err(code::METADATA_TOO_LARGE.into()) } else { Ok(values) }
}

/// Azure asks for a C# identifier; what a header name can hold of one is ASCII.
fn is_identifier(name: &str) -> bool {
    let letter = |c: char| c.is_ascii_alphabetic() || c == '_';
    name.starts_with(letter) && name.chars().all(|c| letter(c) || c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::storage::call::tests::call;

    fn refused(header: (&str, &str)) -> Option<code::Code> {
        let call = call("PUT", "/devstoreaccount1/jobs", &[header]);
        Metadata::of(&call).err().map(|failure| failure.code())
    }

    #[test]
    fn only_metadata_headers_are_metadata() {
        let headers = [
            ("x-ms-meta-owner", "ü"),
            ("x-ms-date", "now"),
            ("x-ms-meta-b", "1"),
            ("x-ms-meta-b", "2"),
        ];
        let read = Metadata::of(&call("PUT", "/devstoreaccount1/jobs", &headers)).unwrap();
        let mut xml = Xml::document();
        read.to_xml(&mut xml);
        assert!(xml.finish().ends_with("<Metadata><b>1,2</b><owner>ü</owner></Metadata>"));
    }

    #[test]
    fn a_name_must_be_an_identifier_and_everything_must_fit() {
        assert_eq!(refused(("x-ms-meta-a-b", "x")), Some(code::INVALID_METADATA));
        assert_eq!(refused(("x-ms-meta-1a", "x")), Some(code::INVALID_METADATA));
        assert_eq!(refused(("x-ms-meta-a", &"x".repeat(8 * 1024))), Some(code::METADATA_TOO_LARGE));
        assert_eq!(refused(("x-ms-meta-a", &"x".repeat(8 * 1024 - 1))), None);
    }
}
