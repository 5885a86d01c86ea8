//! Binding expressions: `{token}` from the trigger, in names and paths of other bindings.

use jiff::Timestamp;
use uuid::Uuid;

use crate::envelope::BindingData;

/// A `{token}` without a value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{{{token}}}` in `{text}` has no value; tokens are fields of the trigger's payload or metadata"
)]
pub struct UnknownToken {
    /// The token.
    pub token: String,
    /// The whole text.
    pub text: String,
}

/// Fills the tokens of a binding's text: the trigger's binding data, and the host's own `{rand-guid}`, `{DateTime}`,
/// `{sys.utcnow}`, `{sys.randguid}`, `{sys.methodname}`. `%SETTING%`s are resolved before, when the app is loaded.
pub fn resolve(
    text: &str,
    function: &str,
    data: &BindingData,
    now: Timestamp,
) -> Result<String, UnknownToken> {
    let mut resolved = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((literal, after)) = rest.split_once('{') {
        resolved += literal;
        let Some((token, after)) = after.split_once('}') else {
            return Err(UnknownToken { token: after.to_owned(), text: text.to_owned() });
        };
        let value = own(token, function, now).or_else(|| data.token(token));
        resolved += &value
            .ok_or_else(|| UnknownToken { token: token.to_owned(), text: text.to_owned() })?;
        rest = after;
    }
    Ok(resolved + rest)
}

fn own(token: &str, function: &str, now: Timestamp) -> Option<String> {
    let now = now.strftime("%Y-%m-%dT%H:%M:%SZ");
    Some(match token.to_ascii_lowercase().as_str() {
        "rand-guid" | "sys.randguid" => Uuid::new_v4().to_string(),
        // The blob extension writes {DateTime} without the colons, which are awkward in names.
        "datetime" => now.to_string().replace(':', "-"),
        "sys.utcnow" => now.to_string(),
        "sys.methodname" => function.to_owned(),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::envelope::HostValue;

    fn resolved(text: &str) -> Result<String, UnknownToken> {
        let mut data = BindingData::default();
        data.set("name", HostValue::Text("a/b.txt".into()));
        resolve(text, "OnBlob", &data, "2026-01-02T03:04:05.6Z".parse().unwrap())
    }

    #[test]
    fn tokens_of_the_trigger_and_of_the_host_are_filled_in() {
        assert_eq!(resolved("out/{NAME}.copy").as_deref(), Ok("out/a/b.txt.copy"));
        assert_eq!(resolved("plain").as_deref(), Ok("plain"));
        assert_eq!(
            resolved("{sys.methodname}-{DateTime}").as_deref(),
            Ok("OnBlob-2026-01-02T03-04-05Z")
        );
        assert_eq!(resolved("{sys.utcnow}").as_deref(), Ok("2026-01-02T03:04:05Z"));
        assert_ne!(resolved("{rand-guid}"), resolved("{rand-guid}"));
    }

    #[test]
    fn a_token_without_a_value_is_an_error_that_names_it() {
        let error = resolved("out/{nope}").unwrap_err();
        assert_eq!(error, UnknownToken { token: "nope".into(), text: "out/{nope}".into() });
        assert!(resolved("out/{open").is_err());
    }
}
