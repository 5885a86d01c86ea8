//! The request body.

use super::failure::Failure;
use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;

/// The largest picture that the service takes: 4 MB, read as the smaller of its two meanings.
pub(crate) const MAX_PICTURE_BYTES: usize = 4_000_000;

/// The largest body: the picture in base64, and what is around it.
pub(super) const MAX_BODY_BYTES: usize =
    MAX_PICTURE_BYTES.div_ceil(3) * 4 + BEFORE.len() + AFTER.len();

const BEFORE: &str = r#"{"image":{"content":""#;
const AFTER: &str = concat!(
    r#""},"categories":["Hate","SelfHarm","Sexual","Violence"],"#,
    r#""outputType":"FourSeverityLevels"}"#
);

/// The JSON with the picture in it, written once into memory of the right size; each try sends the same bytes.
pub(super) fn body(picture: &[u8]) -> Result<Bytes, Failure> {
    if picture.len() > MAX_PICTURE_BYTES {
        return Err(Failure::Refused { code: "PictureTooLarge".to_owned() });
    }
    let base64_bytes = picture.len().div_ceil(3) * 4;
    let mut json = String::with_capacity(BEFORE.len() + base64_bytes + AFTER.len());
    json.push_str(BEFORE);
    STANDARD.encode_string(picture, &mut json);
    json.push_str(AFTER);
    Ok(Bytes::from(json))
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;
    use serde_json::{Value, json};

    #[test]
    fn the_body_is_the_published_one() {
        let body: Value = serde_json::from_slice(&body(b"hej hej").unwrap()).unwrap();
        let expected = json!({
            "image": {"content": "aGVqIGhlag=="},
            "categories": ["Hate", "SelfHarm", "Sexual", "Violence"],
            "outputType": "FourSeverityLevels",
        });
        assert_eq!(body, expected);
    }

    #[test]
    fn a_picture_that_the_service_would_not_take_is_not_sent() {
        assert!(body(&vec![0; MAX_PICTURE_BYTES]).is_ok());
        let refused = Failure::Refused { code: "PictureTooLarge".to_owned() };
        assert_eq!(body(&vec![0; MAX_PICTURE_BYTES + 1]), Err(refused));
    }
}
