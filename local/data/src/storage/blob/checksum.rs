//! The two checksums of the blob service: MD5, and CRC-64 with the polynomial of NVMe.

use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use crc::{CRC_64_NVME, Crc, Digest as CrcDigest, Table};
use md5::{Digest, Md5};

use crate::storage::{
    body::{self, RequestBody},
    call::Call,
    code,
    failure::{Failure, invalid_header, not_implemented},
};

static CRC: Crc<u64, Table<16>> = Crc::<u64, Table<16>>::new(&CRC_64_NVME);

/// Checksums taken of bytes as they pass.
pub(super) struct Checksums {
    md5: Option<Md5>,
    crc64: Option<CrcDigest<'static, u64, Table<16>>>,
    expected_md5: Option<Vec<u8>>,
    expected_crc64: Option<Vec<u8>>,
}

/// What the bytes added up to, in Base64.
pub(super) struct Sums {
    pub(super) md5: Option<String>,
    pub(super) crc64: Option<String>,
}

impl Checksums {
    /// Those the request announces (`Content-MD5`, `x-ms-content-crc64`), and the MD5 in any case if it is wanted.
    pub(super) fn of(call: &Call, want_md5: bool) -> Result<Self, Failure> {
        if call.header("x-ms-structured-body").is_some() {
            return Err(not_implemented("structured messages (x-ms-structured-body)"));
        }
        let expected_md5 = md5_header(call, "content-md5")?;
        let expected_crc64 = match call.header("x-ms-content-crc64") {
            None => None,
            Some(text) => match STANDARD.decode(text) {
                Ok(sum) if sum.len() == 8 => Some(sum),
                _ => return Err(invalid_header("x-ms-content-crc64", text)),
            },
        };
        Ok(Self {
            md5: (want_md5 || expected_md5.is_some()).then(Md5::new),
            crc64: expected_crc64.is_some().then(|| CRC.digest()),
            expected_md5,
            expected_crc64,
        })
    }

    /// The MD5 of a copy's source, and what the request says it should be (`x-ms-source-content-md5`).
    pub(super) fn of_source(call: &Call) -> Result<Self, Failure> {
        let expected_md5 = md5_header(call, "x-ms-source-content-md5")?;
        Ok(Self { md5: Some(Md5::new()), crc64: None, expected_md5, expected_crc64: None })
    }

    /// Adds bytes.
    pub(super) fn update(&mut self, bytes: &[u8]) {
        if let Some(md5) = &mut self.md5 {
            md5.update(bytes);
        }
        if let Some(crc64) = &mut self.crc64 {
            crc64.update(bytes);
        }
    }

    /// Compares with what was announced.
    pub(super) fn finish(self) -> Result<Sums, Failure> {
        let md5 = self.md5.map(|md5| md5.finalize().to_vec());
        let crc64 = self.crc64.map(|crc64| crc64.finalize().to_le_bytes().to_vec());
        if self.expected_md5.is_some() && self.expected_md5 != md5 {
            return Err(mismatch(code::MD5_MISMATCH, "Md5", self.expected_md5, md5));
        }
        if self.expected_crc64.is_some() && self.expected_crc64 != crc64 {
            return Err(mismatch(code::CRC64_MISMATCH, "Crc64", self.expected_crc64, crc64));
        }
        Ok(Sums {
            md5: md5.map(|sum| STANDARD.encode(sum)),
            crc64: crc64.map(|sum| STANDARD.encode(sum)),
        })
    }
}

/// The whole of a small body, if it adds up to what the request announces.
pub(super) async fn collect(
    call: &Call,
    body: &mut RequestBody,
    max_bytes: usize,
) -> Result<Bytes, Failure> {
    let mut sums = Checksums::of(call, false)?;
    let whole = body::collect(body, max_bytes).await?;
    sums.update(&whole);
    sums.finish()?;
    Ok(whole)
}

/// The MD5 of bytes, in Base64.
pub(super) fn md5(bytes: &[u8]) -> String {
    STANDARD.encode(Md5::digest(bytes))
}

/// The CRC-64 of bytes, in Base64.
pub(super) fn crc64(bytes: &[u8]) -> String {
    STANDARD.encode(CRC.checksum(bytes).to_le_bytes())
}

/// An MD5 in a header.
fn md5_header(call: &Call, name: &'static str) -> Result<Option<Vec<u8>>, Failure> {
    let Some(text) = call.header(name) else { return Ok(None) };
    match STANDARD.decode(text) {
        Ok(sum) if sum.len() == 16 => Ok(Some(sum)),
        _ => Err(Failure::from(code::INVALID_MD5)
            .detail("HeaderName", name)
            .detail("HeaderValue", text)),
    }
}

fn mismatch(
    code: code::Code,
    what: &str,
    announced: Option<Vec<u8>>,
    computed: Option<Vec<u8>>,
) -> Failure {
    let text = |sum: Option<Vec<u8>>| STANDARD.encode(sum.unwrap_or_default());
    let (announced_name, computed_name) = match what {
        "Md5" => ("UserSpecifiedMd5", "ServerCalculatedMd5"),
        _ => ("UserSpecifiedCrc64", "ServerCalculatedCrc64"),
    };
    Failure::from(code)
        .detail(announced_name, text(announced))
        .detail(computed_name, text(computed))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::storage::call::tests::call;

    #[test]
    fn both_sums_are_the_published_ones() {
        // The check values of the two algorithms' catalogues.
        assert_eq!(crc64(b"123456789"), STANDARD.encode(0xae8b_1486_0a79_9888_u64.to_le_bytes()));
        assert_eq!(md5(b"abc"), "kAFQmDzST7DWlj99KOF/cg==");
    }

    #[test]
    fn bytes_that_differ_from_what_was_announced_are_refused() {
        let sum = |header: (&str, &str), bytes: &[u8]| {
            let call = call("PUT", "/devstoreaccount1/c/b", &[header]);
            let mut sums = Checksums::of(&call, false)?;
            sums.update(bytes);
            sums.finish().map(|_| ())
        };
        assert!(sum(("content-md5", &md5(b"abc")), b"abc").is_ok());
        assert_eq!(
            sum(("content-md5", &md5(b"abc")), b"abd").unwrap_err().code(),
            code::MD5_MISMATCH
        );
        assert_eq!(sum(("content-md5", "short"), b"abc").unwrap_err().code(), code::INVALID_MD5);
        assert!(sum(("x-ms-content-crc64", &crc64(b"abc")), b"abc").is_ok());
        assert_eq!(
            sum(("x-ms-content-crc64", &crc64(b"abc")), b"abd").unwrap_err().code(),
            code::CRC64_MISMATCH
        );
    }
}
