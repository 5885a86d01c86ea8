//! Consent: RFC 6749 with PAR (9126), PKCE (7636) and RAR (9396); revocation (7009).

use super::secret::CLIENT_ID;
use super::wire::{OAuthError, PushedWire, TokenWire};
use super::{Bank, BankFailure};
use base64::{Engine, engine::general_purpose};
use jiff::Timestamp;
use outgoing::{Answer, HeaderName, Request, StatusCode, Url};
use ring::digest::{SHA256, digest};
use ring::rand::{SecureRandom, SystemRandom};
use sealing::SealingError;
use serde_json::json;

const AUTHORIZATION: HeaderName = HeaderName::from_static("authorization");
const FORM: &str = "application/x-www-form-urlencoded";
/// Random bytes of a code verifier and of a state: 43 characters.
const RANDOM_BYTES: usize = 32;

/// What a person is to be asked for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pushed<'a> {
    pub(crate) state: &'a str,
    pub(crate) verifier: &'a str,
    pub(crate) days: u16,
    pub(crate) valid_until: Timestamp,
}

/// What the person has granted.
pub(crate) struct Granted {
    pub(crate) token: String,
    /// When the bank ends it, where it says so.
    pub(crate) until: Option<Timestamp>,
}

/// A code verifier, or any other secret of 43 characters.
pub(crate) fn new_verifier() -> Result<String, SealingError> {
    let mut bytes = [0; RANDOM_BYTES];
    SystemRandom::new().fill(&mut bytes).map_err(|_| SealingError::NoRandomness)?;
    Ok(general_purpose::URL_SAFE_NO_PAD.encode(bytes))
}

/// RFC 7636, section 4.2: `S256`.
fn challenge(verifier: &str) -> String {
    general_purpose::URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes()))
}

impl Bank {
    /// Tells the bank what the person will be asked for; the URL to send the person to, which carries none of it.
    pub(crate) async fn push(&self, asked: Pushed<'_>) -> Result<String, BankFailure> {
        let details = json!([{
            "type": "account_information",
            "purpose": "credit-assessment",
            "days": asked.days,
            "validUntil": asked.valid_until,
        }]);
        let form = [
            ("response_type", "code"),
            ("client_id", CLIENT_ID),
            ("redirect_uri", self.callback.url().as_str()),
            ("scope", "accounts transactions"),
            ("state", asked.state),
            ("code_challenge", &challenge(asked.verifier)),
            ("code_challenge_method", "S256"),
            ("authorization_details", &details.to_string()),
        ];
        let answer = self.post_form("par", &form).await?;
        let pushed: PushedWire = parsed(&answer, StatusCode::CREATED)?;
        let mut url = self.url.at("authorize");
        url.query_pairs_mut()
            .append_pair("client_id", CLIENT_ID)
            .append_pair("request_uri", &pushed.request_uri);
        Ok(url.into())
    }

    /// Exchanges a code, which is good for once.
    pub(crate) async fn exchange(
        &self,
        code: &str,
        verifier: &str,
    ) -> Result<Granted, BankFailure> {
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", self.callback.url().as_str()),
            ("code_verifier", verifier),
        ];
        let answer = self.post_form("token", &form).await?;
        let token: TokenWire = parsed(&answer, StatusCode::OK)?;
        if !token.token_type.eq_ignore_ascii_case("bearer") || token.access_token.is_empty() {
            return Err(BankFailure::Unusable("its token is no bearer token"));
        }
        Ok(Granted { token: token.access_token, until: token.consent_expires_at })
    }

    /// Has the bank forget a token. One that it does not know is forgotten.
    pub(crate) async fn revoke(&self, token: &str) -> Result<(), BankFailure> {
        let answer = self.post_form("revoke", &[("token", token)]).await?;
        if answer.status().is_success() { Ok(()) } else { Err(refused(&answer)) }
    }

    async fn post_form(&self, path: &str, form: &[(&str, &str)]) -> Result<Answer, BankFailure> {
        let mut encoded = Url::parse("form:?").expect("it is one");
        encoded.query_pairs_mut().extend_pairs(form);
        let body = encoded.query().unwrap_or_default().to_owned();
        let request = Request::post(self.url.at(path))
            .body(body, FORM)
            .header(AUTHORIZATION, self.secret.header());
        Ok(self.oauth.call(&request).await?)
    }
}

fn parsed<T: serde::de::DeserializeOwned>(
    answer: &Answer,
    expected: StatusCode,
) -> Result<T, BankFailure> {
    if answer.status() != expected {
        return Err(refused(answer));
    }
    answer.json().map_err(|_| BankFailure::Unusable("it is not what OAuth says"))
}

/// RFC 6749, section 5.2; the code alone, as its description may say more than a log may hold.
fn refused(answer: &Answer) -> BankFailure {
    if !answer.status().is_client_error() || answer.status() == StatusCode::TOO_MANY_REQUESTS {
        return BankFailure::of_status(answer);
    }
    match answer.json::<OAuthError>() {
        Ok(OAuthError { error }) if error.len() <= 64 => BankFailure::Refused(error),
        _ => BankFailure::Unusable("it refuses without saying why"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 7636, appendix B.
    #[test]
    fn a_challenge_is_the_hash_of_its_verifier() {
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        assert_eq!(challenge(verifier), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
        assert_eq!(new_verifier().unwrap().len(), 43);
    }
}
