//! Consent by OAuth 2.0 (RFC 6749): asked for by PAR (RFC 9126) with PKCE (RFC 7636) and details (RFC 9396), answered with
//! `iss` (RFC 9207), ended by revocation (RFC 7009).

mod authorize;
mod clients;
mod details;
mod form;
mod grants;
mod par;
mod pkce;
mod refused;
mod store;
mod token;

pub(crate) use authorize::{Answer, Decision, decide, opened};
pub use clients::Client;
pub(crate) use clients::Clients;
pub(crate) use details::Details;
pub(crate) use form::Form;
pub(crate) use grants::{Access, Consent, Grants, NoAccess};
pub(crate) use par::{SCOPES, push};
pub(crate) use refused::Refused;
pub(crate) use store::{NotStored, Store};
pub(crate) use token::{exchange, revoke, told};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use rand::Rng as _;

/// What nobody guesses.
pub(crate) fn secret() -> String {
    URL_SAFE_NO_PAD.encode(rand::rng().random::<[u8; 32]>())
}
