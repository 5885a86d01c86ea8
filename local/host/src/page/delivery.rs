//! How fast changes reach customers: a picture that another program draws, shown if it is there.

use std::{io, path::Path};

use http::{
    HeaderValue, Response, StatusCode,
    header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE},
};

use super::answers::Refusal;
use crate::http::{ReplyBody, document::kept_nowhere, reply};

/// Where `cargo xtask dora --svg` is told to put it, from where the platform was started.
const PICTURE: &str = "target/dora.svg";
/// It has a style of its own, and no script of anybody runs in it.
const POLICY: HeaderValue =
    HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'");
/// A picture of more is none of these.
const MAX_BYTES: u64 = 1024 * 1024;

pub(super) fn is_drawn() -> bool {
    Path::new(PICTURE).is_file()
}

pub(super) fn picture() -> Result<Response<ReplyBody>, Refusal> {
    let Ok(text) = read(Path::new(PICTURE)) else { return Err(Refusal::not_found()) };
    let mut response = reply::bytes(StatusCode::OK, text);
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("image/svg+xml"));
    headers.insert(CONTENT_SECURITY_POLICY, POLICY);
    Ok(kept_nowhere(response))
}

fn read(path: &Path) -> io::Result<Vec<u8>> {
    if std::fs::metadata(path)?.len() > MAX_BYTES {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    std::fs::read(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_large_or_not_there_is_not_shown() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("dora.svg");
        assert!(read(&path).is_err());
        std::fs::write(&path, "<svg/>").unwrap();
        assert_eq!(read(&path).unwrap(), b"<svg/>");
        std::fs::File::options().write(true).open(&path).unwrap().set_len(MAX_BYTES + 1).unwrap();
        assert!(read(&path).is_err());
    }
}
