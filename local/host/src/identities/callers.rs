//! Who calls: a client shows a key, the gateway tells the app in a header who that is, as API Management does from a
//! subscription or a checked token. What a client says about itself in that header never arrives.

use std::collections::BTreeMap;

use http::{HeaderMap, HeaderName, HeaderValue, header::CONNECTION};
use serde::Deserialize;

/// `callers.json`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct File {
    /// The header in which a client shows its key.
    key_header: String,
    /// The header that tells the app who calls.
    caller_header: String,
    /// Each key, and what the header says then.
    callers: BTreeMap<String, String>,
}

/// The keys of a gateway.
#[derive(Clone, Debug)]
pub(crate) struct Callers {
    key_header: HeaderName,
    caller_header: HeaderName,
    by_key: BTreeMap<String, HeaderValue>,
}

/// A key that nobody has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct UnknownKey;

impl Callers {
    pub(super) fn new(file: File) -> Result<Self, String> {
        let name = |member: &str, text: &str| {
            HeaderName::try_from(text)
                .map_err(|_| format!("{member}: {text:?} is no name of a header"))
        };
        let mut by_key = BTreeMap::new();
        for (key, caller) in file.callers {
            let value = HeaderValue::try_from(&caller).map_err(|_| {
                format!("callers: {caller:?} cannot stand in a header; use plain letters")
            })?;
            by_key.insert(key, value);
        }
        Ok(Self {
            key_header: name("keyHeader", &file.key_header)?,
            caller_header: name("callerHeader", &file.caller_header)?,
            by_key,
        })
    }

    /// Replaces what the client says about who it is by what its key says. The key goes no further. No key is no
    /// caller; what such a call may do is the app's to say.
    pub(crate) fn identify(&self, headers: &mut HeaderMap) -> Result<(), UnknownKey> {
        self.remove_claims(headers);
        let mut keys = headers.get_all(&self.key_header).iter();
        let caller = match (keys.next(), keys.next()) {
            (None, _) => return Ok(()),
            (Some(key), None) => key.to_str().ok().and_then(|key| self.by_key.get(key)),
            // Which of two keys would count is nobody's to guess.
            (Some(_), Some(_)) => None,
        };
        let caller = caller.ok_or(UnknownKey)?.clone();
        headers.remove(&self.key_header);
        headers.insert(self.caller_header.clone(), caller);
        Ok(())
    }

    /// Also under a name with underscores, which many servers take for the same; and `Connection` must not name the
    /// header, which would remove it again on the way to the handler.
    fn remove_claims(&self, headers: &mut HeaderMap) {
        let claims: Vec<HeaderName> =
            headers.keys().filter(|name| self.is_caller(name.as_str())).cloned().collect();
        for name in claims {
            headers.remove(name);
        }
        let named = headers.get_all(CONNECTION).iter().any(|value| {
            String::from_utf8_lossy(value.as_bytes())
                .split(',')
                .any(|name| self.is_caller(name.trim()))
        });
        if named {
            headers.remove(CONNECTION);
        }
    }

    fn is_caller(&self, name: &str) -> bool {
        name.replace('_', "-").eq_ignore_ascii_case(self.caller_header.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn callers() -> Callers {
        let file = r#"{"keyHeader": "Shop-Key", "callerHeader": "X-Shop-Caller",
                       "callers": {"k-1": "partner/one", "k-2": "person/two"}}"#;
        Callers::new(serde_json::from_str(file).unwrap()).unwrap()
    }

    fn identified(
        sent: &[(&'static str, &'static str)],
    ) -> Result<Vec<(String, String)>, UnknownKey> {
        let mut headers = HeaderMap::new();
        for (name, value) in sent {
            let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
            headers.append(name, HeaderValue::from_static(value));
        }
        callers().identify(&mut headers)?;
        let text = |(name, value): (&HeaderName, &HeaderValue)| {
            (name.to_string(), value.to_str().unwrap().to_owned())
        };
        Ok(headers.iter().map(text).collect())
    }

    #[test]
    fn the_caller_is_the_one_whose_key_it_is_and_the_key_goes_no_further() {
        let expected = vec![("x-shop-caller".to_owned(), "partner/one".to_owned())];
        assert_eq!(identified(&[("Shop-Key", "k-1")]), Ok(expected));
        assert_eq!(identified(&[]), Ok(vec![]));
    }

    #[test]
    fn a_key_that_nobody_has_and_two_keys_are_refused() {
        for sent in [
            vec![("Shop-Key", "k-3")],
            vec![("Shop-Key", "")],
            vec![("Shop-Key", "K-1")],
            vec![("Shop-Key", "k-1"), ("shop-key", "k-2")],
            vec![("Shop-Key", "k-1, k-2")],
        ] {
            assert_eq!(identified(&sent), Err(UnknownKey), "{sent:?}");
        }
    }

    #[test]
    fn what_a_client_says_about_itself_never_arrives() {
        let claims = [
            ("X-Shop-Caller", "partner/two"),
            ("x-shop-caller", "partner/two"),
            ("X_Shop_Caller", "partner/two"),
            ("x-shop_caller", "partner/two"),
        ];
        assert_eq!(identified(&claims), Ok(vec![]));
        let with_key = [&claims[..], &[("Shop-Key", "k-2")]].concat();
        let expected = vec![("x-shop-caller".to_owned(), "person/two".to_owned())];
        assert_eq!(identified(&with_key), Ok(expected));
    }

    #[test]
    fn connection_cannot_take_the_caller_away_again() {
        let sent = [("Shop-Key", "k-1"), ("Connection", "keep-alive, X_Shop-Caller")];
        let expected = vec![("x-shop-caller".to_owned(), "partner/one".to_owned())];
        assert_eq!(identified(&sent), Ok(expected));
    }

    #[test]
    fn what_no_header_can_hold_is_named() {
        let refusal = |text: &str| Callers::new(serde_json::from_str(text).unwrap()).unwrap_err();
        let name = refusal(r#"{"keyHeader": "a b", "callerHeader": "c", "callers": {}}"#);
        assert!(name.contains("keyHeader: \"a b\""), "{name}");
        let caller =
            refusal(r#"{"keyHeader": "a", "callerHeader": "c", "callers": {"k": "x\ny"}}"#);
        assert!(caller.contains("callers:"), "{caller}");
    }
}
