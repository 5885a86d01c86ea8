//! Entra tokens. Their signature is not looked at here: their audience and their end are.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::Timestamp;
use serde::Deserialize;

/// What a token for this service is for.
const AUDIENCE: &str = "https://communication.azure.com";
/// The token that apps have for services on this machine: it means nothing, and is taken.
const LOOPBACK: &str = "loopback";

#[derive(Deserialize)]
struct Claims {
    aud: String,
    exp: i64,
}

pub(super) fn check(token: &str, now: Timestamp) -> Result<(), String> {
    if token == LOOPBACK {
        return Ok(());
    }
    let claims = token.split('.').nth(1).and_then(|part| URL_SAFE_NO_PAD.decode(part).ok());
    let claims = claims.and_then(|claims| serde_json::from_slice::<Claims>(&claims).ok());
    let Some(Claims { aud, exp }) = claims else { return Err("the token is none".to_owned()) };
    if aud.trim_end_matches('/') != AUDIENCE {
        return Err(format!("the token is for {aud:?}, not for {AUDIENCE}"));
    }
    if exp <= now.as_second() {
        return Err("the token has expired".to_owned());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_for_this_service_and_not_over() {
        let now = Timestamp::from_second(1_800_000_000).unwrap();
        let token = |claims: &str| format!("e30.{}.sig", URL_SAFE_NO_PAD.encode(claims));
        let good = token(r#"{"aud": "https://communication.azure.com/", "exp": 1800000001}"#);
        assert!(check(&good, now).is_ok() && check("loopback", now).is_ok());
        let storage = token(r#"{"aud": "https://storage.azure.com", "exp": 1800000001}"#);
        let over = token(r#"{"aud": "https://communication.azure.com", "exp": 1800000000}"#);
        for wrong in [storage, over, "made-up".to_owned(), token("{}")] {
            assert!(check(&wrong, now).is_err(), "{wrong}");
        }
    }
}
