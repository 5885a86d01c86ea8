//! The request body: one picture, the categories asked for, four levels.

use super::Refused;
use crate::severities::Category;
use base64::{Engine, engine::general_purpose::STANDARD};
use serde::Deserialize;

/// A request as it is published.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    image: Image,
    categories: Option<Vec<Category>>,
    output_type: Option<OutputType>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Image {
    content: Option<String>,
    blob_url: Option<String>,
}

#[derive(Debug, Deserialize)]
enum OutputType {
    FourSeverityLevels,
}

/// A picture and the categories in which to judge it.
#[derive(Debug)]
pub(crate) struct ImageRequest {
    /// The picture's file.
    pub(crate) content: Vec<u8>,
    pub(crate) categories: Vec<Category>,
}

impl ImageRequest {
    pub(crate) fn read(body: &[u8]) -> Result<Self, Refused> {
        let mut text = serde_json::Deserializer::from_slice(body);
        let body: Body = serde_path_to_error::deserialize(&mut text)
            .map_err(|error| Refused::body(error.to_string()))?;
        text.end().map_err(|error| Refused::body(error.to_string()))?;
        if body.image.blob_url.is_some() {
            let both = if body.image.content.is_some() {
                "image.content and image.blobUrl exclude each other"
            } else {
                "image.blobUrl: this simulator fetches nothing, send image.content"
            };
            return Err(Refused::body(both));
        }
        let Some(content) = body.image.content else {
            return Err(Refused::body("image.content or image.blobUrl is required"));
        };
        let content = STANDARD
            .decode(content)
            .map_err(|error| Refused::body(format!("image.content is not base64: {error}")))?;
        // The only output type there is for pictures; naming another one failed above.
        let (Some(OutputType::FourSeverityLevels) | None) = body.output_type;
        let categories = body.categories.filter(|categories| !categories.is_empty());
        Ok(Self { content, categories: categories.unwrap_or_else(|| Category::ALL.to_vec()) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_categories_are_judged_unless_some_are_named() {
        let read = |json: &str| ImageRequest::read(json.as_bytes()).unwrap();
        let request = read(r#"{"image":{"content":"aGVq"}}"#);
        assert_eq!(request.content, b"hej");
        assert_eq!(request.categories, Category::ALL);
        let request = read(r#"{"image":{"content":"aGVq"},"categories":["SelfHarm"]}"#);
        assert_eq!(request.categories, [Category::SelfHarm]);
    }

    #[test]
    fn what_does_not_match_the_definition_is_refused_with_its_place() {
        let refusals = [
            ("", "EOF"),
            ("{}", "missing field `image`"),
            (r#"{"image":{}}"#, "image.content or image.blobUrl is required"),
            (r#"{"image":{"content":7}}"#, "image.content: invalid type"),
            (r#"{"image":{"content":"a b"}}"#, "image.content is not base64"),
            (r#"{"image":{"blobUrl":"https://x/y"}}"#, "fetches nothing"),
            (r#"{"image":{"content":"aGVq","blobUrl":"https://x/y"}}"#, "exclude each other"),
            (
                r#"{"image":{"content":"aGVq"},"categories":["Fun"]}"#,
                "categories[0]: unknown variant",
            ),
            (r#"{"image":{"content":"aGVq"},"outputType":"EightSeverityLevels"}"#, "outputType"),
        ];
        for (json, reason) in refusals {
            let refused = ImageRequest::read(json.as_bytes()).unwrap_err();
            assert!(format!("{refused:?}").contains(reason), "{json}: {refused:?}");
        }
    }
}
