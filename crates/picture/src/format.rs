//! What a file is, by its content alone.

use crate::refusal::{Code, Refusal};
use serde::{Deserialize, Serialize};

/// The formats that are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// `image/jpeg`
    Jpeg,
    /// `image/png`, also animated
    Png,
    /// `image/webp`, also animated
    Webp,
    /// `image/gif`, also animated
    Gif,
}

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

impl Format {
    /// The media type, as in `Content-Type`.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Webp => "image/webp",
            Self::Gif => "image/gif",
        }
    }

    /// The format of these bytes. Neither name nor header has a say.
    pub(crate) fn of(bytes: &[u8]) -> Result<Self, Refusal> {
        match bytes {
            [0xff, 0xd8, 0xff, ..] => Ok(Self::Jpeg),
            _ if bytes.starts_with(PNG) => Ok(Self::Png),
            _ if bytes.starts_with(b"GIF87a") || bytes.starts_with(b"GIF89a") => Ok(Self::Gif),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Ok(Self::Webp),
            _ => Err(unknown(bytes)),
        }
    }

    /// Refuses a file whose sender says that it is something else.
    pub(crate) fn must_be(self, declared_type: &str) -> Result<(), Refusal> {
        let declared =
            declared_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let declared = match declared.as_str() {
            "image/jpg" | "image/pjpeg" => Self::Jpeg.media_type(),
            "image/x-png" | "image/apng" => Self::Png.media_type(),
            other => other,
        };
        if declared == self.media_type() {
            return Ok(());
        }
        let detail = format!(
            "the content is {}, which is not the type it was announced as",
            self.media_type()
        );
        Err(Code::TypeMismatch.because(detail))
    }
}

/// Pictures that are not taken, by how they begin: for a message that helps.
const OTHER_PICTURES: &[(usize, &[u8], &str)] = &[
    (0, b"BM", "BMP"),
    (0, b"II*\0", "TIFF or a camera's raw format"),
    (0, b"MM\0*", "TIFF or a camera's raw format"),
    (0, b"\0\0\x01\0", "an icon"),
    (0, b"8BPS", "Photoshop"),
    (0, b"\xff\x0a", "JPEG XL"),
    (4, b"JXL ", "JPEG XL"),
    (4, b"jP  ", "JPEG 2000"),
    (4, b"ftypavif", "AVIF"),
    (4, b"ftypavis", "AVIF"),
    (4, b"ftyphei", "HEIC"),
    (4, b"ftyphev", "HEIC"),
    (4, b"ftypmif1", "HEIC"),
];

/// How much of a text is searched for `<svg`.
const TEXT_SEARCHED_BYTES: usize = 4096;

fn unknown(bytes: &[u8]) -> Refusal {
    let starts = [PNG, b"GIF87a", b"GIF89a", b"\xff\xd8\xff"];
    if !bytes.is_empty() && starts.iter().any(|start| start.starts_with(bytes)) {
        return Code::Truncated.because("the file ends in its first bytes");
    }
    if bytes.starts_with(b"RIFF") && bytes.len() < 12 {
        return Code::Truncated.because("the file ends in its first bytes");
    }
    let other = OTHER_PICTURES
        .iter()
        .find(|(at, magic, _)| bytes.get(*at..).is_some_and(|rest| rest.starts_with(magic)));
    if let Some((_, _, name)) = other {
        return Code::UnsupportedFormat
            .because(format!("the content is {name}; JPEG, PNG, WebP and GIF are taken"));
    }
    let start = &bytes[..bytes.len().min(TEXT_SEARCHED_BYTES)];
    if memchr::memmem::find(&start.to_ascii_lowercase(), b"<svg").is_some() {
        return Code::UnsupportedFormat
            .because("the content is SVG; JPEG, PNG, WebP and GIF are taken");
    }
    Code::NotAnImage.because("the content is no picture; JPEG, PNG, WebP and GIF are taken")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(bytes: &[u8]) -> &'static str {
        Format::of(bytes).unwrap_err().code
    }

    #[test]
    fn a_format_is_known_by_its_first_bytes() {
        assert_eq!(Format::of(b"\xff\xd8\xff\xe0"), Ok(Format::Jpeg));
        assert_eq!(Format::of(b"GIF89a"), Ok(Format::Gif));
        assert_eq!(Format::of(b"RIFF\0\0\0\0WEBP"), Ok(Format::Webp));
        assert_eq!(Format::of(b"\x89PNG\r\n\x1a\n"), Ok(Format::Png));
    }

    #[test]
    fn other_pictures_are_unsupported_and_the_rest_are_none() {
        assert_eq!(code(b"<?xml version='1.0'?>\n<SVG xmlns=''/>"), "unsupported-format");
        assert_eq!(code(b"\0\0\0\x20ftypheic"), "unsupported-format");
        assert_eq!(code(b"BM\0\0"), "unsupported-format");
        for none in
            [&b""[..], b"%PDF-1.7", b"<!doctype html>", b"PK\x03\x04", b"RIFF\0\0\0\0WAVE", b"MZ"]
        {
            assert_eq!(code(none), "not-an-image", "{none:?}");
        }
        assert_eq!(code(b"\x89PN"), "truncated");
    }

    #[test]
    fn the_declared_type_must_be_the_contents() {
        assert!(Format::Jpeg.must_be("Image/JPEG; charset=binary").is_ok());
        assert!(Format::Jpeg.must_be("image/jpg").is_ok());
        assert_eq!(Format::Jpeg.must_be("image/png").unwrap_err().code, "type-mismatch");
        assert_eq!(Format::Png.must_be("").unwrap_err().code, "type-mismatch");
    }
}
