//! Envelope encryption: what must not be read later is sealed with a key of its own, and that key is kept only wrapped.
//! Whoever destroys the wrapped key has destroyed all that it sealed, in every backup too.
//!
//! ```
//! use sealing::{DataKey, WrappingKeys};
//!
//! let keys: WrappingKeys = "bG9jYWwtb25seS1rZXktbm90LWEtc2VjcmV0LTAwMDE=".parse().unwrap();
//! let key = DataKey::generate()?;
//! let sealed = key.seal("assessment-7", b"a bank's answer")?;
//! let kept = keys.wrap(&key, "assessment-7")?;
//!
//! let key = keys.unwrap(&kept, "assessment-7")?;
//! assert_eq!(key.open("assessment-7", &sealed)?, b"a bank's answer");
//! assert!(key.open("assessment-8", &sealed).is_err(), "what was sealed for one is no other's");
//! # Ok::<(), sealing::SealingError>(())
//! ```
//!
//! AES-256-GCM (NIST SP 800-38D) with a random nonce of 96 bits, by `ring`. A data key seals little (an assessment's
//! few blobs), so that nonces do not meet. The context is authenticated with every seal and wrap.

mod cipher;
mod wrapping;

pub use cipher::{DataKey, SealingError};
pub use wrapping::{MalformedKeys, SEALING_KEYS, WrappedKey, WrappingKeys};
