//! What a partner asks for.

use super::ConsentId;
use serde_json::Value;
use values::{Fields, Violations};

/// Longest name that a partner has for a person, in bytes of UTF-8.
pub(crate) const MAX_REFERENCE_BYTES: usize = 128;
/// Longest token of a bank, in bytes.
pub(crate) const MAX_TOKEN_BYTES: usize = 4096;

/// The body of `POST assessments`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NewAssessment {
    pub(crate) leave: Leave,
    /// The partner's own name for the person. With a consent it is known.
    pub(crate) reference: Option<Reference>,
}

/// By whose leave the bank is asked.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Leave {
    /// A consent that the person gave at the bank, through us.
    Consent(ConsentId),
    /// A token of the bank that the partner has already: the person's leave was given to the partner.
    Token(String),
}

/// A token is nobody's to see.
impl std::fmt::Debug for Leave {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Consent(id) => write!(f, "Consent({id})"),
            Self::Token(_) => f.write_str("Token"),
        }
    }
}

/// A partner's own name for a person: 1 to 128 bytes, without control characters, as it is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reference(String);

impl Reference {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::str::FromStr for Reference {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let fits = (1..=MAX_REFERENCE_BYTES).contains(&text.len());
        if fits && text.trim() == text && !text.chars().any(char::is_control) {
            return Ok(Self(text.to_owned()));
        }
        Err("must have 1 to 128 bytes, no control characters, and no blanks at its ends")
    }
}

/// The body of `POST erasures`: whom to forget.
pub(crate) fn parse_erasure(body: &Value) -> Result<Reference, Violations> {
    let mut fields = Fields::of(body)?;
    let reference = fields.text("customerReference", str::parse);
    fields.finish()?;
    Ok(reference?)
}

impl NewAssessment {
    pub(crate) fn parse(body: &Value) -> Result<Self, Violations> {
        let mut fields = Fields::of(body)?;
        let consent = fields.optional_text("consentId", str::parse::<ConsentId>);
        let token = fields.optional_text("bankToken", token);
        let reference = fields.optional_text("customerReference", str::parse::<Reference>);
        fields.finish()?;
        let (consent, token, reference) = (consent?, token?, reference?);
        let leave = match (consent, token) {
            (Some(consent), None) => Leave::Consent(consent),
            (None, Some(_)) if reference.is_none() => {
                let what = "is missing: say whose token it is, in your own words";
                return Err(Violations::one("/customerReference", what));
            }
            (None, Some(token)) => Leave::Token(token),
            (None, None) => {
                let what = "is missing: name the consent, or send a bankToken";
                return Err(Violations::one("/consentId", what));
            }
            (Some(_), Some(_)) => {
                let what = "must not come with a consentId: one leave is enough";
                return Err(Violations::one("/bankToken", what));
            }
        };
        Ok(Self { leave, reference })
    }
}

/// RFC 6750, section 2.1: what a bearer token may have.
fn token(text: &str) -> Result<String, &'static str> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~+/=".contains(&b);
    if (1..=MAX_TOKEN_BYTES).contains(&text.len()) && text.bytes().all(plain) {
        return Ok(text.to_owned());
    }
    Err("must be a bearer token: 1 to 4096 letters, digits and - . _ ~ + / =")
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;
    use serde_json::json;

    const CONSENT: &str = "01980c6e-7777-7000-8000-000000000001";

    #[test]
    fn a_consent_or_a_token_with_whose_it_is() {
        let by_consent = NewAssessment::parse(&json!({ "consentId": CONSENT })).unwrap();
        assert_eq!(by_consent.leave, Leave::Consent(CONSENT.parse().unwrap()));
        let body = json!({ "bankToken": "abc.def", "customerReference": "Kim – 4711" });
        let by_token = NewAssessment::parse(&body).unwrap();
        assert_eq!(by_token.leave, Leave::Token("abc.def".into()));
        assert_eq!(by_token.reference.unwrap().as_str(), "Kim – 4711");
        assert_eq!(format!("{:?}", by_token.leave), "Token");
    }

    #[test]
    fn what_is_wrong_is_named() {
        let cases = [
            (json!({}), "/consentId"),
            (json!({ "bankToken": "t" }), "/customerReference"),
            (json!({ "bankToken": "t", "consentId": CONSENT }), "/bankToken"),
            (json!({ "bankToken": "ö", "customerReference": "k" }), "/bankToken"),
            (json!({ "consentId": "7" }), "/consentId"),
            (json!({ "consentId": CONSENT, "customerReference": " k" }), "/customerReference"),
            (json!({ "consentId": CONSENT, "score": 7 }), "/score"),
        ];
        for (body, pointer) in cases {
            let violations = NewAssessment::parse(&body).unwrap_err();
            assert_eq!(violations.as_slice()[0].pointer, pointer, "{body}");
        }
    }
}
