//! `blobTrigger`. Source: `BlobTriggerBinding.cs` of the storage blobs extension.

use regex_lite::Regex;
use serde_json::{Map, Value};

use super::{BindingData, Envelope, HostValue};

/// A blob as the host read it, whole, into memory.
#[derive(Clone, Debug, PartialEq)]
pub struct Blob {
    /// Its container.
    pub container: String,
    /// Its name in the container, with its slashes.
    pub name: String,
    /// Its address.
    pub uri: String,
    /// The content.
    pub content: Vec<u8>,
    /// Length, type and the like: an object, opaque to handlers.
    pub properties: Value,
    /// The user's metadata.
    pub metadata: Map<String, Value>,
}

/// The envelope of one blob: **bare base64 of its content, whatever `dataType` says**. `pattern` is the binding's
/// `path`; its tokens are filled from the blob's path when that matches, which the host does not insist on.
pub fn blob(name: &str, pattern: &str, blob: &Blob) -> Envelope {
    let path = format!("{}/{}", blob.container, blob.name);
    let mut data = BindingData::default();
    data.set("BlobTrigger", HostValue::Text(path.clone()));
    data.set("Uri", HostValue::Text(blob.uri.clone()));
    data.set("Properties", HostValue::Json(blob.properties.clone()));
    data.set("Metadata", HostValue::Json(Value::Object(blob.metadata.clone())));
    for (token, value) in tokens(pattern, &path).unwrap_or_default() {
        data.set(&token, HostValue::Text(value));
    }
    Envelope::new(name, HostValue::Bytes(blob.content.clone()), data)
}

/// The tokens of `pattern` (`container/{name}.{ext}`) with their values in `path`, or nothing when it does not match.
fn tokens(pattern: &str, path: &str) -> Option<Vec<(String, String)>> {
    let mut expression = String::from("^");
    let mut names = Vec::new();
    let mut rest = pattern;
    while let Some((literal, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}')?;
        expression += &regex_lite::escape(literal);
        expression += "(.+)";
        names.push(name.to_owned());
        rest = after;
    }
    expression += &regex_lite::escape(rest);
    expression += "$";
    let found = Regex::new(&expression).ok()?.captures(path)?;
    Some(
        names
            .into_iter()
            .zip(found.iter().skip(1).flatten().map(|part| part.as_str().to_owned()))
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(pattern: &str, path: &str) -> Option<Vec<(String, String)>> {
        tokens(pattern, path)
    }

    fn pairs(pairs: &[(&str, &str)]) -> Option<Vec<(String, String)>> {
        Some(pairs.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect())
    }

    #[test]
    fn tokens_take_their_values_from_the_path() {
        assert_eq!(found("in/{name}", "in/a/b.txt"), pairs(&[("name", "a/b.txt")]));
        assert_eq!(
            found("in/{name}.{ext}", "in/a.b.txt"),
            pairs(&[("name", "a.b"), ("ext", "txt")])
        );
        assert_eq!(
            found("in/{year}/{rest}", "in/2026/x"),
            pairs(&[("year", "2026"), ("rest", "x")])
        );
        assert_eq!(found("in", "in/a"), None);
        assert_eq!(found("in/{name", "in/a"), None);
        assert_eq!(found("other/{name}", "in/a"), None);
    }
}
