//! The `Prefer` header (RFC 7240): what a client would like, and no server must do.

use std::time::Duration;

/// What a client prefers. Read it with [`Request::prefer`](crate::Request::prefer); say with
/// [`Response::preference_applied`](crate::Response::preference_applied) what was honoured.
///
/// ```
/// # use custom_handler::Prefer;
/// # use std::time::Duration;
/// let prefer = Prefer::parse(["respond-async, wait=10", "return=minimal"]);
/// assert!(prefer.respond_async());
/// assert_eq!(prefer.wait(), Some(Duration::from_secs(10)));
/// assert_eq!(prefer.get("return"), Some("minimal"));
/// ```
///
/// Of a preference that is given more than once only the first counts (section 2). What is not
/// known or malformed is ignored; parameters of preferences are too, as none is defined for those
/// that the RFC names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Prefer(Vec<(String, String)>);

impl Prefer {
    /// Reads the values of all `Prefer` headers of a request, in their order.
    pub fn parse<'a>(values: impl IntoIterator<Item = &'a str>) -> Self {
        let mut preferences: Vec<(String, String)> = Vec::new();
        for element in values.into_iter().flat_map(|value| split(value, ',')) {
            let preference = split(element, ';').into_iter().next().and_then(preference);
            if let Some((name, value)) = preference
                && !preferences.iter().any(|(known, _)| *known == name)
            {
                preferences.push((name, value));
            }
        }
        Self(preferences)
    }

    /// The value of a preference, empty when it has none; `None` when the client does not have it.
    /// Names are the same in any case.
    pub fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// `respond-async` (section 4.1): the client would rather have a 202 than wait.
    pub fn respond_async(&self) -> bool {
        self.get("respond-async").is_some()
    }

    /// `wait` (section 4.3): how long the client would wait, counted from when the request came.
    /// Together with [`Prefer::respond_async`]: after how long it would rather have a 202.
    pub fn wait(&self) -> Option<Duration> {
        let digits = self.get("wait").filter(|value| value.bytes().all(|b| b.is_ascii_digit()))?;
        digits.parse().ok().map(Duration::from_secs)
    }
}

/// Splits at a separator that stands outside quotes.
fn split(text: &str, separator: char) -> Vec<&str> {
    let (mut quoted, mut escaped) = (false, false);
    text.split(move |c| {
        let was_escaped = std::mem::take(&mut escaped);
        match c {
            '\\' if quoted && !was_escaped => escaped = true,
            '"' if !was_escaped => quoted = !quoted,
            _ => {}
        }
        c == separator && !quoted
    })
    .collect()
}

/// `token [ BWS "=" BWS word ]`: name in lower case and value.
fn preference(text: &str) -> Option<(String, String)> {
    let (name, value) = match text.split_once('=') {
        Some((name, value)) => (blank_trimmed(name), word(blank_trimmed(value))?),
        None => (blank_trimmed(text), String::new()),
    };
    (!name.is_empty() && is_token(name)).then(|| (name.to_ascii_lowercase(), value))
}

fn word(text: &str) -> Option<String> {
    let Some(quoted) = text.strip_prefix('"') else {
        return is_token(text).then(|| text.to_owned());
    };
    let mut value = String::new();
    let mut characters = quoted.chars();
    loop {
        match characters.next()? {
            '"' => return characters.as_str().is_empty().then_some(value),
            '\\' => value.push(characters.next()?),
            c => value.push(c),
        }
    }
}

fn blank_trimmed(text: &str) -> &str {
    text.trim_matches([' ', '\t'])
}

/// RFC 9110, section 5.6.2; the empty text passes, as no value.
fn is_token(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;

    #[test]
    fn preferences_come_in_one_header_or_several() {
        let one = Prefer::parse(["respond-async, wait=10"]);
        assert_eq!(one, Prefer::parse(["respond-async", "wait=10"]));
        assert!(one.respond_async());
        assert_eq!(one.wait(), Some(Duration::from_secs(10)));
        assert_eq!(Prefer::parse([]), Prefer::default());
    }

    #[test]
    fn the_first_of_a_kind_counts_and_names_have_no_case() {
        let prefer = Prefer::parse(["Wait=5, WAIT=7", "wait=9"]);
        assert_eq!(prefer.wait(), Some(Duration::from_secs(5)));
        assert_eq!(Prefer::parse(["wait=soon, wait=9"]).wait(), None);
    }

    #[test]
    fn values_may_be_quoted_and_parameters_are_passed_over() {
        let prefer = Prefer::parse([r#"a = "x, \"y\"; z" ; p=1, wait="10"; foo; bar="a,b", b="""#]);
        assert_eq!(prefer.get("a"), Some("x, \"y\"; z"));
        assert_eq!(prefer.wait(), Some(Duration::from_secs(10)));
        assert_eq!(prefer.get("b"), Some(""));
        assert_eq!(prefer.get("foo"), None);
    }

    #[test]
    fn what_is_malformed_is_ignored_and_the_rest_is_not() {
        for malformed in ["=1", "a b", "a=\"open", "a=\"x\"y", "a=(1)", ",", " ", "ä"] {
            let prefer = Prefer::parse(["respond-async", malformed]);
            assert_eq!(prefer.0.len(), 1, "{malformed}");
            assert!(prefer.respond_async());
        }
        for wait in ["wait", "wait=", "wait=-1", "wait=1.5", "wait=99999999999999999999"] {
            assert_eq!(Prefer::parse([wait]).wait(), None, "{wait}");
        }
    }
}
