//! The one account there is: the well-known one of Microsoft's emulators, with its published key.

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, Mac};
use sha2::Sha256;

use crate::ACCOUNT;

/// The published key of the development account. It protects nothing: it makes clients sign as they do for Azure.
pub const ACCOUNT_KEY: &str =
    "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

/// A connection string for any Azure Storage SDK, given the two services' endpoints.
pub fn connection_string(blob_url: &str, queue_url: &str) -> String {
    format!(
        "DefaultEndpointsProtocol=http;AccountName={ACCOUNT};AccountKey={ACCOUNT_KEY};BlobEndpoint={blob_url};QueueEndpoint={queue_url};"
    )
}

/// The account key's bytes.
pub(super) fn key() -> Vec<u8> {
    STANDARD.decode(ACCOUNT_KEY).expect("the published key is Base64")
}

/// The HMAC-SHA256 of a text, in Base64: every signature here is one.
pub(super) fn sign(key: &[u8], text: &str) -> String {
    STANDARD.encode(mac(key, text).finalize().into_bytes())
}

/// Whether `signature` is what `sign` gives; the time it takes does not depend on where they differ.
pub(super) fn is_signed(key: &[u8], text: &str, signature: &str) -> bool {
    STANDARD
        .decode(signature)
        .is_ok_and(|signature| mac(key, text).verify_slice(&signature).is_ok())
}

fn mac(key: &[u8], text: &str) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    mac.update(text.as_bytes());
    mac
}
