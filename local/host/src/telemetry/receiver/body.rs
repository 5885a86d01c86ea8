//! The body of a request: in which encoding, how large at most, and unpacked.

use std::io::Read as _;

use bytes::Bytes;
use flate2::read::MultiGzDecoder;
use http::{
    HeaderMap, Request,
    header::{CONTENT_ENCODING, CONTENT_TYPE},
};
use hyper::body::Incoming;

use super::answers::Refusal;
use crate::http::body;

/// The largest body, in bytes, as it comes: SDKs send 512 spans at a time, which is well below 1 MiB.
pub(super) const BODY_MAX_BYTES: u64 = 8 << 20;
/// The largest body, in bytes, when it is unpacked.
pub(super) const UNPACKED_MAX_BYTES: u64 = 32 << 20;

/// How a body is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    Protobuf,
    Json,
}

impl Encoding {
    pub(super) const PROTOBUF_TYPE: &str = "application/x-protobuf";
    pub(super) const JSON_TYPE: &str = "application/json";

    /// What `Content-Type` says, whatever its parameters.
    pub(super) fn of(headers: &HeaderMap) -> Option<Self> {
        let value = headers.get(CONTENT_TYPE)?.to_str().ok()?;
        let essence = value.split(';').next().unwrap_or_default().trim();
        if essence.eq_ignore_ascii_case(Self::PROTOBUF_TYPE) {
            Some(Self::Protobuf)
        } else if essence.eq_ignore_ascii_case(Self::JSON_TYPE) {
            Some(Self::Json)
        } else {
            None
        }
    }
}

/// A body as it came.
pub(super) struct Packed {
    bytes: Bytes,
    is_gzip: bool,
}

/// Reads the body of a request, unless it is too large or packed in a way that is not known here.
pub(super) async fn read(request: Request<Incoming>) -> Result<Packed, Refusal> {
    let is_gzip = match request.headers().get(CONTENT_ENCODING).map(|value| value.as_bytes()) {
        None | Some(b"" | b"identity") => false,
        Some(b"gzip" | b"x-gzip") => true,
        Some(_) => return Err(Refusal::ContentEncoding),
    };
    let bytes = body::read(request.into_body(), BODY_MAX_BYTES).await.map_err(Refusal::Body)?;
    Ok(Packed { bytes, is_gzip })
}

impl Packed {
    pub(super) fn unpacked(self) -> Result<Bytes, Refusal> {
        if !self.is_gzip {
            return Ok(self.bytes);
        }
        let mut unpacked = Vec::new();
        let mut reader = MultiGzDecoder::new(self.bytes.as_ref()).take(UNPACKED_MAX_BYTES + 1);
        reader
            .read_to_end(&mut unpacked)
            .map_err(|error| Refusal::Malformed(format!("unpacking the gzip body: {error}")))?;
        if unpacked.len() as u64 > UNPACKED_MAX_BYTES {
            return Err(Refusal::TooLargeUnpacked);
        }
        Ok(unpacked.into())
    }
}
