//! Who may send: who shows a token of the right audience, or has signed the request with the access key.

mod bearer;
mod hmac;

use jiff::Timestamp;
use simulator_shell::Request;

/// The access key, decoded.
#[derive(Clone)]
pub(crate) struct AccessKey(pub(crate) Vec<u8>);

/// Lets a request in, or says why not.
pub(crate) fn admit(request: &Request, key: &AccessKey, now: Timestamp) -> Result<(), String> {
    let header = request.header("authorization").ok_or("there is no Authorization header")?;
    match header.split_once(' ') {
        Some(("Bearer", token)) => bearer::check(token.trim(), now),
        Some(("HMAC-SHA256", parameters)) => hmac::check(request, parameters, key, now),
        _ => {
            Err("Authorization is Bearer TOKEN or HMAC-SHA256 SignedHeaders=…&Signature=…"
                .to_owned())
        }
    }
}

impl std::fmt::Debug for AccessKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AccessKey")
    }
}
