#![doc = include_str!("../README.md")]

mod asymmetric;
mod headers;
mod judgement;
mod keys;
mod message_id;
mod payload;
mod retry_after;
mod schedule;
mod secret;
mod signer;
mod verifier;

pub use asymmetric::{PrivateKey, PublicKey};
pub use headers::{
    Headers, ID, MAX_ID_BYTES, MAX_SIGNATURE_BYTES, MAX_TIMESTAMP_BYTES, SIGNATURE, TIMESTAMP,
};
pub use judgement::{Answer, Verdict};
pub use keys::{KeyError, SigningKey, VerifyingKey};
pub use message_id::{IdError, MessageId};
pub use payload::{MAX_BODY_BYTES, Payload, PayloadError};
pub use retry_after::retry_after;
pub use schedule::{JITTER, MAX_ATTEMPTS, SCHEDULE, wait_after};
pub use secret::Secret;
pub use signer::Signer;
pub use verifier::{TOLERANCE, Verified, Verifier, VerifyError};
